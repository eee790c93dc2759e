"""Signatures after Standard Webhooks: what others sign we accept, and nothing else."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.wiring.standard_webhooks import (
    ID,
    SIGNATURE,
    TIMESTAMP,
    TOLERANCE,
    SignatureRefused,
    key_of,
    sign,
    verify,
)

# An example that libraries of other makers publish and agree on.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
KNOWN = {
    ID: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    TIMESTAMP: "1614265330",
    SIGNATURE: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
OTHER_SECRET = "whsec_" + base64.b64encode(b"another secret of 32 bytes, yes!").decode()


class TestSign:
    def test_given_the_published_example_when_signed_then_the_published_signature(self) -> None:
        assert sign(SECRET, KNOWN[ID], AT, BODY) == KNOWN

    def test_given_part_of_a_second_when_signed_then_whole_seconds_are_sent(self) -> None:
        assert sign(SECRET, "m", AT + timedelta(milliseconds=900), BODY)[TIMESTAMP] == "1614265330"


class TestVerify:
    def test_given_the_published_example_when_verified_then_its_id(self) -> None:
        assert verify(SECRET, KNOWN, BODY, AT) == KNOWN[ID]

    @given(st.binary(max_size=200), st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True))
    def test_given_anything_we_signed_when_verified_then_accepted(
        self, body: bytes, message_id: str
    ) -> None:
        headers = sign(SECRET, message_id, AT, body)

        assert verify(SECRET, headers, body, AT + TOLERANCE) == message_id

    @pytest.mark.parametrize("late", [TOLERANCE, -TOLERANCE])
    def test_given_clocks_that_differ_when_by_five_minutes_then_accepted_and_no_second_more(
        self, late: timedelta
    ) -> None:
        more = timedelta(seconds=1 if late > timedelta() else -1)

        verify(SECRET, KNOWN, BODY, AT + late)
        with pytest.raises(SignatureRefused, match="too far from now"):
            verify(SECRET, KNOWN, BODY, AT + late + more)

    @pytest.mark.parametrize(
        "signatures",
        [
            f"{KNOWN[SIGNATURE]} v1,AAAA",
            f"v1,AAAA {KNOWN[SIGNATURE]}",
            f"v1a,AAAA v2,BBBB  {KNOWN[SIGNATURE]}",
        ],
    )
    def test_given_several_signatures_when_one_is_ours_then_accepted(self, signatures: str) -> None:
        assert verify(SECRET, KNOWN | {SIGNATURE: signatures}, BODY, AT)

    @pytest.mark.parametrize(
        "changes",
        [
            {SIGNATURE: ""},
            {SIGNATURE: "v1,"},
            {SIGNATURE: "v1"},
            {SIGNATURE: KNOWN[SIGNATURE].removeprefix("v1,")},
            {SIGNATURE: KNOWN[SIGNATURE].replace("v1,", "v2,")},
            {SIGNATURE: KNOWN[SIGNATURE] + "x"},
            {SIGNATURE: "v1,é\udc80"},
            {SIGNATURE: sign(OTHER_SECRET, KNOWN[ID], AT, BODY)[SIGNATURE]},
            {SIGNATURE: "v1,AAAA " * 100 + KNOWN[SIGNATURE]},
            {ID: ""},
            {ID: "another"},
            {ID: "x" * 201},
            {ID: "é"},
            {TIMESTAMP: ""},
            {TIMESTAMP: "1614265331"},
            {TIMESTAMP: "now"},
            {TIMESTAMP: "-1614265330"},
            {TIMESTAMP: "1614265330.0"},
            {TIMESTAMP: "١٦١٤٢٦٥٣٣٠"},
            {TIMESTAMP: "9" * 12},
            {TIMESTAMP: "9" * 400},
        ],
    )
    def test_given_a_header_that_is_not_ours_when_verified_then_refused(
        self, changes: dict[str, str]
    ) -> None:
        with pytest.raises(SignatureRefused):
            verify(SECRET, KNOWN | changes, BODY, AT)

    def test_given_another_body_when_verified_then_refused(self) -> None:
        with pytest.raises(SignatureRefused, match="does not fit"):
            verify(SECRET, KNOWN, BODY + b" ", AT)

    def test_given_no_headers_at_all_when_verified_then_told_which(self) -> None:
        with pytest.raises(SignatureRefused, match="webhook-id, webhook-timestamp and"):
            verify(SECRET, {}, BODY, AT)


class TestSecrets:
    def test_given_a_secret_when_read_then_its_bytes(self) -> None:
        assert len(key_of(SECRET)) == 24

    @pytest.mark.parametrize(
        "secret",
        [
            "",
            "whsec_",
            SECRET.removeprefix("whsec_"),
            "whsec_" + "A" * 28,  # 21 bytes
            "whsec_" + "A" * 88,  # 66 bytes
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
            "whsec_ééééééééééééééééééééééééééééé",
        ],
    )
    def test_given_no_such_secret_when_read_then_told_how_one_is_made(self, secret: str) -> None:
        with pytest.raises(ValueError, match="openssl rand -base64 32"):
            key_of(secret)
