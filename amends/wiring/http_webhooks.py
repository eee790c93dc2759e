"""One signed POST to another system's address: bounded in time and size, never to a private one.

On httpcore rather than httpx: the address that was checked must be the one that is called, and
every byte of the answer counts against one deadline.
"""

import ssl
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpcore
import httpx

import amends
from amends.values import Clock
from amends.webhooks.decide import body_of
from amends.webhooks.errors import UrlRefused
from amends.webhooks.model import Answer, Endpoint, Event
from amends.wiring import standard_webhooks
from amends.wiring.addresses import AddressRefused, addresses_of
from amends.wiring.retry_after import retry_after

TIMEOUT_SECONDS = 15.0
MOST_ANSWER_BYTES = 16_384
"""What is read of an answer's body, for politeness: only its status counts."""

LONGEST_URL = 2000
LAST_PORT = 65_535
LONGEST_REASON = 300
AGENT = f"Amends/{getattr(amends, '__version__', '0.1.0')} (webhooks)"


class HttpWebhooks:
    """Sends events to endpoints."""

    def __init__(
        self, clock: Clock, *, allow_private: bool, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._clock, self._allow_private = clock, allow_private
        self._seconds = timeout_seconds

    def check(self, url: str) -> str:
        """Return an address as it will be called.

        Raises:
            UrlRefused: it cannot be used; a name that cannot be resolved now may be later.
        """
        parsed = _parsed(url, allow_http=self._allow_private)
        try:
            addresses_of(parsed.host, _port(parsed), allow_private=self._allow_private)
        except AddressRefused as refused:
            raise UrlRefused(
                url, f"{refused}; AMENDS_WEBHOOKS_ALLOW_PRIVATE=true permits that"
            ) from None
        except (OSError, UnicodeError):
            pass
        return str(parsed)

    def send(self, endpoint: Endpoint, event: Event) -> Answer:
        """Send an event and return what came of it; never raises for what the other side does."""
        body = body_of(event)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            **standard_webhooks.sign(endpoint.secret, event.id, self._clock(), body),
        }
        try:
            return self._post(endpoint.url, headers, body)
        except AddressRefused as refused:
            return Answer(reason=f"address refused: {refused}")
        except UrlRefused as refused:
            return Answer(reason=str(refused))
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            return Answer(reason=_words("no answer", error))
        except (OSError, UnicodeError) as error:
            return Answer(reason=_words("no such host", error))

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        parsed = _parsed(url, allow_http=self._allow_private)
        target = httpcore.URL(
            scheme=parsed.raw_scheme,
            host=parsed.raw_host,
            port=parsed.port,
            target=parsed.raw_path,
        )
        line = _Line(self._allow_private, time.monotonic() + self._seconds)
        pool = httpcore.ConnectionPool(
            ssl_context=_trust(), network_backend=line, max_keepalive_connections=0
        )
        sent = list(headers.items())
        with pool, pool.stream("POST", target, headers=sent, content=body) as answer:
            given = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in answer.headers
            }
            _drain(answer.iter_stream())
            return Answer(answer.status, retry_after=retry_after(given, self._clock()))


def _words(what: str, error: Exception) -> str:
    """One line for the books; an error of the network holds nothing of the message."""
    return " ".join(f"{what}: {type(error).__name__} {error}".split())[:LONGEST_REASON]


def _drain(parts: Iterable[bytes]) -> None:
    """Read a little of a body; whatever goes wrong with it, the status was heard."""
    read = 0
    try:
        for part in parts:
            read += len(part)
            if read > MOST_ANSWER_BYTES:
                return
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
        return


def _parsed(url: str, *, allow_http: bool) -> httpx.URL:
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, TypeError) as error:
        raise UrlRefused(url, f"it is no address ({error})") from None
    usable = parsed.scheme in ("https", "http") and parsed.host and 0 < _port(parsed) <= LAST_PORT
    if not usable:
        raise UrlRefused(url, "it must be an address such as https://crm.example.com/hooks")
    if parsed.scheme == "http" and not allow_http:
        raise UrlRefused(
            url,
            "it must begin with https://, or AMENDS_WEBHOOKS_ALLOW_PRIVATE=true must permit "
            "what stays inside your network",
        )
    if parsed.userinfo or parsed.fragment or len(url) > LONGEST_URL:
        raise UrlRefused(url, "it must hold no user name, no fragment and 2000 characters at most")
    return parsed


def _port(url: httpx.URL) -> int:
    standard = 443 if url.scheme == "https" else 80
    return standard if url.port is None else url.port


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class _Line(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and lets nothing last beyond the deadline."""

    def __init__(self, allow_private: bool, deadline: float) -> None:
        self._allow_private, self._deadline = allow_private, deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses_of(host, port, allow_private=self._allow_private):
            try:
                stream = self._backend.connect_tcp(
                    address, port, _left(self._deadline), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """httpcore limits each wait, not their sum: a trickle of bytes would last for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _Stream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer takes too long")
    return left
