"""Let each engine answer with the promoted model: compare, ask it to swap, keep what it says.

Several engines change over one after the other, in the order of the setting. Where several gateways
do this, an engine that is just loading for another one ends the round.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from http import HTTPStatus

import httpx
import structlog

from amends.training.promotion.model import Serving
from amends.values import Json
from amends.wiring.app import App
from amends.wiring.engine_client import CHANNEL
from amends.wiring.models import ENDING, path_of

log = structlog.get_logger()

LANE = "model-serving"
HEALTH_SECONDS = 2.0
SWAP_SECONDS = 120.0
"""Loading takes seconds; a busy machine is slow, not broken."""
TRY_AGAIN_AFTER = timedelta(seconds=60)
"""A model that the engine refused is not offered to it at every look."""


@dataclass(frozen=True, slots=True)
class EngineModel:
    """What an engine says of its model; `name` is None while it answers nothing."""

    name: str | None
    error: str = ""


class EngineBusy(Exception):
    """It is loading a model, which another gateway asked for."""


def look_at_engines(app: App) -> int:
    """Begin the comparison beside the jobs: loading a model takes seconds, which none waits for."""
    app.lanes.start(LANE, app.settings.engine_url, lambda: serve_promoted_model(app))
    return 0


def serve_promoted_model(app: App) -> int:
    """Ask the engines that serve another model than the promoted one to swap; return how many did.

    Never two at once: while one loads, the others answer.
    """
    try:
        return sum(_serve_at(app, url) for url in app.settings.engine_urls)
    except EngineBusy:
        return 0


def _serve_at(app: App, url: str) -> int:
    now = app.clock()
    with app.db.read() as uow:
        latest = uow.models.promotions(1)
        known = next((one for one in uow.model_serving.all() if one.engine == url), None)
    wanted = latest[0].model if latest else None
    served = model_of_engine(url)
    if served.name is None:
        return 0  # it starts, or is down: the supervisor's matter, and nothing new to say
    found = Serving(url, served.name, wanted, "", now)
    swapped = 0
    if wanted is not None and served.name != wanted:
        if _was_refused(known, wanted, served.name) and known and now - known.at < TRY_AGAIN_AFTER:
            return 0
        after = _swap(app, url, wanted, served.name)
        swapped = int(after.name == wanted)
        found = Serving(url, after.name, wanted, after.error, app.clock())
    if known is None or _differs(known, found) or found.error:
        with app.db.write() as uow:
            uow.model_serving.save(found)
            uow.commit()
    return swapped


def model_of_engine(url: str) -> EngineModel:
    """Return which model an engine serves; None while it does not answer."""
    try:
        answer = _client().get(f"{url}{CHANNEL}/health", timeout=HEALTH_SECONDS)
        body = answer.json()
    except (httpx.HTTPError, ValueError):
        return EngineModel(None)
    name = body.get("model") if isinstance(body, dict) else None
    if answer.status_code != HTTPStatus.OK or not isinstance(name, str):
        return EngineModel(None)
    return EngineModel(name.removesuffix(ENDING))


@cache
def _client() -> httpx.Client:
    """Return the one client of this process: making one takes more time than all its calls."""
    return httpx.Client(trust_env=False)


def _swap(app: App, url: str, wanted: str, served: str) -> EngineModel:
    path = path_of(app.settings, wanted)
    if not path.is_file():
        return EngineModel(served, f"the file {path.name} is not in the models folder")
    try:
        answer = _client().post(
            f"{url}{CHANNEL}/model", json={"path": str(path)}, timeout=SWAP_SECONDS
        )
    except httpx.HTTPError as error:
        return EngineModel(served, f"the engine did not answer: {type(error).__name__}")
    if answer.status_code == HTTPStatus.OK:
        log.info("models.swap.done", model=wanted, before=served)
        return EngineModel(wanted)
    if answer.status_code == HTTPStatus.CONFLICT:
        raise EngineBusy
    reason = _error_of(answer)
    log.error("models.swap.refused", model=wanted, serving=served, reason=reason)
    return EngineModel(served, reason)


def _error_of(answer: httpx.Response) -> str:
    try:
        body: Json = json.loads(answer.content)
        return str(body["error"])
    except (ValueError, KeyError, TypeError):
        return f"the engine answered with status {answer.status_code}"


def _was_refused(known: Serving | None, wanted: str, served: str) -> bool:
    return bool(known and known.error and (known.wanted, known.model) == (wanted, served))


def _differs(one: Serving, other: Serving) -> bool:
    return (one.model, one.wanted, one.error) != (other.model, other.wanted, other.error)
