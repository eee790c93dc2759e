"""Nobody but us makes links, and each holds for its time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from amends.satisfaction.surveys.links import LASTS, Link, is_genuine, is_over, link_to

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SECRET = "a-secret-of-forty-characters-for-tests-x"


class TestLink:
    def test_given_the_path_when_read_back_then_it_is_genuine(self) -> None:
        link = link_to(SECRET, "ask-1", NOW)
        query = {name: values[0] for name, values in parse_qs(urlsplit(link.path).query).items()}

        assert Link(query["ask"], query["until"], query["sig"]) == link
        assert is_genuine(SECRET, link)

    @pytest.mark.parametrize(
        "change",
        [{"ask_id": "ask-2"}, {"until": "99999999999"}, {"signature": ""}, {"signature": "é" * 64}],
    )
    def test_given_a_changed_link_then_it_is_not(self, change: dict[str, str]) -> None:
        assert not is_genuine(SECRET, replace(link_to(SECRET, "ask-1", NOW), **change))

    def test_given_another_secret_then_it_is_not(self) -> None:
        assert not is_genuine(SECRET[::-1], link_to(SECRET, "ask-1", NOW))

    def test_given_its_time_then_it_holds_until_then(self) -> None:
        link = link_to(SECRET, "ask-1", NOW)

        assert not is_over(link, NOW + LASTS - timedelta(seconds=1))
        assert is_over(link, NOW + LASTS)
