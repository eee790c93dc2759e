"""A masked log says nothing of who anybody is, and recognises who comes again."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from amends.cases.model import Customer
from amends.conversations.model import Draft, Role
from amends.records.log.columns import Kind, Personal, columns
from amends.records.log.masking import LogMask, Pseudonyms
from amends.records.log.reading import conversations, rows
from amends.records.log.schema import parts
from amends.records.masking import ADDRESS, CODE, NAME, NUMBER, ORDER, Mask
from tests.records.log.steps import EVERYTHING, KEY, everything, log_of
from tests.records.steps import CONTACT, OWNER
from tests.support.shop import ANA, LATE, Shop

SECRETS = ("Maya", "Collins", OWNER, "me@example.com", CONTACT, LATE, ANA.id, "from Ana")


class TestWholeRecord:
    def test_given_a_chat_with_everything_when_masked_then_nobody_is_named_in_it(
        self, shop: Shop
    ) -> None:
        everything(shop)

        full, plain = (json.dumps(log_of(shop, personal=one), default=str) for one in (True, False))

        for secret in SECRETS:
            assert secret in full, secret
            assert secret not in plain, secret

    def test_given_clear_and_masked_then_the_record_says_which_it_is(self, shop: Shop) -> None:
        shop.chat()

        assert [row["personal_data"] for row in log_of(shop, personal=True)] == [True]
        assert [row["personal_data"] for row in log_of(shop)] == [False]

    def test_given_all_but_what_is_personal_then_masking_changes_nothing(self, shop: Shop) -> None:
        everything(shop)
        (full,), (plain,) = log_of(shop, personal=True), log_of(shop)

        for key in ("id", "started_at", "language", "outcome", "given", "score", "assessments"):
            assert plain[key] == full[key]
        assert [one["at"] for one in plain["messages"]] == [one["at"] for one in full["messages"]]
        assert plain["cases"][0]["promises"][0]["made_by"] == "bot"

    def test_given_a_customer_who_comes_again_then_one_pseudonym_tells_so(self, shop: Shop) -> None:
        for customer in ("cus-maya", "cus-maya", "cus-tom"):
            shop.clock.forward(minutes=1)
            shop.chat(customer)

        first, second, other = [row["customer"]["id"] for row in log_of(shop)]

        assert first == second != other
        assert "maya" not in first

    def test_given_another_key_then_other_pseudonyms(self, shop: Shop) -> None:
        shop.chat("cus-maya")
        ((mine,), (theirs,)) = log_of(shop), list(rows(shop.db.read, EVERYTHING, b"another"))

        assert mine["customer"]["id"] != theirs["customer"]["id"]

    def test_given_ids_and_numbers_in_the_data_of_entries_then_they_are_pseudonyms(
        self, shop: Shop
    ) -> None:
        chat = everything(shop)
        with shop.write() as uow:
            uow.cases.add_entry(
                replace(uow.cases.entries(chat.case.id)[0], data={"owner": ANA.id, "number": LATE})
            )

        (row,) = log_of(shop)

        data = json.loads(row["cases"][0]["entries"][-1]["data_json"])
        names = Pseudonyms(KEY)
        assert data == {"owner": names.staff(ANA.id), "number": names.order(LATE)}
        assert row["cases"][0]["order_number"] == data["number"]

    def test_given_an_id_of_ours_in_the_data_of_entries_then_it_stays(self, shop: Shop) -> None:
        everything(shop)
        known = "0123456789abcdef0123456789"
        with shop.write() as uow:
            (row,) = uow.log.gather(uow.log.page(EVERYTHING, None).ids)
            first = row.cases[0].entries[0]
            uow.cases.add_entry(replace(first, data={"offer_id": known, "said": f"is {known}"}))

        (told,) = log_of(shop)

        data = json.loads(told["cases"][0]["entries"][-1]["data_json"])
        assert data["offer_id"] == known
        assert data["said"] != f"is {known}"

    def test_given_a_page_with_a_query_then_only_the_page_is_told(self, shop: Shop) -> None:
        chat = shop.chat()
        with shop.db.read() as uow:
            talk = uow.conversations.get(chat.id)
            assert talk is not None
        with shop.write() as uow:
            page = "https://shop.example/order?email=maya@example.com#top"
            uow.conversations.add(replace(talk, id=f"{talk.id}-2", page=page), "hash")

        assert log_of(shop)[-1]["page"] == "https://shop.example/order"
        assert log_of(shop, personal=True)[-1]["page"] == page

    def test_given_a_person_called_will_then_the_word_will_stays(self, shop: Shop) -> None:
        chat = shop.chat()
        with shop.write() as uow:
            uow.staff.add(replace(ANA, id="s-will", login="will", name="Will"), "")
            draft = Draft(Role.SYSTEM, "Will has joined. He will answer.")
            uow.conversations.append(chat.id, draft, shop.clock())

        assert log_of(shop)[0]["messages"][-1]["text"] == f"{NAME} has joined. He will answer."


class TestEveryField:
    def test_given_the_model_then_each_free_text_says_how_it_is_masked(self) -> None:
        """What stays is an id of ours, a word of a closed set, or a name that we gave."""
        stays = {
            f"{part.__name__}.{one.name}"
            for part in parts()
            for one in columns(part)
            if one.kind in (Kind.TEXT, Kind.JSON) and not one.closed
            if one.personal is Personal.NO
        }

        freely_written = {one for one in stays if one.split(".")[1] in FREELY_WRITTEN}
        assert freely_written == set()
        assert not any(one.endswith("_json") for one in stays)


FREELY_WRITTEN = {
    "text", "note", "comment", "reason", "passed_note", "item", "what_happened", "wish_text",
    "choices", "name_of_customer", "email", "contact_address", "page", "order_number", "author",
}  # fmt: skip

ADDRESSES = r"[a-z][a-z0-9.]{0,8}[a-z0-9]@[a-z]{2,8}\.(com|cn)"
AROUND = st.text(alphabet=st.sampled_from("abc xyz,.!?\n我的是在，。"), max_size=30)
DIGIT = st.sampled_from("0123456789")


def of_digits(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(DIGIT, min_size=least, max_size=most)


def strict(*people: Customer) -> Mask:
    return replace(Mask.of(people), short_numbers=True)


class TestTexts:
    @given(AROUND, st.from_regex(ADDRESSES, fullmatch=True), AROUND)
    def test_given_an_e_mail_address_anywhere_then_it_goes(
        self, before: str, address: str, after: str
    ) -> None:
        masked = strict().text(f"{before}{address}{after}")

        assert address not in masked
        assert "@" not in masked

    @given(AROUND, of_digits(7, 13), st.sampled_from(["", " ", "-"]), AROUND)
    def test_given_a_telephone_number_however_it_is_grouped_then_it_goes(
        self, before: str, digits: str, between: str, after: str
    ) -> None:
        number = between.join((f"+44{digits[:2]}", digits[2:5], digits[5:]))

        masked = strict().text(f"{before} {number} {after}")

        assert digits[5:] not in masked or len(digits[5:]) < 3
        assert number not in masked

    @given(AROUND, of_digits(16, 16), st.sampled_from(["", " ", "-"]), AROUND)
    def test_given_a_card_number_then_it_goes(
        self, before: str, digits: str, between: str, after: str
    ) -> None:
        card = between.join(digits[place : place + 4] for place in range(0, 16, 4))

        masked = strict().text(f"{before}{card}{after}")

        assert not any(one.isdigit() for one in masked)

    @given(AROUND, of_digits(5, 8), AROUND)
    def test_given_an_order_number_then_it_goes(self, before: str, number: str, after: str) -> None:
        assert number not in strict().text(f"{before}{number}{after}")

    @given(AROUND, st.sampled_from(["Maya Collins", "maya", "COLLINS", "王小明"]), AROUND)
    def test_given_a_known_name_then_it_goes(self, before: str, name: str, after: str) -> None:
        people = Customer("1", "Maya Collins", "m@x.com"), Customer("2", "王小明", "w@x.com")

        assert name not in strict(*people).text(f"{before} {name} {after}")

    @given(st.text(max_size=200))
    def test_given_any_text_then_masking_it_again_changes_nothing(self, words: str) -> None:
        once = strict().text(words)

        assert strict().text(once) == once

    def test_given_words_that_name_nobody_then_they_stay(self) -> None:
        for words in (
            "I waited 3 weeks, since 2026-03-04, for 2 lamps of £1,200.50 each.",
            "It cost 12000 yen, that is £12000.99, in case AM-346794.",
            "I miss you. Miss you not! Mr Order: 10 times on the way, 24/7.",
            "等了3个星期，花了12000元，先生小姐都不理我。",
        ):
            assert strict().text(words).replace(NAME, "Order") == words

    def test_given_addresses_then_they_go(self) -> None:
        for words in (
            "Send it to Flat 3, 12 Rose Lane, please",
            "Send it to 221B Baker Street, please",
            "Send it to 5 St. John's Rd, please",
            "Nach Lindenstraße 12b, bitte",
            "My postcode is sw1a 1aa, please",
            "Springfield, IL 62701, please",
            "请寄到北京市朝阳区建国路88号3栋502室，谢谢",
            "住在阳光花园12栋3单元401室，谢谢",
        ):
            masked = strict().text(words)
            assert ADDRESS in masked, words
            assert not any(one.isdigit() for one in masked), masked

    def test_given_names_that_somebody_gives_then_they_go(self) -> None:
        for words, name in (
            ("My name is John Smith and I am angry", "Smith"),
            ("my name's john, I am angry", "john"),
            ("Ask for Mrs Patel please", "Patel"),
            ("Please help.\nKind regards,\nJohn Smith", "John"),
            ("我叫王小明，我的包裹没到", "王小明"),
            ("收件人：李雷，电话13912345678", "李雷"),
            ("请联系张先生", "张"),
        ):
            masked = strict().text(words)
            assert name not in masked, masked
            assert NAME in masked

    def test_given_codes_and_accounts_then_they_go(self) -> None:
        mask = strict()

        assert mask.text("code 7K3F-9DAC-EFGH-JK34!") == f"code {CODE}!"
        assert mask.text("DE89 3704 0044 0532 0130 00 is mine") == f"{NUMBER} is mine"
        assert mask.text("see https://x.example/a?token=abc now") == "see https://x.example/a now"

    def test_given_the_order_of_a_case_then_it_is_called_an_order(self, shop: Shop) -> None:
        chat = shop.chat()
        chat.complains(text=f"My order {LATE} or 99887 is late")
        (gathered,) = conversations(shop.db.read, EVERYTHING)

        words = LogMask(KEY, ()).of(gathered)[Personal.WORDS]

        assert words(f"{LATE} or 99887") == f"{ORDER} or {NUMBER}"
