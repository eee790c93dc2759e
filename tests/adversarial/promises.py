"""The checker: does everything that was said to a customer have a row?

Pure functions over one conversation's evidence. A message may hold an amount, a time or a remedy
only if the books held it by then; whatever the checker cannot explain is a breach.
"""

import re
from collections.abc import Iterator

from amends.compensation.model import Remedy
from amends.conversations.model import Delivery, Message, Role
from tests.adversarial.amounts import find_amounts, plain
from tests.adversarial.cards import has_rows
from tests.adversarial.evidence import Breach, Evidence, Ground, Rule
from tests.adversarial.moments import find_times
from tests.adversarial.wording import (
    ASSENT,
    ECHOES,
    EXCUSES,
    FIRST_HELP,
    NOTED_IN_THE_CASE,
    ONCE_ACCEPTED,
    PLACE_IN_QUEUE,
    REMEDY_WORDS,
    TERMS_OF_ROWS,
    Recognised,
    customers_own_words,
    may_mention,
    names_of_problems,
    numbers_to_call,
    recognise,
)

_BLANK = "▪"
_FIGURE = re.compile(r"\d+")
_ANSWER = re.compile(r",? (?:and )?an answer by |[，、和](?=[^，、。]*前答复您)")
_SENTENCE_END = re.compile(r"[.!?;:](?=\s|$)|[。！？；：]")
_BARE_FIGURE = re.compile(r"(?<!\d)\d{2,4}(?!\d)")
_SPOKEN = (Role.BOT, Role.SYSTEM)


def check_messages(evidence: Evidence) -> list[Breach]:
    """Return what was said without a row, and what was not answered."""
    found: list[Breach] = []
    for message in evidence.books.messages:
        if message.role in _SPOKEN:
            found += _as_echo(evidence, message, check_message(evidence, message))
    return found + list(_unanswered(evidence)) + list(_customers_terms(evidence))


def check_message(evidence: Evidence, message: Message) -> list[Breach]:
    """Return the breaches in one message: its text, its quick replies and its card."""
    ground = evidence.ground(message.at)
    breaches = [*_text_breaches(evidence, ground, message)]
    for choice in message.choices:
        breaches += _choice_breaches(ground, message, plain(choice.title))
    breaches += _card_breaches(ground, message)
    return breaches


# -- text ----------------------------------------------------------------------------------------


def _text_breaches(evidence: Evidence, ground: Ground, message: Message) -> Iterator[Breach]:
    text = plain(message.text)
    wording = _wording_of(ground, text)
    if wording is None:
        yield Breach(Rule.WORDING, message.seq, text)
    names = ground.names
    if wording is not None and wording.name in ECHOES:
        names += _echoed_order(evidence, message, wording)
    if wording is not None and wording.name.startswith(FIRST_HELP):
        names += numbers_to_call()
    yield from _mismatched(ground, message, _masked(text, ground.reasons))
    founded = _masked(text, (*ground.reasons, *ground.granted_words, *names))
    left, breaches = _without_times_and_amounts(ground, message, founded)
    yield from breaches
    gaps = _gaps_of(wording, len(text))
    for figure in _FIGURE.finditer(left):
        if _within(figure, gaps):
            yield Breach(Rule.NUMBER, message.seq, figure[0])
    yield from _remedy_breaches(ground, message, wording, founded)


def _mismatched(ground: Ground, message: Message, text: str) -> Iterator[Breach]:
    """Yield what stands behind a remedy and is another one's: its amount or its due day."""
    for title, behind in _by_title(text, ground.granted_words):
        mine = [r for r in ground.remedies if title.lower() in _titles(r)]
        due = [day for remedy in mine for day in ground.due_days(remedy.id)]
        for amount in find_amounts(behind):
            if amount.money not in {remedy.amount for remedy in mine}:
                yield Breach(Rule.AMOUNT, message.seq, f"{title}: {amount.words}")
        for said in find_times(behind):
            if said.day is not None and not any(said.is_day(day) for day in due):
                yield Breach(Rule.DATE, message.seq, f"{title}: {said.words}")


def _by_title(text: str, titles: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield each title that a text holds, with what its sentence says up to the next one.

    An answer that was promised is no remedy: its time is not that of the title before it.
    """
    if not titles:
        return
    found = list(re.finditer("|".join(map(re.escape, titles)), text))
    ends = [*(match.start() for match in found[1:]), len(text)] if found else []
    for match, end in zip(found, ends, strict=True):
        behind = _SENTENCE_END.split(text[match.end() : end])[0]
        yield match[0], _ANSWER.split(behind)[0]


def _titles(remedy: Remedy) -> set[str]:
    return {plain(title).lower() for title in remedy.title.values()}


def _wording_of(ground: Ground, text: str) -> Recognised | None:
    """Return the wording that the text is; one that is all gap must hold a reason of the policy."""
    for found in recognise(text):
        if found.name != "say_explanation" or text in ground.reasons:
            return found
    return None


def _gaps_of(wording: Recognised | None, length: int) -> list[tuple[int, int]]:
    """Return which parts of a text are not fixed by its wording."""
    if wording is None:
        return [(0, length)]
    return [(start, end) for _, start, end in wording.filled]


def _within(match: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    return any(start <= match.start() and match.end() <= end for start, end in spans)


def _masked(text: str, known: tuple[str, ...]) -> str:
    """Blank out what has a row, letter by letter, so that places in the text stay the same."""
    for words in known:
        text = text.replace(words, _BLANK * len(words))
    return text


def _without_times_and_amounts(
    ground: Ground, message: Message, text: str
) -> tuple[str, list[Breach]]:
    """Return the text without its amounts and times, and a breach for each that has no row."""
    breaches = []
    for amount in find_amounts(text):
        if not ground.has_money(amount):
            breaches.append(Breach(Rule.AMOUNT, message.seq, amount.words))
        text = _blank(text, amount.start, amount.end)
    for said in find_times(text):
        if not ground.has_time(said):
            breaches.append(Breach(Rule.DATE, message.seq, said.words))
        text = _blank(text, said.start, said.end)
    if ground.evidence.books.handoffs:
        for place in PLACE_IN_QUEUE.finditer(text):
            text = _blank(text, place.start(), place.end())
    return text, breaches


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + _BLANK * (end - start) + text[end:]


def _remedy_breaches(
    ground: Ground, message: Message, wording: Recognised | None, founded: str
) -> Iterator[Breach]:
    """Yield the remedies that are spoken of without a row; `founded` is blank where one has."""
    name = wording.name if wording else ""
    if (kind := ONCE_ACCEPTED.get(name)) is not None:
        if kind not in ground.accepted:
            yield Breach(Rule.REMEDY, message.seq, f"{name} before a {kind} was accepted")
        return
    gaps = _gaps_of(wording if may_mention(name) else None, len(founded))
    text = _masked(founded, names_of_problems()) if may_mention(name) else founded
    for word in REMEDY_WORDS.finditer(text):
        if _within(word, gaps):
            yield Breach(Rule.REMEDY, message.seq, word[0])


def _echoed_order(evidence: Evidence, message: Message, wording: Recognised) -> tuple[str, ...]:
    """Return the order number in our mouth, if the customer typed it, and not as an amount."""
    text = plain(message.text)
    echoed = [text[start:end] for gap, start, end in wording.filled if gap == "order_number"]
    typed = [_without_amounts(plain(m.text)) for m in evidence.typed(message.seq)]
    return tuple(number for number in echoed if any(_squeezed(number) in one for one in typed))


def _without_amounts(text: str) -> str:
    for amount in find_amounts(text):
        text = _blank(text, amount.start, amount.end)
    return _squeezed(text)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()


# -- quick replies and cards ---------------------------------------------------------------------


def _choice_breaches(ground: Ground, message: Message, title: str) -> Iterator[Breach]:
    if title in customers_own_words():
        return
    granted = {words[:1].upper() + words[1:] for words in ground.granted_words}
    founded = _masked(title, (*sorted(granted, key=len, reverse=True), *ground.granted_words))
    founded = _masked(founded, ground.names)
    left, breaches = _without_times_and_amounts(ground, message, founded)
    yield from breaches
    yield from (Breach(Rule.NUMBER, message.seq, f[0]) for f in _FIGURE.finditer(left))
    yield from (Breach(Rule.REMEDY, message.seq, w[0]) for w in REMEDY_WORDS.finditer(left))


def _card_breaches(ground: Ground, message: Message) -> Iterator[Breach]:
    if message.card is not None and not has_rows(ground, message.card):
        yield Breach(Rule.CARD, message.seq, str(message.card))


# -- the customer's own terms --------------------------------------------------------------------


def unfounded_terms(ground: Ground, text: str) -> list[str]:
    """Return the amounts, and the figures that may be amounts, which no row has."""
    text = _masked(plain(text), ground.names)
    amounts = find_amounts(text)
    known = [(a.start, a.end) for a in amounts] + [(t.start, t.end) for t in find_times(text)]
    for start, end in known:
        text = _blank(text, start, end)
    unfounded = [amount.words for amount in amounts if not ground.has_money(amount)]
    return unfounded + _BARE_FIGURE.findall(text)


def _customers_terms(evidence: Evidence) -> Iterator[Breach]:
    """Whoever names an amount without a row is not answered by a yes, and settles nothing by it."""
    for typed in evidence.typed(len(evidence.books.messages)):
        replies = [m for m in evidence.books.messages if m.in_reply_to == typed.seq]
        if not replies or not unfounded_terms(evidence.ground(typed.at), typed.text):
            continue
        if (yes := _bare_yes(evidence, typed, replies)) is not None:
            yield Breach(Rule.TERMS, yes.seq, f"a yes to terms without a row: {yes.text}")
        settled = (m for m in replies if (m.card or {}).get("kind") == "promise")
        yield from (Breach(Rule.TERMS, m.seq, "settled on other terms") for m in settled)


def _bare_yes(evidence: Evidence, typed: Message, replies: list[Message]) -> Message | None:
    """Return the answer that agrees and does not say to what, in terms of the ledger."""
    spoken = [m for m in replies if m.role is Role.BOT]
    known = [found for m in spoken for found in recognise(plain(m.text))[:1]]
    if not spoken or {gap for found in known for gap, _, _ in found.filled} & TERMS_OF_ROWS:
        return None
    offered = any(offer.made_at <= typed.at for offer in evidence.books.offers)
    noted = offered and bool(known) and known[0].name in NOTED_IN_THE_CASE
    return spoken[0] if noted or ASSENT.match(plain(spoken[0].text)) else None


def _as_echo(evidence: Evidence, message: Message, breaches: list[Breach]) -> Iterator[Breach]:
    """Call a figure an echo when it is the customer's own."""
    figures = {f for m in evidence.typed(message.seq) for f in _FIGURE.findall(plain(m.text))}
    for breach in breaches:
        own = breach.rule in (Rule.AMOUNT, Rule.NUMBER) and figures & set(
            _FIGURE.findall(breach.what)
        )
        yield Breach(Rule.ECHO, breach.seq, breach.what) if own else breach


def _unanswered(evidence: Evidence) -> Iterator[Breach]:
    answered = {m.in_reply_to for m in evidence.books.messages if m.role in _SPOKEN}
    for message in evidence.books.messages:
        if message.role in _SPOKEN:
            names = {found.name for found in recognise(plain(message.text))[:1]}
            if any(name.startswith(EXCUSES) for name in names):
                yield Breach(Rule.UNANSWERED, message.seq, message.text)
        elif message.delivery is not Delivery.ANSWERED or message.seq not in answered:
            yield Breach(Rule.UNANSWERED, message.seq, message.text[:80])
