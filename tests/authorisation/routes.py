"""Every route of the two running applications, as the applications themselves know them.

Printed as JSON by a process of its own: NiceGUI's application is one per process.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, WebSocketRoute


def found(routes: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield method and path of every route, those of included and mounted parts too."""
    for route in iter_route_contexts(routes):
        original = getattr(route, "original_route", None) or route
        inner = getattr(original, "routes", None)
        path = getattr(route, "path", None) or getattr(original, "path", "")
        if isinstance(original, Mount):
            parts = [(method, path + rest) for method, rest in found(inner or [])]
            yield from parts or [("MOUNT", path)]
        elif isinstance(original, WebSocketRoute):
            yield "WEBSOCKET", path
        else:
            methods = getattr(route, "methods", None) or getattr(original, "methods", None)
            for method in sorted(methods or {"ANY"}):
                yield method, path


def build(door: str) -> Any:
    from amends.wiring.app import build as build_parts
    from amends.wiring.settings import load_settings

    parts = build_parts(load_settings())
    if door == "gateway":
        from amends.gateway.app import create_app as create_gateway

        return create_gateway(parts)
    from amends.desk.app import create_app as create_desk

    return create_desk(parts)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(sorted(set(found(build(sys.argv[1]).routes)))) + "\n")
