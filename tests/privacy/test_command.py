"""The privacy command: exports, erases, and keeps what is on hold."""

import json

import pytest

from amends.cli import privacy as command
from amends.cli.errors import UsageError
from amends.cli.main import build_parser
from tests.privacy.planting import GIRAFFE, ZEBRA, everywhere


class TestCommand:
    @pytest.fixture
    def call(self, two, tmp_path, monkeypatch, capsys):
        shop, _, _ = two
        settings = shop.app.settings.model_copy(
            update={
                "database_url": shop.db.url.render_as_string(hide_password=False),
                "tracker_url": f"sqlite:///{tmp_path}/tracker.db",
            }
        )
        monkeypatch.setattr(command, "load_settings", lambda: settings)

        def run(*words: str):
            arguments = build_parser(["privacy"]).parse_args(["privacy", *words])
            assert arguments.run(arguments) == 0
            return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

        return run

    def test_given_a_customer_when_exported_then_their_words_and_nobody_elses(self, call) -> None:
        (found,) = call("export", "--customer", "cus-z")

        assert ZEBRA in json.dumps(found["tables"]["messages"])
        assert GIRAFFE not in json.dumps(found)
        assert {"conversations", "cases", "surveys", "mails", "customers"} <= found["tables"].keys()

    def test_given_no_yes_when_erased_then_counted_and_nothing_done(self, call, two) -> None:
        shop = two[0]
        before = everywhere(shop, ZEBRA)

        (found,) = call("erase", "--customer", "cus-z", "--force", "test")

        assert found["would_erase"]["messages"] > 0
        assert everywhere(shop, ZEBRA) == before

    def test_given_yes_and_a_reason_then_gone(self, call, two) -> None:
        call("erase", "--email", "zebra@example.com", "--force", "asked by letter", "--yes")

        assert everywhere(two[0], ZEBRA) == {}

    def test_given_a_hold_when_erased_then_refused_until_it_ends(self, call, two) -> None:
        number = two[1].case.number
        call("hold", "--case", number, "--reason", "a court asks")
        assert [one["reason"] for one in call("holds")] == ["a court asks"]

        with pytest.raises(UsageError, match="a court asks"):
            call("erase", "--customer", "cus-z", "--yes")

        call("release", "--case", number)
        assert call("holds") == []

    def test_given_nobody_then_said(self, call) -> None:
        with pytest.raises(UsageError, match="nobody is known"):
            call("export", "--email", "nobody@example.com")
