"""Why a message is worth a look: a pure function over one conversation.

`found_in(talk, vocabulary)` looks for every reason of `JUDGES`; their weights stand in one table,
`amends.training.review.model.WEIGHTS`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from amends.training.data_text import is_common_phrase, same_words, shingles
from amends.training.labels import FALLBACK_INTENT
from amends.training.review.model import Found, HandedOff, Reason, Talk, Turn, in_order
from amends.training.review.wording import Vocabulary

UNSURE: Final[Mapping[str, float]] = {"en": 0.5, "zh": 0.35}
"""Below this confidence of the best guess a reading is unsure. At 0.6, 86 of 100 readings of free
English were right (Chinese confidences are lower: fewer examples)."""

CLOSE: Final = 0.15
"""Two guesses that differ by less could as well be the other way round."""
FEWEST_SECOND: Final = 0.15  # below, the second guess is no guess

SAID_AGAIN: Final = 0.4  # likeness of the pieces of two texts, 0 to 1
LOW_RATING: Final = 2  # of 5

ASKED_FOR: Final = "customer_asked"
OWN_ACTS: Final = frozenset({"agree", "refuse", "greet", "thank", "goodbye", "do_not_know",
    "give_detail", "correct_detail", "ask_for_person", "ask_case_status", "ask_next_step",
    "ask_are_you_human"})  # fmt: skip
"""Acts that are mostly said in a few words, which are listed and need no examples."""

OF_THE_SYSTEM: Final = frozenset({"engine_down", "engine_cannot_answer", "refused",
    "remedy_delayed", "payment_answers_differ", "promise_broken", "not_solved", "policy_person",
    "second_look", "staff_gone", "staff_silent", "passed_not_taken", "taken_back"})  # fmt: skip
"""Handoffs that no message brought about."""

_CORRECTS: Final = re.compile(
    r"^\W*(?:(?:no|nope|sorry|wait)\b[\s,.!:;-]*)*"
    r"(?:(?:that['’]?s|that is|this is|it['’]?s) not (?:what i|it\b|my problem|the problem)|"
    r"i (?:meant|mean(?! it\b)|did ?n[o'’]?t mean|was ?n[o'’]?t (?:talking|asking))\b|not what i|"
    r"you (?:misunder\w+|(?:got|have) (?:it|that|me) wrong))",
    re.IGNORECASE,
)
_CORRECTS_ZH: Final = re.compile(
    r"^\W*(?:不是?\W*)?(?:我(?:是说|是想说|指的是|的意思是|说的不?是|不是(?:说|这个意思))|"
    r"不是这个(?:意思)?|[你您](?:理解|弄|搞)错)"
)
_NAMES_A_DETAIL: Final = re.compile(r"\d|@")

Marks = Iterator[tuple[Turn, Reason]]


def found_in(talk: Talk, vocabulary: Vocabulary) -> tuple[Found, ...]:
    """Return the messages that are worth a look, or worth keeping, in their order."""
    reasons: defaultdict[int, set[Reason]] = defaultdict(set)
    for judge in JUDGES:
        for turn, reason in judge(talk):
            reasons[turn.seq].add(reason)
    for turn in talk.turns:
        if vocabulary.is_unseen(turn.text) and not is_detail(turn):
            reasons[turn.seq].add(Reason.UNSEEN_WORDS)
    hints = _hints(talk)
    return tuple(
        _found(turn, reasons[turn.seq], hints.get(turn.seq, ""))
        for turn in talk.turns
        if reasons[turn.seq] and not is_trivial(turn)
    )


def is_trivial(turn: Turn) -> bool:
    """Return whether there is nothing to learn from a message: a word, a number, a plain act."""
    words = same_words(turn.text)
    letters = [character for character in words if character.isalpha()]
    if len(letters) < 2 or (len(words.split()) < 2 and words.isascii()):
        return True
    act = turn.best.intent if turn.best and turn.intent != FALLBACK_INTENT else ""
    return act in OWN_ACTS and is_common_phrase(turn.text)


def is_detail(turn: Turn) -> bool:
    """Return whether a text that fits no intent was simply an answer to what was asked."""
    return turn.intent == FALLBACK_INTENT and not turn.asked_back


def _low_confidence(talk: Talk) -> Marks:
    for turn in talk.turns:
        limit = UNSURE.get(turn.language, UNSURE["en"])
        if turn.best and turn.best.confidence < limit and not is_detail(turn):
            yield turn, Reason.LOW_CONFIDENCE


def _close_guesses(talk: Talk) -> Marks:
    for turn in talk.turns:
        if len(turn.guesses) < 2 or is_detail(turn):
            continue
        first, second = turn.guesses[:2]
        if second.confidence >= FEWEST_SECOND and first.confidence - second.confidence < CLOSE:
            yield turn, Reason.CLOSE_GUESSES


def _asked_back(talk: Talk) -> Marks:
    for turn in talk.turns:
        if turn.asked_back:
            yield turn, Reason.ASKED_BACK


def _rephrased(talk: Talk) -> Marks:
    for turn, following in pairwise(talk.turns):
        if turn.asked_back and says_again(turn, following):
            yield turn, Reason.REPHRASED


def _corrected(talk: Talk) -> Marks:
    for turn, following in pairwise(talk.turns):
        if corrects(following.text):
            yield turn, Reason.CORRECTED


def _wrong_handoff(talk: Talk) -> Marks:
    for handoff in talk.handoffs:
        if handoff.was_needed is False and set(handoff.reasons) - OF_THE_SYSTEM:
            turn = _before(talk, handoff, lambda one: True)
            if turn:
                yield turn, Reason.WRONG_HANDOFF


def _missed_handoff(talk: Talk) -> Marks:
    """A person was needed by the mark, but only the customer's own wish brought one."""
    for handoff in talk.handoffs:
        if handoff.was_needed and handoff.reasons == (ASKED_FOR,):
            turn = _before(talk, handoff, _tells_something)
            if turn:
                yield turn, Reason.MISSED_HANDOFF


def _gave_up(talk: Talk) -> Marks:
    """The customer asked for a person after not being understood."""
    for handoff in talk.handoffs:
        if ASKED_FOR in handoff.reasons:
            turn = _before(talk, handoff, lambda one: one.asked_back)
            if turn:
                yield turn, Reason.GAVE_UP


def _low_rating(talk: Talk) -> Marks:
    """In a conversation that was rated badly, the message that was read least surely."""
    if talk.worst_rating is None or talk.worst_rating > LOW_RATING:
        return
    told = [turn for turn in talk.turns if turn.best and not is_trivial(turn)]
    if told:
        yield min(told, key=lambda one: one.guesses[0].confidence), Reason.LOW_RATING


JUDGES: Final[tuple[Callable[[Talk], Marks], ...]] = (
    _low_confidence,
    _close_guesses,
    _asked_back,
    _rephrased,
    _corrected,
    _wrong_handoff,
    _missed_handoff,
    _gave_up,
    _low_rating,
)


def says_again(turn: Turn, following: Turn) -> bool:
    """Return whether a message says what the one before said: the same words, or the same guess."""
    if is_trivial(following) or following.best is None:
        return False
    if turn.best and turn.best.intent == following.best.intent:
        return True
    mine, theirs = shingles.__wrapped__(turn.text), shingles.__wrapped__(following.text)
    return len(mine & theirs) / len(mine | theirs) >= SAID_AGAIN


def corrects(text: str) -> bool:
    """Return whether a text puts right how the one before was understood, not a detail of it."""
    said = text.strip()
    if _NAMES_A_DETAIL.search(said):
        return False
    return bool(_CORRECTS.search(said) or _CORRECTS_ZH.search(said))


def _tells_something(turn: Turn) -> bool:
    asks = turn.best is not None and turn.best.intent == "ask_for_person"
    return not asks and not is_trivial(turn)


def _before(talk: Talk, handoff: HandedOff, fits: Callable[[Turn], bool]) -> Turn | None:
    """Return the last fitting message that was written before a person was asked for."""
    earlier = [one for one in talk.turns if one.at <= handoff.at and fits(one)]
    return earlier[-1] if earlier else None


def _hints(talk: Talk) -> Mapping[int, str]:
    """Return what each message that was asked back about meant, as it turned out."""
    hints = {turn.seq: turn.chose for turn in talk.turns if turn.chose}
    for turn, following in pairwise(talk.turns):
        misheard = turn.asked_back or corrects(following.text)
        understood = following.intent != FALLBACK_INTENT and not is_trivial(following)
        if misheard and understood and following.intent not in OWN_ACTS:
            hints.setdefault(turn.seq, following.intent)
    return hints


def _found(turn: Turn, reasons: set[Reason], hint: str) -> Found:
    best = turn.best
    return Found(
        seq=turn.seq,
        at=turn.at,
        text=turn.text,
        language=turn.language,
        intent=best.intent if best else turn.intent,
        confidence=best.confidence if best else 0.0,
        reasons=in_order(reasons),
        hint=hint,
    )
