"""What must hold before anything is started; each failure is one sentence that says what to do."""

import errno
import os
import socket
import tempfile
from collections.abc import Callable, Set

from amends.cli.errors import UsageError
from amends.handoff.errors import HandoffError
from amends.handoff.thresholds import Thresholds, load_thresholds
from amends.wiring.handoff import load_handoff
from amends.wiring.settings import Settings, env_name

EVERY_PART = frozenset({"database", "engine", "gateway", "desk"})


class CheckError(UsageError):
    """A condition for starting does not hold."""


def listeners(settings: Settings, parts: Set[str] = EVERY_PART) -> dict[str, tuple[str, int]]:
    """Return each address that these parts listen on, by the setting that chooses its port."""
    of_parts = {
        "gateway_port": ("gateway", settings.gateway_host, settings.gateway_port),
        "desk_port": ("desk", settings.desk_host, settings.desk_port),
        "actions_port": ("gateway", settings.actions_host, settings.actions_port),
        "engine_port": ("engine", settings.engine_host, settings.engine_port),
    }
    return {field: (host, port) for field, (part, host, port) in of_parts.items() if part in parts}


def check_ports(settings: Settings, parts: Set[str] = EVERY_PART) -> None:
    """Raise `CheckError` when two parts want one port, or something else already has it."""
    taken: dict[int, str] = {}
    for field, (host, port) in listeners(settings, parts).items():
        if port in taken:
            raise CheckError(
                f"{env_name(field)} and {env_name(taken[port])} are both {port}; "
                "give each its own port."
            )
        taken[port] = field
        reason = why_not_free(host, port)
        if reason:
            raise CheckError(f"{reason}, or choose another port with {env_name(field)}.")


def why_not_free(host: str, port: int) -> str | None:
    """Return why nothing can listen there, as the beginning of a sentence, or None."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return f"port {port} on {host} is reserved for the system; run as a user who may use it"
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return f"{host} cannot be listened on ({error.strerror}); correct the address"
            return f"port {port} on {host} is already in use; stop the program that uses it"
    return None


def check_engine(settings: Settings) -> None:
    """Raise `CheckError` when the engine's environment is not there."""
    python = settings.engine_python
    if not os.access(python, os.X_OK):
        raise CheckError(
            f"the engine's Python is missing at {python}; run `make install`, "
            f"or set {env_name('engine_python')}."
        )


def check_files(settings: Settings) -> None:
    """Raise `CheckError` when a file the processes read at start is missing."""
    wanted = {
        "policy_path": settings.policy_path,
        "handoff_path": settings.handoff_path,
        "hours_path": settings.hours_path,
        "first_help_path": settings.first_help_path,
        "project_dir": settings.project_dir / "credentials.yml",
    }
    for field, path in wanted.items():
        if not path.is_file():
            raise CheckError(
                f"{path} is missing; put it back from git, or correct {env_name(field)}."
            )


def check_tables(settings: Settings) -> None:
    """Raise `CheckError` when a file of `policies/` that is in force cannot be used."""
    # Loading these rooms takes a moment; other commands need only the checks above.
    from amends.compensation.errors import PolicyError
    from amends.compensation.load import load_policy
    from amends.wiring.weights import WeightsError, load_weights

    try:
        load_handoff(settings)
        load_policy(settings.policy_path)
        load_weights(settings)
    except (HandoffError, PolicyError, WeightsError) as error:
        raise CheckError(str(error)) from None


def read_thresholds(settings: Settings) -> Thresholds:
    """Return the handoff table, or raise `CheckError` when it cannot be used."""
    try:
        return load_thresholds(settings.handoff_path)
    except HandoffError as error:
        raise CheckError(str(error)) from None


def check_writable(settings: Settings) -> None:
    """Raise `CheckError` when nothing can be written where data is to go."""
    for field, folder in (("var_dir", settings.var_dir), ("models_dir", settings.models_dir)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise CheckError(
                f"nothing can be written to {folder} ({error.strerror}); "
                f"correct its permissions, or set {env_name(field)}."
            ) from None


def check_all(settings: Settings, parts: Set[str] = EVERY_PART) -> None:
    """Raise `CheckError` for the first condition of these parts that does not hold."""
    for check in (check_writable, check_files, check_tables):
        check(settings)
    if "engine" in parts:
        check_engine(settings)
    check_ports(settings, parts)


def failure_of(check: Callable[[Settings], None], settings: Settings) -> str | None:
    """Return what one check complains about, or None."""
    try:
        check(settings)
    except UsageError as error:
        return str(error)
    return None
