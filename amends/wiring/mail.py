"""Mail: sent over SMTP, or written into a folder while no mail server is set."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

from amends.cases.access import FORGOTTEN_AFTER
from amends.cases.mail import (
    LEASE,
    Mail,
    Mailer,
    MailError,
    MailRefused,
    MailUnavailable,
    pause_after,
)
from amends.records import access
from amends.wiring.app import App
from amends.wiring.settings import Settings

log = structlog.get_logger()

PORTS = {"smtp": 587, "smtps": 465}
KEPT = timedelta(days=30)
"""How long it is known that a mail went out, and to whom."""
AT_ONCE = 50
"""Mails of one round; what is left is sent in the next, a second later."""
SMTP_PERMANENT = 500


class SmtpMailer:
    """Hands mail to the company's mail server.

    `smtps://` speaks TLS from the first byte. `smtp://` changes to TLS where the server offers it,
    and never sends a password without.
    """

    def __init__(self, url: str, sender: str, timeout_seconds: float) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._timeout = timeout_seconds

    def send(self, mail: Mail) -> None:
        message = message_of(mail, self._sender)
        with self._refusals(), self._connected() as server:
            server.send_message(message)

    def check(self) -> None:
        """Sign in and leave again.

        Raises:
            MailError: the server does not answer, or does not take the password.
        """
        with self._refusals(), self._connected() as server:
            server.noop()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        host, port = self._url.hostname or "", self._url.port or PORTS[self._url.scheme]
        context = ssl.create_default_context()
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=self._timeout, context=context
            )
        else:
            server = smtplib.SMTP(host, port, timeout=self._timeout)
        with server:
            server.ehlo()
            if self._url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            _sign_in(server, self._url)
            yield server

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _refusal(code, words) from error
        except smtplib.SMTPAuthenticationError as error:
            # The password may be set right in a minute, so the mail is kept.
            raise MailUnavailable(
                f"the mail server refused the password ({error.smtp_code})"
            ) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnavailable(f"{type(error).__name__}: {error}") from error


class FolderMailer:
    """Writes each mail into a folder, as a file that any mail program opens."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder, self._sender = folder, sender

    def send(self, mail: Mail) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._folder / f".{mail.id}.part"
            unfinished.write_bytes(message_of(mail, self._sender).as_bytes())
            unfinished.rename(self._folder / f"{mail.id}.eml")
        except OSError as error:
            raise MailUnavailable(f"{self._folder}: {error.strerror}") from error


def build_mailer(settings: Settings) -> Mailer:
    url = settings.smtp_url.get_secret_value()
    if url:
        return SmtpMailer(url, settings.mail_from, settings.smtp_timeout_seconds)
    return FolderMailer(settings.var_dir / "mail", settings.mail_from or "amends@localhost")


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """Return a mail as it goes out; sent again it has the same Message-ID.

    Raises:
        MailRefused: an address or the subject cannot stand in a mail.
    """
    message = EmailMessage()
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    try:
        message["From"] = sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
    except ValueError as error:
        raise MailRefused(f"it cannot be addressed: {error}") from error
    message["Date"] = format_datetime(mail.made_at)
    message["Message-ID"] = f"<{mail.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notice comes back
    message.set_content(mail.body)
    return message


def answer_access_requests(app: App) -> int:
    """Make a code for everybody who asked and may have one."""
    secret, company = app.settings.site_secret.get_secret_value(), app.settings.company_name
    with app.db.read() as uow:
        waiting = [request.id for request in uow.access_requests.unhandled()]
    made = 0
    for request_id in waiting:
        with app.db.write() as uow:
            made += access.answer(uow, request_id, secret, company, app.clock())
            uow.commit()
    return made


def send_mails(app: App) -> int:
    """Begin to send what is due, beside the other jobs: a mail server may be slow."""
    with app.db.read() as uow:
        due = uow.mails.any_due(app.clock())
    return int(due and app.lanes.start("mail", "out", lambda: drain(app)))


def drain(app: App) -> int:
    """Send what is due; returns how many mails went out. A crash on the way sends one twice."""
    mailer, sent = build_mailer(app.settings), 0
    for _ in range(AT_ONCE):
        with app.db.write() as uow:
            mail = uow.mails.take(app.clock(), app.clock() + LEASE)
            uow.commit()
        if mail is None:
            break
        sent += _send(app, mailer, mail)
    return sent


def forget_mails(app: App) -> int:
    """Forget requests for a code after a day, and where mails went after a month."""
    now = app.clock()
    with app.db.write() as uow:
        forgotten = uow.access_requests.forget(now - FORGOTTEN_AFTER) + uow.mails.forget(now - KEPT)
        uow.commit()
    return forgotten


def _send(app: App, mailer: Mailer, mail: Mail) -> bool:
    """Make one try and write down what came of it."""
    failure = _try(mailer, mail, app.clock())
    now = app.clock()
    next_at = now + pause_after(mail.tries)
    given_up = isinstance(failure, MailRefused) or next_at >= mail.expires_at
    with app.db.write() as uow:
        if failure is None:
            uow.mails.sent(mail.id, now)
        elif given_up:
            uow.mails.fail(mail.id, now, str(failure))
        else:
            uow.mails.postpone(mail.id, next_at, str(failure))
        uow.commit()
    if failure is None:
        log.info("mail.mail.sent", mail_id=mail.id, tries=mail.tries)
    else:
        event = "mail.mail.failed" if given_up else "mail.mail.postponed"
        log.warning(event, mail_id=mail.id, tries=mail.tries, reason=str(failure))
    return failure is None


def _try(mailer: Mailer, mail: Mail, now: datetime) -> MailError | None:
    if now >= mail.expires_at:
        return MailRefused("it came too late to be of use")
    try:
        mailer.send(mail)
    except MailError as error:
        return error
    return None


def _sign_in(server: smtplib.SMTP, url: SplitResult) -> None:
    if url.username is None:
        return
    if not isinstance(server.sock, ssl.SSLSocket):
        raise MailUnavailable("the mail server offers no TLS, so the password is not sent")
    server.login(unquote(url.username), unquote(url.password or ""))


def _refusal(code: int, words: bytes | str) -> MailError:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    kind = MailRefused if code >= SMTP_PERMANENT else MailUnavailable
    return kind(f"{code} {said}")
