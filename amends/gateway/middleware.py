"""Around every request of customers: the line in the log, safe headers, a clean last answer."""

from starlette.types import ASGIApp

from amends.gateway.errors import internal_error
from amends.gateway.metrics import Metrics
from amends.wiring import request_log
from amends.wiring.https import STRICT_TRANSPORT
from amends.wiring.tracing import Tracing

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    # Pages say their own; nothing else that we send is a page.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class RequestLog(request_log.RequestLog):
    """ASGI middleware. Logs ids and counts, never what was written."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, tracing: Tracing, *, https: bool = False
    ) -> None:
        """Take `https` when customers come over HTTPS: browsers are to come so for ever."""
        strict = {"Strict-Transport-Security": STRICT_TRANSPORT} if https else {}
        super().__init__(
            app,
            "gateway",
            metrics.process,
            tracing,
            safe_headers={**SAFE_HEADERS, **strict},
            when_broken=internal_error,
        )
