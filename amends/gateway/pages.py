"""The pages and files this door serves: widget, demo shop, and the API's documentation."""

import base64
import gzip
import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import fastapi_offline
from babel.numbers import format_currency, get_currency_precision
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from amends.cases.model import Customer, Order, OrderState
from amends.gateway import identity
from amends.gateway.service import CurrentService
from amends.gateway.widget_bundle import SOURCE, bundle
from amends.satisfaction.ports import UnitOfWork

FILES = Path(__file__).parent / "widget"
DOCS_FILES = Path(fastapi_offline.__file__).parent / "static"
SHOP_FILES = {
    "shop.css": "text/css",
    "shop.js": "text/javascript",
    "shop-art.svg": "image/svg+xml",
    "shop-icon.svg": "image/svg+xml",
}
type Contents = tuple[bytes, bytes, str]  # plain, compressed, digest

IDENTITY_LIFETIME = timedelta(hours=12)
_SHOWN_STATE = {OrderState.SHIPPED: "in_transit"}
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

router = APIRouter(include_in_schema=False)


def mount_docs_files(api: FastAPI) -> None:
    api.mount("/docs-files", StaticFiles(directory=DOCS_FILES), name="docs-files")


@router.api_route("/widget.js", methods=["GET", "HEAD"])
async def widget(request: Request) -> Response:
    """The one file that sites embed."""
    changed_at = max(path.stat().st_mtime_ns for path in SOURCE.iterdir())
    return _answer(request, _widget(changed_at), "text/javascript")


@router.api_route("/", methods=["GET", "HEAD"])
async def shop(service: CurrentService) -> Response:
    if not service.parts.settings.demo:
        raise HTTPException(404)
    return html_page((FILES / "shop.html").read_text("utf-8"))


@router.get("/demo/customers")
async def customers(service: CurrentService) -> list[dict[str, Any]]:
    """Customers of the demo shop, each with the identity its site would sign."""
    if not service.parts.settings.demo:
        raise HTTPException(404)
    secret = service.parts.settings.site_secret.get_secret_value()
    expires_at = service.parts.clock() + IDENTITY_LIFETIME

    def read(uow: UnitOfWork) -> list[dict[str, Any]]:
        found = []
        for customer in uow.orders.customers():
            token = identity.sign(
                secret,
                customer_id=customer.id,
                email=customer.email,
                name=customer.name,
                expires_at=expires_at,
            )
            orders = uow.orders.of_customer(customer.id)
            found.append(_demo_customer(customer, token, orders))
        return found

    return await service.transactions.read(read)


@router.get("/docs")
async def docs(request: Request) -> Response:
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Amends: the customers' API",
        swagger_js_url="/docs-files/swagger-ui-bundle.js",
        swagger_css_url="/docs-files/swagger-ui.css",
        swagger_favicon_url="/docs-files/favicon.png",
    )
    return html_page(bytes(page.body).decode())


def _add_shop_file(name: str) -> None:
    @router.api_route(f"/{name}", methods=["GET", "HEAD"], name=name)
    async def shop_file(request: Request, service: CurrentService) -> Response:
        if not service.parts.settings.demo:
            raise HTTPException(404)
        return _file(request, name, SHOP_FILES[name])


for _name in SHOP_FILES:
    _add_shop_file(_name)


def html_page(html: str) -> HTMLResponse:
    """Return a page that runs our own scripts only, and that no other site can frame."""
    return HTMLResponse(
        html,
        headers={
            "Content-Security-Policy": content_security_policy(html),
            "X-Frame-Options": "DENY",
            "Cache-Control": "no-cache",
        },
    )


def content_security_policy(html: str) -> str:
    """Allow files of this origin, and inline scripts of this very page by their hash."""
    scripts = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(html))
    hashes = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in scripts)
    return (
        f"default-src 'none'; script-src 'self'{hashes}; "
        # Inline style: the widget's shadow root and the documentation page carry their own.
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _file(request: Request, name: str, media_type: str) -> Response:
    """Return one of our files, compressed, or 304 when the browser has it already."""
    path = FILES / name
    if not path.is_file():
        raise HTTPException(404)
    return _answer(request, _contents(path, path.stat().st_mtime_ns), media_type)


def _answer(request: Request, contents: Contents, media_type: str) -> Response:
    plain, packed, digest = contents
    compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    tag = f'"{digest}{"-gzip" if compressed else ""}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if tag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    if compressed:
        headers["Content-Encoding"] = "gzip"
    return Response(packed if compressed else plain, media_type=media_type, headers=headers)


@lru_cache(maxsize=16)
def _contents(path: Path, changed_at: int) -> Contents:
    return _pack(path.read_bytes())


@lru_cache(maxsize=1)
def _widget(changed_at: int) -> Contents:
    return _pack(bundle().encode())


def _pack(plain: bytes) -> Contents:
    return plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:32]


def _demo_customer(customer: Customer, token: str, orders: Any) -> dict[str, Any]:
    return {
        "name": customer.name,
        "email": customer.email,
        "identity": token,
        "orders": [_demo_order(order) for order in orders],
    }


def _demo_order(order: Order) -> dict[str, Any]:
    total = order.total
    return {
        "number": order.number,
        "state": _SHOWN_STATE.get(order.state, order.state.value),
        "placed_on": order.placed_at.date().isoformat(),
        "total": _amount(total.amount_minor, total.currency),
        "items": [line.title for line in order.lines],
    }


def _amount(amount_minor: int, currency: str) -> str:
    digits = get_currency_precision(currency)
    return format_currency(Decimal(amount_minor).scaleb(-digits), currency, locale="en")
