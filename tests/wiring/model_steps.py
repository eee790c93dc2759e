"""An application over model files, with an engine that does as a test says."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from amends.training.promotion.model import PromotionKind, Serving
from amends.wiring.app import App
from amends.wiring.settings import Settings
from tests.support.http_server import Reply, Request, serve
from tests.support.shop import Shop


@dataclass
class Engine:
    """Answers /health and /model as the engine does; `broken` names models that it refuses.

    `busy`: it loads a model that somebody else asked for.
    """

    model: str | None = "amends-old"
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    url: str = ""
    busy: bool = False
    on_swap: Callable[[], object] = lambda: None

    def answer(self, request: Request) -> Reply:
        if request.path.endswith("/health"):
            if self.model is None:
                return Reply(503, body=b'{"status": "loading"}')
            return Reply(200, body=json.dumps({"model": f"{self.model}.tar.gz"}).encode())
        if self.busy:
            return Reply(409, body=b'{"error": "another model is just being loaded"}')
        self.on_swap()
        path = Path(json.loads(request.body)["path"])
        self.asked.append(str(path))
        name = path.name.removesuffix(".tar.gz")
        if name in self.broken:
            return Reply(422, body=json.dumps({"error": f"{path.name} cannot be loaded"}).encode())
        self.model = name
        return Reply(200, body=json.dumps({"status": "ready"}).encode())


@contextmanager
def engine() -> Iterator[Engine]:
    """Serve an engine of our own on a free port."""
    made = Engine()
    with serve(made.answer) as server:
        made.url = server.url.rstrip("/")
        yield made


def app_with_models(shop: Shop, folder: Path, engine_url: str, *names: str) -> App:
    """The shop's application with model files of these names, and an engine at an address."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.tar.gz").write_bytes(b"model")
    settings: Settings = shop.app.settings.model_copy(
        update={"models_dir": folder, "engine_url": engine_url, "var_dir": folder.parent / "var"}
    )
    return replace(shop.app, settings=settings)


def promoted(app: App, model: str, replaced: str = "amends-old", number: int = 1) -> None:
    with app.db.write() as uow:
        assert uow.models.promote(
            model, app.clock(), "s-ana", "", PromotionKind.PROMOTE, replaced, None, number
        )
        uow.commit()


def serving(app: App) -> Serving | None:
    with app.db.read() as uow:
        return next(iter(uow.model_serving.all()), None)
