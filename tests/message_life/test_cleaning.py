import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.conversations.cleaning import accept, clean, for_engine
from amends.conversations.errors import EmptyMessage, TextTooLong

ANY_TEXT = st.text(alphabet=st.characters())  # lone surrogates included


class TestWhatTheLogKeeps:
    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("  My parcel \n", "My parcel"),
            ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
            ("a\tb", "a b"),
            ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
            ("cut \ud83d in the middle", "cut  in the middle"),
            ("a\n\n\n\n\nb", "a\n\nb"),
            ("cafe\u0301", "café"),
            ("\u202eevil\u202c", "evil"),
            ("👩‍👩‍👧", "👩‍👩‍👧"),
            ("<b onclick=x>hi</b>", "<b onclick=x>hi</b>"),
        ],
    )
    def test_given_text_when_cleaned_then_only_what_can_be_read_stays(self, sent, kept):
        assert clean(sent) == kept

    @given(ANY_TEXT)
    def test_given_any_text_when_cleaned_then_clean_and_cleaning_again_changes_nothing(self, text):
        cleaned = clean(text)

        assert clean(cleaned) == cleaned
        assert cleaned == cleaned.strip()
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in cleaned if c != "\n")
        cleaned.encode()


class TestWhatTheEngineGets:
    @pytest.mark.parametrize(
        ("kept", "given_to_engine"),
        [
            ("/restart", "restart"),
            ('/agree{"x":1}', 'agree{"x":1}'),
            ("/ / //restart", "restart"),
            ("\n/restart", "restart"),
            ("either/or", "either/or"),
        ],
    )
    def test_given_slashes_when_for_engine_then_none_leads(self, kept, given_to_engine):
        assert for_engine(kept) == given_to_engine

    @given(ANY_TEXT)
    def test_given_any_text_when_for_engine_then_never_a_command(self, text):
        assert not for_engine(clean(text)).lstrip().startswith("/")


class TestWhatIsAccepted:
    @pytest.mark.parametrize("text", ["😡", "❤️", "🇬🇧", "???", "5", "好", "1️⃣"])
    def test_given_something_visible_when_accepted_then_kept(self, text):
        assert accept(text, 2000) == text

    @pytest.mark.parametrize(
        "text", ["", "  \n\t", "\x00", "\u200b\u200d", "\ud800", "\ufe0f", "/", " // / "]
    )
    def test_given_nothing_visible_when_accepted_then_refused(self, text):
        with pytest.raises(EmptyMessage):
            accept(text, 2000)

    def test_given_limit_when_reached_then_kept_and_beyond_refused(self):
        assert len(accept("x" * 2000, 2000)) == 2000
        assert accept(" " * 5000 + "x", 2000) == "x"
        with pytest.raises(TextTooLong) as refused:
            accept("x" * 2001, 2000)
        assert (refused.value.length, refused.value.limit) == (2001, 2000)
