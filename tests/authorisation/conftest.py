"""A gateway that serves, as its own tests have it."""

from tests.gateway.conftest import gateway, serve_gateway

__all__ = ["gateway", "serve_gateway"]
