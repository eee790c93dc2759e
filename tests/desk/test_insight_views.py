"""Pages of insights without a browser: every number leads to just the conversations it counts."""

import re
from collections.abc import Iterator
from datetime import UTC, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from amends.desk.insight_filters import read_listed
from amends.desk.insight_pages import InsightPage, insight_pages
from amends.desk.insight_query import Asked, Links, read_asked
from amends.desk.insight_views.parts import Card, Reader, View
from amends.desk.speech import speaking
from amends.handoff.thresholds import load_thresholds
from amends.storage import Database
from amends.values import utc_now
from amends.wiring.settings import PROJECT_DIR
from benchmarks.conversations import fill
from tests.insights.action_samples import facts, store
from tests.support.database import database, fresh_url

__all__ = ["database"]

PAGES = insight_pages(load_thresholds(PROJECT_DIR / "policies" / "handoff.yml"))
COUNTED = re.compile(r'<a href="(/insights/conversations\?[^"]+)">([\d,]+)</a>')
SAID = re.compile(r'<a href="(/insights/conversations\?[^"]+)" aria-label="[^"]*: ([\d,]+) \(')
RESTS = re.compile(r"([\d,]+) (?:conversation|answer|complaint)s?\b")
ADDED_UP = ("promises=kept", "promises=broken")
"""These count promises, of which a conversation may hold several."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = fresh_url(tmp_path_factory.mktemp("insights"))
    fill(url, 400)
    db = Database(url)
    yield db
    db.close()


def asked(**fields: str) -> Asked:
    named = {name.rstrip("_"): value for name, value in fields.items()}
    return read_asked(named, utc_now(), UTC)


def made(db: Database, page: InsightPage, **fields: str) -> View:
    question = asked(**fields)
    with db.read() as uow:
        return page.make(uow, question, Reader(Links(question), UTC))


def test_given_exceptions_then_the_cost_page_says_what_they_came_to(
    tmp_path: Path,
) -> None:
    day, changes = utc_now().date() - timedelta(days=3), {"currency": "GBP", "remedy_minor": 900}
    db = Database(fresh_url(tmp_path))
    with db.write() as uow:
        store(uow, facts("c1", day, **changes, exception_minor=700), facts("c2", day, **changes))
        uow.commit()
    page = next(one for one in PAGES if one.path == "/insights/cost")

    (group,) = made(db, page).groups
    db.close()

    says = [line for panel in group.panels for line in panel.says]
    assert "£7.00 of it in 1 conversation as an exception that no clause gives." in says


def markup(view: View) -> str:
    panels = [*view.panels, *(panel for group in view.groups for panel in group.panels)]
    return "".join(f"{panel.chart}{panel.table}" for panel in panels)


def count_behind(db: Database, href: str) -> int:
    parameters = dict(parse_qsl(urlsplit(unescape(href)).query))
    listed = read_listed(parameters, utc_now(), UTC, lambda key: key)
    assert listed.problems == (), href
    with db.read() as uow:
        return uow.facts.count(listed.query)


def number(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
class TestLinks:
    @pytest.mark.parametrize(
        "fields", [{"last": "91"}, {"last": "28", "language": "en"}, {"category": "damaged_item"}]
    )
    def test_given_numbers_in_tables_and_charts_then_the_list_holds_as_many(
        self, filled: Database, page: InsightPage, fields: dict[str, str]
    ) -> None:
        drawn = markup(made(filled, page, **fields))

        found = COUNTED.findall(drawn) + SAID.findall(drawn)

        assert found or fields != {"last": "91"}
        for href, text in found:
            if not any(one in href for one in ADDED_UP):
                assert count_behind(filled, href) == number(text), href

    def test_given_cards_then_their_lists_hold_what_they_rest_on(
        self, filled: Database, page: InsightPage
    ) -> None:
        for card in made(filled, page, last="364").cards:
            if card.href:
                _check(filled, card)

    def test_given_own_dates_then_the_page_is_made(
        self, filled: Database, page: InsightPage
    ) -> None:
        first = utc_now() - timedelta(days=17)

        view = made(filled, page, from_=f"{first:%Y-%m-%d}")

        assert view.cards or view.panels

    def test_given_nothing_then_the_page_is_empty(
        self, database: Database, page: InsightPage
    ) -> None:
        assert made(database, page) == View()

    def test_given_three_conversations_then_nothing_is_made_up(
        self, tmp_path: Path, page: InsightPage
    ) -> None:
        url = fresh_url(tmp_path, "three.db")
        fill(url, 3)
        db = Database(url)

        view = made(db, page, last="364")

        assert "nan" not in markup(view).lower()
        assert all(card.value for card in view.cards)
        db.close()

    def test_given_chinese_then_no_word_of_it_is_english(
        self, filled: Database, page: InsightPage
    ) -> None:
        with speaking("zh"):
            view = made(filled, page, last="91")

        for card in view.cards:
            assert re.search(r"[\u4e00-\u9fff]", card.title)
        for words in re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', markup(view)):
            assert not re.search(r"[a-z]{4}", words), words


def _check(db: Database, card: Card) -> None:
    """Hold the list against the count itself, or against the number that a mean rests on."""
    if re.fullmatch(r"[\d,]+", card.value):
        assert count_behind(db, card.href) == number(card.value), card.title
    elif "%" not in card.value and "currency=" not in card.href:
        (rests,) = RESTS.findall(card.rests[-1])
        assert count_behind(db, card.href) == number(rests), card.title


class TestShares:
    def test_given_a_share_then_the_list_holds_those_it_counts(self, filled: Database) -> None:
        overview = made(filled, PAGES[0], last="364")
        shares = {
            "Resolved without a person": "ended",
            "Satisfied, as stated (4 or 5 of 5)": "answers",
            "Went to a person": "conversations",
        }

        for card in overview.cards:
            if card.title in shares:
                of = number(card.rests[-1].split(" ")[0])
                share = 100 * count_behind(filled, card.href) / of
                assert round(share) == pytest.approx(float(card.value.rstrip("%")), abs=0.51)
