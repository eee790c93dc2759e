"""Models are examined, promoted, rolled back and read along, in pages that need no script."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from amends.conversations.model import Role
from amends.handoff.model import StaffRole
from amends.training.promotion import use_cases
from amends.training.promotion.model import Serving, Shadowed, Step, StepState, WorkState
from amends.values import utc_now
from tests.desk.conftest import Desk
from tests.desk.pages import messages
from tests.desk.seeding import Chat, add_staff
from tests.desk.test_accessibility import violations
from tests.training.promotion.samples import LATE, PERSON, examination, figure, step

OLD, NEW = "amends-old", "amends-new"


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    for name in (OLD, NEW):
        (folder / f"{name}.tar.gz").write_bytes(b"model")
    made = {
        **{"fingerprint": "new", "data_version": "0123456789abcdef", "data_dirty": True},
        **{"config_digest": "c0ffee", "examples": 4321, "trained_by": "operator:root"},
        **{"trained_at": "2026-05-04T09:00:00+00:00", "seconds": 183.4},
    }
    (folder / f"{NEW}.training.json").write_text(json.dumps(made))
    return folder


@pytest.fixture
def desk_settings(models_dir: Path) -> dict[str, str]:
    return {"AMENDS_MODELS_DIR": str(models_dir)}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    people = (("tom", "Tom Hale", StaffRole.TRAINER), ("max", "Max Roth", StaffRole.MANAGER))
    add_staff(desk.db, *people, seen_at=datetime(2026, 1, 1, tzinfo=UTC))
    with desk.db.write() as uow:
        uow.model_serving.save(Serving("http://engine", OLD, None, "", utc_now()))
        uow.commit()
    return desk


def trainer(desk: Desk, path: str = "", login: str = "tom", **features: object) -> Page:
    return desk.enter(
        f"/training/models{path}", login, **({"java_script_enabled": False} | features)
    )


def examined(desk: Desk, *figures: object, **changes: object) -> None:
    with desk.db.write() as uow:
        uow.models.add_examination(examination(*figures, **changes))  # type: ignore[arg-type]
        uow.commit()


def first_words(desk: Desk, chat: Chat) -> tuple[str, int]:
    """The place of the first message that the customer wrote."""
    said = next(one for one in messages(desk, chat) if one.role is Role.CUSTOMER)
    return chat.conversation_id, said.seq


def live(desk: Desk) -> str | None:
    with desk.db.read() as uow:
        latest = uow.models.promotions(1)
    return latest[0].model if latest else None


class TestPromoting:
    def test_given_a_good_candidate_then_two_clicks_promote_it_and_two_lead_back(
        self, desk: Desk
    ) -> None:
        examined(desk, figure("category_accuracy", 0.82, 0.8))
        page = trainer(desk)
        expect(page.get_by_role("region", name="Answers customers now")).to_contain_text(OLD)

        page.get_by_role("row", name=NEW).get_by_role("link").click()
        page.get_by_text("Promote", exact=True).click()
        page.get_by_role("button", name="Promote now").click()

        expect(page.get_by_role("status")).to_contain_text("Promoted.")
        expect(page.get_by_text("The engine is changing over")).to_be_visible()
        assert live(desk) == NEW

        page.get_by_text("Roll back", exact=True).click()
        page.get_by_role("button", name="Roll back now").click()

        expect(page.get_by_role("status")).to_contain_text("Rolled back.")
        assert live(desk) == OLD
        history = page.get_by_role("region", name="History")
        expect(history.get_by_role("listitem")).to_have_count(2)
        expect(history).to_contain_text("by Tom Hale")

    def test_given_a_worse_candidate_then_a_reason_is_asked_for_and_kept(self, desk: Desk) -> None:
        examined(desk, figure("category_accuracy", 0.7, 0.8))
        page = trainer(desk, f"/{NEW}")
        expect(page.get_by_text("Category right, 80.0 % before and 70.0 % now")).to_be_visible()

        page.get_by_text("Promote", exact=True).click()
        page.get_by_label("Reason").fill("   ")
        page.get_by_role("button", name="Promote now").click()

        expect(page.get_by_role("alert")).to_contain_text("Please state a reason")
        assert live(desk) is None

        page.get_by_label("Reason").fill("Fewer false alarms")
        page.get_by_role("button", name="Promote now").click()

        expect(page.get_by_role("region", name="History")).to_contain_text("Fewer false alarms")
        assert live(desk) == NEW

    def test_given_a_refused_candidate_then_nothing_offers_to_promote_it(self, desk: Desk) -> None:
        failed = replace(
            step("conversations", StepState.FAILED), output="It asked for an order twice."
        )
        examined(desk, steps=(failed,))
        page = trainer(desk, f"/{NEW}")

        expect(page.get_by_text("It asked for an order twice.")).to_be_visible()
        expect(page.get_by_text("The rules do not let this model answer")).to_be_visible()
        expect(page.get_by_text("Promote", exact=True)).to_have_count(0)

    def test_given_another_promotion_meanwhile_then_it_is_said_and_nothing_changes(
        self, desk: Desk
    ) -> None:
        examined(desk)
        page = trainer(desk, f"/{NEW}")
        page.get_by_text("Promote", exact=True).click()
        with desk.db.write() as uow:
            rules = use_cases.PromotionRules({}, {}, use_cases.Consequence.ALLOW, 0, 0)
            use_cases.promote(uow, rules, OLD, NEW, "", "operator:root", utc_now())
            uow.commit()

        page.get_by_role("button", name="Promote now").click()

        expect(page.get_by_role("alert")).to_contain_text("Another model was promoted meanwhile")
        assert live(desk) == OLD

    def test_given_an_engine_that_could_not_change_over_then_the_page_says_why(
        self, desk: Desk
    ) -> None:
        examined(desk)
        with desk.db.write() as uow:
            rules = use_cases.PromotionRules({}, {}, use_cases.Consequence.ALLOW, 0, 0)
            use_cases.promote(uow, rules, NEW, OLD, "", "operator:root", utc_now())
            error = "amends-new.tar.gz cannot be loaded"
            uow.model_serving.save(Serving("http://engine", OLD, NEW, error, utc_now()))
            uow.commit()

        page = trainer(desk)

        warning = page.get_by_text("The engine could not change over and goes on with amends-old")
        expect(warning).to_contain_text(error)

    @pytest.mark.parametrize("login", ["ana", "max"])
    def test_given_neither_trainer_nor_administrator_then_the_page_is_refused(
        self, desk: Desk, login: str
    ) -> None:
        page = trainer(desk, login=login)

        expect(page.get_by_role("heading", name="You cannot open this page")).to_be_visible()


class TestRules:
    @pytest.fixture
    def desk_settings(self, models_dir: Path, tmp_path: Path) -> dict[str, str]:
        rules = tmp_path / "promotion.yml"
        rules.write_text("unexamined: maybe")
        return {"AMENDS_MODELS_DIR": str(models_dir), "AMENDS_PROMOTION_PATH": str(rules)}

    def test_given_rules_that_cannot_be_read_then_the_pages_say_what_is_wrong(
        self, desk: Desk
    ) -> None:
        page = trainer(desk)
        expect(page.get_by_text("promotion.yml: the file lacks the key")).to_be_visible()

        page.goto(f"/training/models/{NEW}")
        expect(page.get_by_text("promotion.yml: the file lacks the key")).to_be_visible()


class TestWork:
    def test_given_a_click_then_work_waits_and_a_second_click_cancels_it(self, desk: Desk) -> None:
        page = trainer(desk)

        page.get_by_role("checkbox", name="Cross-validate as well").check()
        page.get_by_role("button", name="Train and examine").click()

        expect(page.get_by_role("status")).to_contain_text("It begins within a few seconds")
        with desk.db.read() as uow:
            work = uow.model_work.latest()
        assert work is not None
        assert (work.state, work.model, work.folds) == (WorkState.WAITING, None, 5)

        page.get_by_role("button", name="Cancel").click()

        with desk.db.read() as uow:
            work = uow.model_work.latest()
        assert work is not None
        assert work.state is WorkState.CANCELLED

    def test_given_work_under_way_then_the_page_follows_it_by_itself(self, desk: Desk) -> None:
        page = trainer(desk, java_script_enabled=True)
        page.get_by_role("button", name="Train and examine").click()
        with desk.db.write() as uow:
            work = use_cases.claim_work(uow, "g1", utc_now())
            assert work is not None
            training = Step("training", StepState.RUNNING, utc_now(), detail="3 / 14: Reader")
            uow.model_work.save(replace(work, steps=(training,)))
            uow.commit()

        expect(page.get_by_text("3 / 14: Reader")).to_be_visible(timeout=15_000)

        examined(desk)
        with desk.db.write() as uow:
            done = replace(work, steps=(step("training"),), result=NEW, examination="x1")
            uow.model_work.save(use_cases.ended(done, WorkState.DONE, utc_now()))
            uow.commit()

        ready = page.get_by_role("status").get_by_role("link", name=NEW)
        expect(ready).to_be_visible(timeout=15_000)
        ready.click()
        expect(page.get_by_role("heading", name=NEW)).to_be_visible()

    def test_given_work_that_failed_then_its_last_words_are_shown(self, desk: Desk) -> None:
        with desk.db.write() as uow:
            use_cases.ask_for_work(uow, None, 0, "operator:root", utc_now())
            work = use_cases.claim_work(uow, "g1", utc_now())
            assert work is not None
            error = "the model could not be trained\n  Contradicting rules found"
            uow.model_work.save(use_cases.ended(work, WorkState.FAILED, utc_now(), error))
            uow.commit()

        page = trainer(desk)

        expect(page.get_by_text("Contradicting rules found")).to_be_visible()
        expect(page.get_by_role("button", name="Train and examine")).to_be_visible()


class TestShadow:
    def test_given_a_click_then_it_reads_along_until_it_is_stopped(self, desk: Desk) -> None:
        page = trainer(desk, f"/{NEW}")
        page.get_by_role("button", name="Let it read along").click()
        said = first_words(desk, desk.add_chat())
        with desk.db.write() as uow:
            shadow = uow.shadows.current()
            assert shadow is not None
            read = [
                Shadowed(*said, utc_now(), LATE, PERSON),
                Shadowed("long gone", 1, utc_now() - timedelta(days=1), LATE, LATE),
            ]
            uow.shadows.record(shadow.id, read)
            uow.commit()

        page.reload()

        part = page.get_by_role("region", name="Reads along")
        expect(part).to_contain_text("50.0 %")
        expect(part).to_contain_text("My lamp has not come")
        expect(part).to_contain_text("Not received, to a person")

        page.get_by_role("button", name="Stop reading along").click()
        expect(page.get_by_role("status")).to_contain_text("Nobody reads along any more.")


class TestRecord:
    def test_given_a_model_then_its_record_is_downloaded_without_customers_words(
        self, desk: Desk
    ) -> None:
        examined(desk, figure("category_accuracy", 0.82, 0.8))
        page = trainer(desk, f"/{NEW}")
        expect(page.get_by_text("0123456789 and changes")).to_be_visible()

        with page.expect_download() as downloading:
            page.get_by_role("link", name="Download the record").click()

        found = json.loads(downloading.value.path().read_text())
        assert downloading.value.suggested_filename == f"{NEW}.record.json"
        assert found["training"]["examples"] == 4321
        assert found["examination"]["figures"][0]["key"] == "category_accuracy"

    def test_given_no_such_model_then_the_page_says_so(self, desk: Desk) -> None:
        page = trainer(desk, "/amends-none")

        expect(page.get_by_text("There is no such model.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_given_full_pages_then_axe_finds_nothing_and_nothing_is_cut_off(
    desk: Desk, scheme: str, width: int
) -> None:
    said = first_words(desk, desk.add_chat())
    failed = replace(step("rows", StepState.FAILED), output="It broke.\n" * 40)
    examined(desk, figure("category_accuracy", 0.7, 0.8), steps=(step("validation"), failed))
    with desk.db.write() as uow:
        shadow = use_cases.start_shadow(uow, NEW, "operator:root", utc_now())
        uow.shadows.record(shadow.id, [Shadowed(*said, utc_now(), LATE, PERSON)])
        use_cases.ask_for_work(uow, NEW, 0, "operator:root", utc_now())
        work = use_cases.claim_work(uow, "g1", utc_now())
        assert work is not None
        uow.model_work.save(replace(work, steps=(step("validation"), failed)))
        uow.commit()
    size = {"width": width, "height": 900}
    page = trainer(desk, java_script_enabled=True, viewport=size, color_scheme=scheme)

    for path in ("", f"/{NEW}"):
        page.goto(f"/training/models{path}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
