"""The customers' API over a real socket."""

import json
from datetime import UTC, datetime

import jwt
import pytest

from amends.conversations.model import Mode
from amends.handoff.model import StaffMember, StaffRole
from amends.satisfaction.surveys.model import Answers, CsatReason
from tests.gateway.conftest import SECRET
from tests.message_life.engine import offer

MESSAGE_KEYS = {
    "seq",
    "role",
    "text",
    "at",
    "choices",
    "card",
    "in_reply_to",
    "client_message_id",
    "author",
}


class TestStart:
    async def test_given_nothing_when_started_then_id_token_and_disclosure(self, gateway):
        opened = await gateway.start()

        page = await gateway.messages(opened)
        (first,) = page["messages"]
        assert set(page) == {"messages", "mode", "last_seq"}
        assert set(first) == MESSAGE_KEYS
        assert (first["role"], page["mode"], page["last_seq"]) == ("system", "bot", 1)
        assert "automated assistant of Fernhill" in first["text"]
        assert datetime.fromisoformat(first["at"]).tzinfo == UTC
        assert first["at"].endswith("Z")

    async def test_given_no_body_when_started_then_created(self, gateway):
        assert (await gateway.client.post("/api/conversations")).status_code == 201

    async def test_given_language_when_started_then_disclosed_in_it(self, gateway):
        opened = await gateway.start(language="zh-CN", page="https://shop.example/\x00basket")

        assert "自动助手" in (await gateway.messages(opened))["messages"][0]["text"]
        with gateway.parts.db.read() as uow:
            assert uow.conversations.get(opened.id).page == "https://shop.example/basket"


class TestIdentity:
    def signed(self, secret: str = SECRET, **claims: object) -> str:
        values = {"sub": "cust-1", "email": "a@b.example", "name": "Ann", "exp": 4_000_000_000}
        merged = {k: v for k, v in (values | claims).items() if v is not None}
        return jwt.encode(merged, secret, algorithm="HS256")

    @pytest.mark.parametrize("audience", [None, "amends", ["amends", "shop"]])
    async def test_given_valid_identity_when_started_then_customer_is_known(
        self, gateway, audience
    ):
        opened = await gateway.start(identity=self.signed(aud=audience))

        with gateway.parts.db.read() as uow:
            assert uow.conversations.get(opened.id).customer_id == "cust-1"

    async def test_given_bad_identity_when_started_then_401_and_says_why(self, gateway):
        none = jwt.encode({"sub": "x", "exp": 4_000_000_000}, None, algorithm="none")
        longer = jwt.encode({"sub": "x", "exp": 4_000_000_000}, SECRET * 2, algorithm="HS512")
        cases = {
            self.signed("another-secret-of-forty-characters-xxxxx"): "signature",
            self.signed(exp=1_600_000_000): "expired",
            self.signed(exp=None): "'exp' is missing",
            self.signed(exp="soon"): "not a JWT",
            self.signed(sub=None): "'sub' is missing",
            self.signed(sub=""): "subject",
            self.signed(aud="other-service"): "another service",
            none: "not a JWT",
            longer: "not a JWT",
            "x.y.z": "not a JWT",
            "": "not a JWT",
            "\ud800": "not a JWT",
            "x" * 5000: "too long",
        }
        for token, reason in cases.items():
            body = json.dumps({"identity": token})
            answer = await gateway.client.post("/api/conversations", content=body)

            assert answer.status_code == 401, (token[:40], answer.text)
            assert answer.json()["error"]["code"] == "identity_refused"
            assert reason in answer.json()["error"]["message"], token[:40]


class TestPost:
    async def test_given_text_when_posted_then_202_and_the_same_id_gives_the_same_seq(
        self, gateway
    ):
        opened = await gateway.start()

        first = await gateway.post(opened, "broken", client_message_id="one")
        again = await gateway.post(opened, "broken", client_message_id="one")

        assert (first.status_code, first.json()) == (202, {"seq": 2})
        assert again.json() == {"seq": 2}

    async def test_given_wait_when_posted_then_200_with_replies(self, gateway):
        opened = await gateway.start()

        answer = await gateway.post(opened, "broken", wait=20)

        assert answer.status_code == 200
        assert answer.json()["seq"] == 2
        (reply,) = answer.json()["replies"]
        assert (reply["role"], reply["text"], reply["in_reply_to"]) == (
            "bot",
            "Answer to broken",
            2,
        )

    async def test_given_answered_message_when_posted_again_with_wait_then_the_same_replies(
        self, gateway
    ):
        opened = await gateway.start()
        first = await gateway.post(opened, "broken", wait=20, client_message_id="one")

        again = await gateway.post(opened, "broken", wait=20, client_message_id="one")

        assert again.json() == first.json()
        assert len(gateway.parts.engine.requests) == 1

    async def test_given_slow_engine_when_waited_for_less_then_202_and_no_replies(self, gateway):
        gateway.parts.engine.delay_seconds = 1
        opened = await gateway.start()

        answer = await gateway.post(opened, "broken", wait=0.05)

        assert (answer.status_code, answer.json()) == (202, {"seq": 2, "replies": []})

    async def test_given_engine_down_when_posted_then_told_and_answered_when_back(self, gateway):
        gateway.parts.engine.up = False
        opened = await gateway.start()
        answer = await gateway.post(opened, "broken", wait=0.5)
        assert answer.status_code == 202
        page = await gateway.messages(opened, after=2)
        assert ["Your message is safe" in m["text"] for m in page["messages"]] == [True]
        gateway.parts.engine.up = True

        again = await gateway.post(opened, "hello?", wait=20)

        assert again.status_code == 200
        texts = [m["text"] for m in (await gateway.messages(opened, after=3))["messages"]]
        assert texts[-2:] == ["Answer to broken", "Answer to hello?"]

    async def test_given_choice_when_tapped_then_resolved_here_and_never_shown(self, gateway):
        gateway.parts.engine.replies = lambda request: [offer("Yes", "No")]
        opened = await gateway.start()
        offered = (await gateway.post(opened, "broken", wait=20)).json()["replies"][0]
        assert all(set(choice) == {"id", "title"} for choice in offered["choices"])

        tapped = await gateway.post(opened, choice_id=offered["choices"][0]["id"], wait=20)
        again = await gateway.post(opened, choice_id=offered["choices"][0]["id"])

        assert tapped.status_code == 200
        assert gateway.parts.engine.requests[-1].payload == '/agree{"chosen": "Yes"}'
        assert (again.status_code, again.json()["error"]["code"]) == (409, "choice_expired")

    async def test_given_staff_answers_when_posted_then_engine_sees_nothing(self, gateway):
        opened = await gateway.start()
        with gateway.parts.db.write() as uow:
            uow.staff.add(StaffMember("s1", "ann", "Ann", StaffRole.AGENT), "x")
            uow.conversations.set_mode(
                opened.id, Mode.STAFF, at=gateway.parts.clock(), staff_id="s1"
            )
            uow.commit()

        answer = await gateway.post(opened, "Hello Ann", wait=20)

        assert (answer.status_code, answer.json()["replies"]) == (202, [])
        assert gateway.parts.engine.understood == []
        assert (await gateway.messages(opened))["mode"] == "staff"


class TestStrangeText:
    @pytest.mark.parametrize(
        ("sent", "engine_reads"),
        [
            ("/restart", "restart"),
            ("  /restart", "restart"),
            ('/agree{"x":1}', 'agree{"x":1}'),
            ("😡😡", "😡😡"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("nul\x00l\x1b[2J", "null[2J"),
            ("cut \ud83d", "cut"),
            ("\ud83d\ude21", "😡"),
            ("'; DROP TABLE messages; --", "'; DROP TABLE messages; --"),
        ],
    )
    async def test_given_strange_text_when_posted_then_text_it_stays(
        self, gateway, sent, engine_reads
    ):
        opened = await gateway.start()
        body = json.dumps({"client_message_id": "x", "text": sent})  # writes lone halves as \\ud83d

        answer = await gateway.client.post(
            opened.path("messages"), content=body, headers=opened.headers, params={"wait": 5}
        )

        assert answer.status_code == 200, answer.text
        assert gateway.parts.engine.understood == [engine_reads]
        assert gateway.parts.engine.requests[0].payload is None

    @pytest.mark.parametrize("text", ["", "   \n", "\x00", "\ud800", "/", "\u200b"])
    async def test_given_nothing_to_read_when_posted_then_422(self, gateway, text):
        opened = await gateway.start()
        body = json.dumps({"client_message_id": "x", "text": text})

        answer = await gateway.client.post(
            opened.path("messages"), content=body, headers=opened.headers
        )

        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "empty_message")
        assert (await gateway.messages(opened))["last_seq"] == 1

    async def test_given_long_text_when_posted_then_413_with_both_lengths(self, gateway):
        opened = await gateway.start()

        longest = await gateway.post(opened, "x" * 2000)
        too_long = await gateway.post(opened, "x" * 2001)

        assert longest.status_code == 202
        error = too_long.json()["error"]
        assert (too_long.status_code, error["code"]) == (413, "text_too_long")
        assert error["details"] == {"length": 2001, "limit": 2000}


class TestAccess:
    async def test_given_token_of_another_when_used_anywhere_then_404(self, gateway):
        mine, other = await gateway.start(), await gateway.start()
        calls = [
            ("POST", "messages", {"client_message_id": "x", "text": "hi"}),
            ("GET", "messages", None),
            ("GET", "stream", None),
            ("POST", "survey", {"csat": 5}),
        ]
        for method, path, body in calls:
            answer = await gateway.client.request(
                method, other.path(path), json=body, headers=mine.headers
            )

            assert answer.status_code == 404
            assert answer.json()["error"]["code"] == "unknown_conversation"

    @pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "Token x"])
    async def test_given_no_token_when_read_then_401(self, gateway, header):
        opened = await gateway.start()
        headers = {} if header is None else {"Authorization": header}

        answer = await gateway.client.get(opened.path("messages"), headers=headers)

        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorised")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


class TestSurvey:
    async def test_given_rating_when_sent_then_recorded(self, gateway):
        opened = await gateway.start()

        answer = await gateway.client.post(
            opened.path("survey"), json={"csat": 4, "comment": " fine\x00 "}, headers=opened.headers
        )

        assert (answer.status_code, answer.json()) == (201, {})
        assert gateway.parts.surveys == [(opened.id, Answers(csat=4, comment="fine"))]

    async def test_given_the_other_answers_when_sent_then_recorded_without_a_rating(self, gateway):
        opened = await gateway.start()
        body = {
            "reason": "had_to_repeat",
            "ces": 7,
            "nps": 0,
            "expectation": 1,
            "servqual": {"empathy": 5},
        }

        answer = await gateway.client.post(opened.path("survey"), json=body, headers=opened.headers)

        assert answer.status_code == 201
        ((_, answers),) = gateway.parts.surveys
        assert answers == Answers(
            reason=CsatReason.HAD_TO_REPEAT, ces=7, nps=0, expectation=1, servqual={"empathy": 5}
        )

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"csat": 0},
            {"csat": 6},
            {"csat": "good"},
            {"csat": "5"},
            {"csat": True},
            {"nps": False},
            {"servqual": {"empathy": True}},
            {"csat": None, "comment": " "},
            {"ces": 8},
            {"ces": 0},
            {"nps": 11},
            {"nps": -1},
            {"expectation": 6},
            {"csat": 4, "reason": "the weather"},
            {"servqual": {"empathy": 6}},
            {"servqual": {"kindness": 3}},
        ],
    )
    async def test_given_no_rating_when_sent_then_422_and_nothing_recorded(self, gateway, body):
        opened = await gateway.start()

        answer = await gateway.client.post(opened.path("survey"), json=body, headers=opened.headers)

        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")
        assert gateway.parts.surveys == []

    async def test_given_nothing_at_all_when_sent_then_it_says_what_may_be(self, gateway):
        opened = await gateway.start()

        answer = await gateway.client.post(opened.path("survey"), json={}, headers=opened.headers)

        assert "send at least one of csat, ces" in answer.text
