"""What the review queue shows: its rows, the message that is open, the example it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from amends.conversations.model import Message, Understanding
from amends.desk import intent_words, review_words, words
from amends.desk.case_words import moment_words
from amends.desk.insight_list_views import Said, said_lines
from amends.desk.speech import tr
from amends.training.labels import COMPLAINT_PREFIX, FALLBACK_INTENT
from amends.training.review.model import Decision, Group, Item, Reason
from amends.training.review.talks import guesses_of

GUESSES = 3


@dataclass(frozen=True, slots=True)
class Label:
    """A reason, as a small label and as a sentence."""

    words: str
    why: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: a group, or a decision."""

    id: int
    text: str
    reading: str
    confidence: str
    size: int
    when: str
    labels: tuple[Label, ...]
    decided: str = ""  # what was decided, and by whom


@dataclass(frozen=True, slots=True)
class Member:
    """One of several alike messages."""

    id: int
    text: str
    when: str
    is_leader: bool


@dataclass(frozen=True, slots=True)
class Context:
    """The message that is open, with what surrounds it."""

    item: Item
    said: Sequence[Message]
    understood: Understanding | None
    case_number: str
    names: tuple[str, ...]  # of people whom it may mention


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    checked: bool = False


def labels(reasons: Sequence[Reason]) -> tuple[Label, ...]:
    return tuple(
        Label(
            review_words.reason(one),
            tr(review_words.WHY[one]),
            review_words.TONES.get(one, ""),
        )
        for one in reasons
        if one is not Reason.UNSEEN_WORDS
    )


def group_row(group: Group, zone: tzinfo) -> Row:
    one = group.leader
    return Row(
        id=group.id,
        text=one.text,
        reading=intent_words.intent(one.intent),
        confidence=percent(one.confidence),
        size=group.size,
        when=moment_words(group.last_at, zone),
        labels=labels(group.reasons),
    )


def decision_row(
    decision: Decision, item: Item | None, names: Mapping[str, str], zone: tzinfo
) -> Row:
    return Row(
        id=decision.id,
        text=item.text if item else tr("The message was deleted."),
        reading=intent_words.intent(decision.read_as),
        confidence=percent(item.confidence) if item else "",
        size=decision.size,
        when=moment_words(decision.at, zone),
        labels=labels(decision.reasons),
        decided=decided_words(decision, names),
    )


def decided_words(decision: Decision, names: Mapping[str, str]) -> str:
    """Return what was decided and by whom, as "Relabelled: Missing item (Tim Weller)"."""
    kind = tr(review_words.KINDS[decision.verdict.kind])
    new = intent_words.intent(decision.verdict.intent) if decision.verdict.intent else ""
    what = tr("{kind}: {intent}", kind=kind, intent=new) if new else kind
    return tr("{what} ({name})", what=what, name=names.get(decision.by, decision.by))


def details_of(decision: Decision) -> list[tuple[str, str]]:
    """Return the further parts of a verdict."""
    verdict, found = decision.verdict, []
    if verdict.secondary is not None:
        also = [words.word(words.CATEGORIES, one) for one in verdict.secondary]
        found.append((tr("Further categories"), ", ".join(also) or tr("None")))
    if verdict.flags is not None:
        flags = [words.word(words.FLAGS, one) for one in verdict.flags]
        found.append((tr("Flags"), ", ".join(flags) or tr("None")))
    return found


def members(items: Sequence[Item], zone: tzinfo) -> list[Member]:
    return [
        Member(one.id, one.text, moment_words(one.at, zone), at == 0)
        for at, one in enumerate(items)
    ]


def guesses(found: Understanding | None, item: Item) -> list[tuple[str, str]]:
    """Return the best guesses with their confidence, in words."""
    listed = guesses_of(found.parse)[:GUESSES] if found else ()
    if not listed:
        return [(intent_words.intent(item.intent), percent(item.confidence))]
    return [(intent_words.intent(one.intent), percent(one.confidence)) for one in listed]


def reading(found: Understanding | None) -> list[tuple[str, str]]:
    """Return what else was read of a message."""
    if found is None:
        return []
    also = [words.word(words.CATEGORIES, one) for one in found.secondary]
    flags = [words.word(words.FLAGS, one) for one in sorted(found.flags)]
    facts = [
        (tr("Acted on as"), intent_words.intent(found.intent)),
        (tr("Further categories"), ", ".join(also)),
        (tr("Flags"), ", ".join(flags)),
        (tr("Mood"), words.mood(found.sentiment)),
    ]
    return [(name, value) for name, value in facts if value]


def surrounding(
    messages: Sequence[Message], understood: Mapping[int, Understanding], zone: tzinfo
) -> list[Said]:
    return said_lines(messages, understood, zone)


def intents(known: Sequence[str], likely: Sequence[str]) -> list[Choice]:
    """Return all intents to choose from: those that are likely first, complaints before acts."""
    listed = [one for one in known if one != FALLBACK_INTENT]
    likely = [one for one in likely if one in listed]
    rest = [one for one in listed if one not in likely]
    rest.sort(key=lambda one: (not one.startswith(COMPLAINT_PREFIX), intent_words.intent(one)))
    return [Choice(one, intent_words.intent(one)) for one in (*likely, *rest)]


def categories(chosen: Sequence[str]) -> list[Choice]:
    return _listed(words.CATEGORIES, chosen)


def flags(chosen: Sequence[str]) -> list[Choice]:
    return _listed(words.FLAGS, chosen)


def marked_up(text: str, spans: Sequence[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """Return a text in pieces: each with the kind of personal data it is, or with nothing."""
    pieces, place = [], 0
    for start, end, kind in sorted(spans):
        pieces += [(text[place:start], ""), (text[start:end], kind)]
        place = end
    pieces.append((text[place:], ""))
    return [one for one in pieces if one[0]]


def percent(share: float) -> str:
    return f"{share:.0%}"


def _listed(table: Mapping[str, str], chosen: Sequence[str]) -> list[Choice]:
    found = [Choice(one, words.word(dict(table), one), one in chosen) for one in table]
    return sorted(found, key=lambda one: one.words)
