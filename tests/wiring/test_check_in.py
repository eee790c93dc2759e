"""The job that asks some days after closing."""

from dataclasses import replace
from typing import Any

from amends.satisfaction.surveys.links import PURPOSE, Link, is_genuine
from amends.storage.repositories.satisfaction import SqlSurveyAsks
from amends.wiring import check_in
from amends.wiring.jobs import JOBS
from amends.wiring.secrets import derive_secret
from tests.satisfaction.surveys.steps import closed, link_in, mails, some_days_later
from tests.support.shop import Shop


def with_settings(shop: Shop, **changes: Any) -> None:
    shop.app = replace(shop.app, settings=shop.app.settings.model_copy(update=changes))


class TestCheckIn:
    def test_given_the_jobs_then_it_is_one_of_them(self) -> None:
        assert check_in.check_in_by_mail in {job.run for job in JOBS}

    def test_given_closed_cases_then_each_is_asked_about_when_its_days_are_over(
        self, shop: Shop
    ) -> None:
        closed(shop)
        assert some_days_later(shop, days=1) == 0
        closed(shop)

        assert some_days_later(shop, days=2.1) == 1
        assert some_days_later(shop, days=1) == 1
        assert len(mails(shop)) == 2

    def test_given_off_then_nobody_is_asked(self, shop: Shop) -> None:
        with_settings(shop, check_in_days=0)
        closed(shop)

        assert some_days_later(shop) == 0

    def test_given_a_case_of_long_ago_then_it_is_left_alone(self, shop: Shop) -> None:
        closed(shop)

        assert some_days_later(shop, days=30) == 0

    def test_given_more_cases_than_a_page_of_whom_many_cannot_be_asked_then_all_are_looked_at(
        self, shop: Shop, monkeypatch: Any
    ) -> None:
        for _ in range(3):
            closed(shop, customer=None, order=None)
        closed(shop)
        whole = SqlSurveyAsks.to_check_in
        monkeypatch.setattr(
            SqlSurveyAsks,
            "to_check_in",
            lambda self, start, end, after=None: whole(self, start, end, after, limit=2),
        )

        assert some_days_later(shop) == 1

    def test_given_the_link_then_it_leads_to_the_public_address_and_is_signed_by_us(
        self, shop: Shop
    ) -> None:
        with_settings(shop, public_url="https://chat.example.com/")
        closed(shop)
        some_days_later(shop)

        (mail,) = mails(shop)
        assert "https://chat.example.com/feedback?ask=" in mail.body
        query = dict(part.split("=") for part in link_in(mail).partition("?")[2].split("&"))
        secret = shop.app.settings.site_secret.get_secret_value()
        link = Link(query["ask"], query["until"], query["sig"])
        assert is_genuine(derive_secret(secret, PURPOSE), link)
        assert not is_genuine(secret, link), "no other purpose's secret signs it"
