"""Patches lead from one text to another and back, and fit where others wrote beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.training.changes_patch import DoesNotFit, apply_patch, make_patch, parse_patch

PATH = "data/nlu/a.yml"
LINES = st.lists(
    st.sampled_from(["a\n", "b\n", "\n", "- x\r\n", "+y\n", "@@ -1 +1 @@\n"]), max_size=14
)
TEXTS = st.builds(lambda lines, end: "".join(lines) + end, LINES, st.sampled_from(["", "z"]))


@given(TEXTS, TEXTS)
def test_given_two_texts_then_the_patch_leads_there_and_back(before: str, after: str) -> None:
    if before == after:
        assert make_patch({PATH: before}, {PATH: after}) == ""
        return
    (patch,) = parse_patch(make_patch({PATH: before}, {PATH: after}))

    assert apply_patch(before, patch) == after
    assert apply_patch(after, patch.turned()) == before


@given(TEXTS.filter(bool))
def test_given_a_new_file_then_it_is_made_and_taken_away(text: str) -> None:
    (patch,) = parse_patch(make_patch({PATH: None}, {PATH: text}))

    assert apply_patch(None, patch) == text
    assert apply_patch(text, patch.turned()) is None
    with pytest.raises(DoesNotFit):
        apply_patch("somebody's\n", patch)


def test_given_lines_that_others_added_above_and_beside_then_it_still_fits() -> None:
    before = "".join(f"line {n}\n" for n in range(20))
    after = before.replace("line 9\n", "line 9\nmine\n")
    (patch,) = parse_patch(make_patch({PATH: before}, {PATH: after}))
    theirs = "new\n" + after.replace("mine\n", "mine\ntheirs\n")

    assert apply_patch(theirs, patch.turned()) == theirs.replace("mine\n", "")


def test_given_the_line_changed_since_then_it_does_not_fit() -> None:
    (patch,) = parse_patch(make_patch({PATH: "a\nb\nc\n"}, {PATH: "a\nB\nc\n"}))

    with pytest.raises(DoesNotFit):
        apply_patch("a\nBB\nc\n", patch.turned())
