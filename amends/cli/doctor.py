"""`amends doctor`: what is wrong with this installation, and what to do about each point."""

import argparse
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import httpx
from rich.console import Console

from amends.cli import checks
from amends.cli.doctor_running import examine_books, examine_running
from amends.cli.finding import Finding
from amends.cli.live import promoted
from amends.wiring.model import ProjectFilesError, current_model
from amends.wiring.processes import DESK_HEALTH, ENGINE_HEALTH, GATEWAY_HEALTH, engine_at
from amends.wiring.settings import Settings, load_settings, reachable

if TYPE_CHECKING:
    from amends.wiring.rules import Readable

EXIT_FAULTY = 1
STAMP = "amends-installed.json"
ENOUGH_BYTES = 500_000_000
PROBE_SECONDS = 3.0
RASA_VERSION = "import importlib.metadata as m; print(m.version('rasa'))"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object a finding")


def run(arguments: argparse.Namespace) -> int:
    console = Console(highlight=False, soft_wrap=True)
    faulty = False
    for finding in examine(load_settings()):
        faulty = faulty or not finding.in_order
        if arguments.json:
            print(json.dumps({**vars(finding), "in_order": finding.in_order}))
        else:
            console.print(_line(finding), markup=False)
    return EXIT_FAULTY if faulty else 0


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each part of the installation."""
    yield Finding("settings", "readable")
    yield _checked("folders", checks.check_writable, settings)
    yield _disk(settings)
    yield _locks(settings, ".venv", "app.lock")
    yield _locks(settings, ".venv-engine", "engine.lock")
    yield _engine_packages(settings)
    yield _checked("files", checks.check_files, settings)
    if checks.failure_of(checks.check_files, settings) is None:
        yield _checked("policy and thresholds", checks.check_tables, settings)
    yield _model(settings)
    database = _database(settings)
    yield database
    if database.in_order:
        yield from _rules(settings)
        yield from _books(settings)
    yield _redis(settings)
    yield _mail(settings)
    yield from _processes(settings)
    yield from examine_running(settings)


def _checked(subject: str, check: Callable[[Settings], None], settings: Settings) -> Finding:
    reason = checks.failure_of(check, settings)
    return Finding(subject, "faulty", reason) if reason else Finding(subject, "in order")


def _disk(settings: Settings) -> Finding:
    place = settings.var_dir if settings.var_dir.exists() else settings.project_dir
    free = shutil.disk_usage(place).free
    state = f"{free / 1e9:.1f} GB free"
    if free < ENOUGH_BYTES:
        return Finding("disk", state, f"make room on the disk of {place}.")
    return Finding("disk", state)


def _locks(settings: Settings, venv: str, lock: str) -> Finding:
    """Compare what was installed with what the lock file asks for now."""
    subject = f"packages of {venv}"
    stamp, wanted = (
        settings.project_dir / venv / STAMP,
        settings.project_dir / "requirements" / lock,
    )
    try:
        installed = json.loads(stamp.read_text(encoding="utf-8")).get(lock)
        current = installed == hashlib.sha256(wanted.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return Finding(subject, "not installed by the set-up", "run `make install`.")
    if not current:
        return Finding(subject, f"older than {lock}", "run `make install`.")
    return Finding(subject, f"as {lock} says")


def _engine_packages(settings: Settings) -> Finding:
    reason = checks.failure_of(checks.check_engine, settings)
    if reason:
        return Finding("engine", "missing", reason)
    command = [str(settings.engine_python), "-c", RASA_VERSION]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        return Finding("engine", "Rasa is not installed", "run `make install`.")
    return Finding("engine", f"Rasa {answer.stdout.strip()}")


def _model(settings: Settings) -> Finding:
    live = promoted(settings)
    if live and live.missing:
        advice = "put the file back, or promote another model (`amends models list`)."
        return Finding("model", f"the promoted {live.missing} has no file", advice)
    if live:
        newer = "; the present files ask for another" if live.files_are_newer else ""
        return Finding("model", f"{live.name}, promoted{newer}")
    try:
        model = current_model(settings)
    except ProjectFilesError as error:
        return Finding("model", "cannot be trained", str(error))
    if not model.is_file():
        return Finding("model", "missing or stale", "run `amends train` (`amends up` does it too).")
    return Finding("model", model.name)


def _database(settings: Settings) -> Finding:
    from amends.storage import migrate

    place = settings.database_url.partition("://")[0]
    try:
        behind = migrate.is_behind(settings.database_url)
    except Exception as error:  # whatever a driver raises, the doctor reports it and goes on
        advice = "start the database, or correct AMENDS_DATABASE_URL."
        return Finding("database", f"{place}: {type(error).__name__}", advice)
    if behind:
        return Finding("database", f"{place}: older than this version", "run `amends up`.")
    version = migrate.server_version(settings.database_url)
    return Finding("database", f"{version}: up to date (migration {migrate.latest()})")


def _books(settings: Settings) -> Iterator[Finding]:
    from amends.storage.database import Database

    db = Database(settings.database_url)
    try:
        yield from examine_books(db)
    finally:
        db.close()


def _rules(settings: Settings) -> Iterator[Finding]:
    """Tell which business hours and which thresholds hold: a version of the desk, or the file."""
    from amends.handoff.rule_model import RuleKind
    from amends.storage.database import Database
    from amends.wiring.rules import LOOK_BACK, newest_readable

    files = {RuleKind.HOURS: settings.hours_path, RuleKind.THRESHOLDS: settings.handoff_path}
    db = Database(settings.database_url)
    try:
        with db.read() as uow:
            stored = {kind: uow.rules.latest(kind, LOOK_BACK) for kind in RuleKind}
    finally:
        db.close()
    for kind, versions in stored.items():
        yield _rule(kind.value, files[kind].name, newest_readable(versions))


def _rule(kind: str, file: str, found: "Readable") -> Finding:
    version = found.version
    state = f"{file} holds, no version of the desk"
    if version is not None:
        when = version.made_at.isoformat(timespec="minutes")
        state = f"version {version.version} of the desk holds, since {when}; {file} is not used"
    if found.unreadable:
        advice = (
            f"version {max(found.unreadable)} cannot be read by this program: update Amends, or "
            "store a version that it can read at the desk, under Rules."
        )
        return Finding(kind, state, advice)
    return Finding(kind, state)


def _redis(settings: Settings) -> Finding:
    if not settings.redis_url:
        return Finding("redis", "not used")
    import redis

    try:
        redis.Redis.from_url(settings.redis_url, socket_timeout=PROBE_SECONDS).ping()
    except (redis.RedisError, ValueError) as error:
        advice = "start Redis, or correct AMENDS_REDIS_URL."
        return Finding("redis", type(error).__name__, advice)
    return Finding("redis", "answers")


def _mail(settings: Settings) -> Finding:
    """Sign in to the mail server, as sending would; without one nobody gets mail."""
    from amends.cases.mail import MailError
    from amends.wiring.mail import SmtpMailer, build_mailer

    mailer = build_mailer(settings)
    if not isinstance(mailer, SmtpMailer):
        return Finding("mail", f"no mail server; written into {settings.var_dir / 'mail'}")
    try:
        mailer.check()
    except MailError as error:
        return Finding("mail", str(error), "start the mail server, or correct AMENDS_SMTP_URL.")
    return Finding("mail", "the mail server answers")


def _processes(settings: Settings) -> Iterator[Finding]:
    """Tell of each port whether Amends serves there, nothing does, or somebody else."""
    gateway = f"http://{reachable(settings.gateway_host)}:{settings.gateway_port}"
    probes = {
        "engine_port": f"{engine_at(settings)}{ENGINE_HEALTH}",
        "gateway_port": f"{gateway}{GATEWAY_HEALTH}",
        "desk_port": f"{settings.desk_url}{DESK_HEALTH}",
    }
    for field, (host, port) in checks.listeners(settings).items():
        subject = f"{field.removesuffix('_port')} on port {port}"
        reason = checks.why_not_free(host, port)
        if reason is None:
            yield Finding(subject, "not running, port free")
        elif field not in probes:
            yield Finding(subject, "in use")
        elif _answers(probes[field]):
            yield Finding(subject, "running and ready")
        else:
            yield Finding(subject, "taken, but not by a ready Amends", f"{reason}.")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=PROBE_SECONDS, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _line(finding: Finding) -> str:
    mark = "ok  " if finding.in_order else "BAD "
    advice = f"\n     {finding.advice}" if finding.advice else ""
    return f"{mark} {finding.subject}: {finding.state}{advice}"
