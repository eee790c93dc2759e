"""A web server of this machine that answers as a test says.

with serve(lambda request: Reply(204)) as server:
    httpx.post(server.url)
"""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]  # by lower-case name
    body: bytes


@dataclass(frozen=True)
class Reply:
    status: int = 204
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    drops: bool = False  # breaks the connection instead of answering
    trickles: bool = False  # sends the body's last byte again and again without end
    after: threading.Event | None = None  # answers when this happens


@dataclass
class Server:
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve(
    answer: Callable[[Request], Reply], tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """Serve on a free port until the end of the block."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            heads = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, heads, body)
            server.requests.append(request)
            _reply(self, server, answer(request))

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with listening(Handler, server.over, tls) as port:
        server.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        yield server


@contextmanager
def listening(
    handler: type[BaseHTTPRequestHandler], over: threading.Event, tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Answer by a handler on a free port, which is returned; `over` is set at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _reply(handler: BaseHTTPRequestHandler, server: Server, reply: Reply) -> None:
    while reply.after is not None and not reply.after.wait(0.01) and not server.over.is_set():
        pass
    if reply.drops:
        handler.close_connection = True
        return
    try:
        handler.send_response(reply.status)
        for name, value in reply.headers:
            handler.send_header(name, value)
        if not reply.trickles:
            handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        handler.wfile.write(reply.body)
        while reply.trickles and not server.over.wait(0.01):
            handler.wfile.write(reply.body[-1:])
    except OSError:
        handler.close_connection = True  # the caller has lost patience
