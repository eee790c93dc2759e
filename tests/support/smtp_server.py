"""A mail server that keeps what it is sent.

with smtp_server() as post:
    post.plan += ["421 busy"]      # answers to the next recipients, one each
    SmtpMailer(post.url, ...)
"""

import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class SmtpServer:
    port: int = 0
    tls: ssl.SSLContext | None = None
    plan: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)  # for each mail
    lines: list[str] = field(default_factory=list)  # all that was said in the clear

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def url_with_password(self, host: str = "127.0.0.1") -> str:
        return f"smtp://user:pass%20word@{host}:{self.port}"


@contextmanager
def smtp_server(tls: ssl.SSLContext | None = None) -> Iterator[SmtpServer]:
    """Serve on a free port of this machine; with a certificate, STARTTLS and AUTH are offered."""
    post = SmtpServer(tls=tls)

    class Handler(_Handler):
        server_state = post

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address, daemon_threads = True, True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that refuses our certificate goes away in the middle of a word."""

    with Server(("127.0.0.1", 0), Handler) as server:
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join(5)


class _Handler(socketserver.StreamRequestHandler):
    server_state: SmtpServer

    def setup(self) -> None:
        self.connection = self.request
        self._open()
        self._secret = self._signed_in = False

    def handle(self) -> None:
        self._say("220 ready")
        while line := self._line():
            word = line.split(" ")[0].upper()
            if word == "QUIT":
                self._say("221 bye")
                return
            getattr(self, f"_{word.lower()}", self._fine)(line)

    def finish(self) -> None:
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def _ehlo(self, line: str) -> None:
        offers = ["250-here"]
        if self.server_state.tls and not self._secret:
            offers.append("250-STARTTLS")
        if self._secret:
            offers.append("250-AUTH PLAIN")
        self._say("\r\n".join([*offers, "250 8BITMIME"]))

    def _starttls(self, line: str) -> None:
        assert self.server_state.tls
        self._say("220 go ahead")
        self.connection = self.server_state.tls.wrap_socket(self.connection, server_side=True)
        self._secret = True
        self._open()

    def _auth(self, line: str) -> None:
        self._signed_in = True
        self._say("235 welcome")

    def _rcpt(self, line: str) -> None:
        plan = self.server_state.plan
        self._say(plan.pop(0) if plan else "250 fine")

    def _data(self, line: str) -> None:
        self._say("354 go on")
        body = []
        while (part := self.rfile.readline()) != b".\r\n":
            body.append(part.removeprefix(b".") if part.startswith(b"..") else part)
        found = email.message_from_bytes(b"".join(body), policy=email.policy.default)
        self.server_state.mails.append(found)
        self.server_state.signed_in.append(self._signed_in)
        self._say("250 kept")

    def _fine(self, line: str) -> None:
        self._say("250 fine")

    def _line(self) -> str:
        line = self.rfile.readline().decode("utf-8", "replace").strip()
        if not self._secret:
            self.server_state.lines.append(line)
        return line

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
        self.wfile.flush()

    def _open(self) -> None:
        """Read and write over the connection as it is now, in the clear or under TLS."""
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
