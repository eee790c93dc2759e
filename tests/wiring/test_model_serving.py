"""The engine is asked to change over when another model was promoted, and its word is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from amends.wiring.model_serving import serve_promoted_model
from amends.wiring.models import live_model
from tests.support.shop import Shop
from tests.wiring.model_steps import Engine, app_with_models, engine, promoted, serving


@pytest.fixture
def rasa() -> Iterator[Engine]:
    with engine() as made:
        yield made


class TestServing:
    def test_given_nothing_promoted_then_the_engine_is_left_alone(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        app = app_with_models(shop, tmp_path / "models", rasa.url, "amends-old")

        assert serve_promoted_model(app) == 0

        assert rasa.asked == []
        found = serving(app)
        assert found is not None
        assert (found.model, found.wanted, found.error) == ("amends-old", None, "")
        with app.db.read() as uow:
            assert live_model(app.settings, uow).name == "amends-old"

    def test_given_a_promotion_then_the_engine_changes_over_once(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        app = app_with_models(shop, tmp_path / "models", rasa.url, "amends-old", "amends-new")
        promoted(app, "amends-new")

        assert serve_promoted_model(app) == 1
        assert serve_promoted_model(app) == 0

        assert rasa.asked == [str(tmp_path / "models" / "amends-new.tar.gz")]
        found = serving(app)
        assert found is not None
        assert (found.model, found.error) == ("amends-new", "")

    def test_given_an_engine_that_began_again_with_another_model_then_it_changes_over_again(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        app = app_with_models(shop, tmp_path / "models", rasa.url, "amends-new")
        promoted(app, "amends-new")
        serve_promoted_model(app)

        rasa.model = "amends-old"

        assert serve_promoted_model(app) == 1
        assert rasa.model == "amends-new"

    def test_given_a_broken_file_then_it_is_offered_seldom_and_the_reason_is_kept(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        app = app_with_models(shop, tmp_path / "models", rasa.url, "amends-new")
        promoted(app, "amends-new")
        rasa.broken = {"amends-new"}

        for _ in range(3):
            assert serve_promoted_model(app) == 0

        assert len(rasa.asked) == 1
        found = serving(app)
        assert found is not None
        assert (found.model, found.wanted) == ("amends-old", "amends-new")
        assert found.error == "amends-new.tar.gz cannot be loaded"

        rasa.broken = set()
        shop.clock.forward(hours=1)

        assert serve_promoted_model(app) == 1

    def test_given_a_rollback_after_a_refusal_then_it_is_done_at_once(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        app = app_with_models(shop, tmp_path / "models", rasa.url, "amends-new", "amends-old")
        promoted(app, "amends-new")
        rasa.broken = {"amends-new"}
        serve_promoted_model(app)

        promoted(app, "amends-old", "amends-new", number=2)
        serve_promoted_model(app)

        found = serving(app)
        assert found is not None
        assert (found.model, found.wanted, found.error) == ("amends-old", "amends-old", "")

    def test_given_a_missing_file_then_the_engine_is_not_asked_and_the_page_can_say_why(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        app = app_with_models(shop, tmp_path / "models", rasa.url)
        promoted(app, "amends-new")

        assert serve_promoted_model(app) == 0

        assert rasa.asked == []
        found = serving(app)
        assert found is not None
        assert "amends-new.tar.gz is not in the models folder" in found.error

    def test_given_an_engine_that_loads_then_nothing_is_written(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        app = app_with_models(shop, tmp_path / "models", rasa.url, "amends-new")
        promoted(app, "amends-new")
        rasa.model = None

        assert serve_promoted_model(app) == 0

        assert serving(app) is None

    def test_given_no_engine_then_nothing_is_written(self, shop: Shop, tmp_path: Path) -> None:
        app = app_with_models(shop, tmp_path / "models", "http://127.0.0.1:9", "amends-new")
        promoted(app, "amends-new")

        assert serve_promoted_model(app) == 0

        assert serving(app) is None


class TestSeveralEngines:
    def test_given_two_engines_when_promoted_then_one_changes_over_after_the_other(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        with engine() as second:
            urls = f"{rasa.url},{second.url}"
            app = app_with_models(shop, tmp_path / "models", urls, "amends-old", "amends-new")
            promoted(app, "amends-new")
            before: list[str | None] = []
            second.on_swap = lambda: before.append(rasa.model)

            assert serve_promoted_model(app) == 2

        assert before == ["amends-new"]
        with app.db.read() as uow:
            rows = {row.engine: row.model for row in uow.model_serving.all()}
        assert rows == {rasa.url: "amends-new", second.url: "amends-new"}

    def test_given_one_that_loads_for_another_gateway_then_the_next_is_left_alone_this_time(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        with engine() as second:
            urls = f"{rasa.url},{second.url}"
            app = app_with_models(shop, tmp_path / "models", urls, "amends-old", "amends-new")
            promoted(app, "amends-new")
            rasa.busy = True

            assert serve_promoted_model(app) == 0
            assert second.asked == []

            rasa.busy = False
            assert serve_promoted_model(app) == 2

    def test_given_one_engine_away_then_the_other_changes_over(
        self, shop: Shop, rasa: Engine, tmp_path: Path
    ) -> None:
        urls = f"http://127.0.0.1:9,{rasa.url}"
        app = app_with_models(shop, tmp_path / "models", urls, "amends-old", "amends-new")
        promoted(app, "amends-new")

        assert serve_promoted_model(app) == 1
