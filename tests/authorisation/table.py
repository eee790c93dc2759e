"""Who may reach what. A new route is put into one of these lists, or the tests fail.

A path below a folder counts for its folder, unless it is named itself.
"""

from enum import StrEnum

from amends.handoff.rights import Right


class Who(StrEnum):
    ANYBODY = "anybody"  # holds nothing of a case
    SIGNED_IN = "signed in"  # whoever is staff; the console shows each role its own
    PROOF = "proof"  # a token, a code, a signature: tested route by route


DESK: dict[Who | Right, tuple[str, ...]] = {
    Who.ANYBODY: (
        "MOUNT /desk-static",
        "GET /_nicegui/",
        "MOUNT /_nicegui/",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /sign-in",
        "POST /sign-in",
        "GET /sign-in/code",
        "POST /sign-in/code",
    ),
    Who.SIGNED_IN: (
        "GET /",
        "MOUNT /_nicegui_ws",
        "GET /favicon.ico",
        "HEAD /favicon.ico",
        "GET /password",
        "POST /password",
        "GET /second-factor",
        "POST /second-factor",
        "POST /second-factor/off",
        "POST /language",
        "POST /sign-out",
        "GET /insights/charts.css",  # a style sheet
    ),
    Right.SEE_ALL_CASES: ("GET /cases", "GET /cases/{number}"),
    Right.EDIT_CASES: (
        "POST /cases/{number}/fields",
        "GET /cases/{number}/promises/{promise_id}",
        "POST /cases/{number}/promises/{promise_id}",
    ),
    Right.EXPORT_CASES: ("POST /cases/export", "POST /cases/{number}/export"),
    Right.EDIT_CANNED: ("GET /admin/canned", "POST /admin/canned/"),
    Right.EDIT_RULES: ("GET /admin/rules", "POST /admin/rules/"),
    Right.ADMINISTER_STAFF: ("GET /admin/staff", "POST /admin/staff/"),
    Right.EDIT_WEBHOOKS: ("GET /admin/webhooks", "POST /admin/webhooks/"),
    Right.SEE_INSIGHTS: ("GET /insights", "POST /insights/conversations/export"),
    Right.EDIT_ACTIONS: ("GET /insights/actions/new", "POST /insights/actions/"),
    Right.TRAIN: ("GET /training", "POST /training/"),
    Right.PROMOTE_MODELS: (
        "POST /training/models/rollback",
        "POST /training/models/{name}/promote",
    ),
}

GATEWAY: dict[Who, tuple[str, ...]] = {
    Who.ANYBODY: (
        "GET /",
        "HEAD /",
        "GET /widget.js",
        "HEAD /widget.js",
        "GET /shop-art.svg",
        "GET /shop-icon.svg",
        "GET /shop.css",
        "GET /shop.js",
        "HEAD /shop-art.svg",
        "HEAD /shop-icon.svg",
        "HEAD /shop.css",
        "HEAD /shop.js",
        "GET /docs",
        "MOUNT /docs-files",
        "GET /openapi.json",
        "HEAD /openapi.json",
        "GET /demo/customers",  # of the made-up shop; 404 without AMENDS_DEMO
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "POST /api/conversations",
        "GET /case",
        "POST /case",
        "POST /case/leave",
    ),
    Who.PROOF: (
        "GET /api/conversations/{conversation_id}/messages",
        "POST /api/conversations/{conversation_id}/messages",
        "GET /api/conversations/{conversation_id}/stream",
        "POST /api/conversations/{conversation_id}/survey",
        "GET /case/code/{request_id}",
        "POST /case/code/{request_id}",
        "GET /case/status",
        "GET /feedback",
        "POST /feedback",
        "POST /api/payments/callbacks",
        "POST /api/bridges/chatwoot",
    ),
}


def who_may[W](table: dict[W, tuple[str, ...]], route: str) -> W | None:
    """Return who may reach a route, by its own name or the longest that it lies under."""
    under = [
        (len(name), who)
        for who, names in table.items()
        for name in names
        if route == name or (not name.endswith(" /") and route.startswith(f"{name.rstrip('/')}/"))
    ]
    exact = [pair for pair in under if pair[0] == len(route)]
    best = max(exact or under, key=lambda pair: pair[0], default=None)
    return best[1] if best else None
