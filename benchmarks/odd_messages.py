"""Messages as nobody should write them, made up from a seed: what a reader must survive.

Random characters of all of Unicode with halves of surrogate pairs, control characters, emoji, text
from right to left, very long and repeated ones, our own training examples with their words
mutilated, look-alikes of JSON, markup and Rasa's commands, several languages at once, and strings
that make careless patterns run for ever.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from random import Random

from amends.training.data_reader import read_corpus
from amends.wiring.settings import PROJECT_DIR

LONGEST = 10_000  # characters; the gateway takes 2,000 by default
_SURROGATES = range(0xD800, 0xE000)
_CONTROLS = [*range(0x20), 0x7F, *range(0x80, 0xA0), 0xFFFE, 0xFFFF, 0xFEFF, 0x200B, 0x2028, 0x2029]
_RIGHT_TO_LEFT = [0x200F, 0x202B, 0x202E, 0x2066, 0x2067, 0x2069, 0x061C]
_MARKS = range(0x300, 0x370)
_EMOJI = (
    "😡",
    "🤬",
    "👍🏽",
    "👩‍👩‍👧‍👦",
    "🏴‍☠️",
    "🇩🇪",
    "1️⃣",
    "❤️‍🔥",
    "🙃",
    "☹",
    "💀",
    "👎",
    "🏳️‍🌈",
    "⌛",
    "📦",
)
_OTHER_LANGUAGES = (
    "Mein Paket ist seit drei Wochen nicht da", "¿dónde está mi pedido?", "où est mon colis ?",
    "荷物が届きません", "주문한 물건이 안 왔어요", "посылка не пришла", "الطرد لم يصل",
    "החבילה לא הגיעה", "พัสดุยังไม่มา", "मेरा पार्सल नहीं आया", "我的包裹还没到", "Đơn hàng của tôi đâu?",
    "paketim gelmedi",
)  # fmt: skip
_COMMANDS = (
    "/restart", "/session_start", "/back", "/affirm", "/offer_accepted", "/agree", "EXTERNAL: x",
    "/nlu_fallback", "/report_damaged_item", "///", "/ /restart", "\u200b/restart", "／restart",
    "action_listen", "utter_greet", "{case_number}", "{{7*7}}", "${jndi:ldap://x}", "%s%n%x",
    "'; DROP TABLE messages; --", "<script>alert(1)</script>", "[parcel](item)", "../../etc/passwd",
    '[20331]{"entity": "order_number", "role": "x"}', "nan", "inf", "-0", "None", "null", "true",
)  # fmt: skip
_SLOW_FOR_PATTERNS = (
    "a", "1", "0", " ", "-", "(", "[", "{", "a.", "a@", "@a.", "1-", "1 ", "1,", "#1", "AM-", "no ",
    "not ", "€1", "1€", "\t", "\n", "http://", "www.", "+49", "i ", "1/1/", "!", "?", "aA1", "。",
)  # fmt: skip
_LOOK_ALIKES = str.maketrans("aeopcxyiAEOPCXT", "аеорсхуіАЕОРСХТ")
_LEET = str.maketrans("aeiost", "431057")

type Kind = Callable[[Random], str]


def messages(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield kind and text of so many messages, the same for the same seed."""
    random = Random(seed)
    names, weights = list(KINDS), [weight for _, weight in KINDS.values()]
    for name in random.choices(names, weights, k=count):
        make, _ = KINDS[name]
        yield name, make(random)[:LONGEST]


@cache
def examples() -> Sequence[str]:
    """Return the texts of our own training examples."""
    return [one.text for one in read_corpus(PROJECT_DIR / "data" / "nlu", PROJECT_DIR).examples]


@cache
def words() -> Sequence[str]:
    return sorted({word for text in examples() for word in text.split()})


def _length(random: Random, longest: int = 60) -> int:
    return int(random.paretovariate(1.0)) % longest + random.randrange(3)


def _characters(random: Random, count: int) -> str:
    return "".join(chr(random.randrange(sys.maxunicode + 1)) for _ in range(count))


def _unicode(random: Random) -> str:
    text = _characters(random, random.randrange(60))
    halves = [chr(random.choice(_SURROGATES)) for _ in range(random.randrange(3))]
    return "".join(random.sample([*text, *halves], k=len(text) + len(halves)))


def _control(random: Random) -> str:
    letters = list(random.choice(examples()))
    for _ in range(1 + _length(random, 20)):
        letters.insert(random.randrange(len(letters) + 1), chr(random.choice(_CONTROLS)))
    return "".join(letters)


def _emoji(random: Random) -> str:
    some = random.choices(_EMOJI, k=1 + _length(random, 40))
    return random.choice(("", " ")).join([*some, *_some_words(random, random.randrange(4))])


def _right_to_left(random: Random) -> str:
    letters = [
        chr(random.choice((*range(0x5D0, 0x5EB), *range(0x621, 0x64B), 0x20))) for _ in "x" * 30
    ]
    marks = [chr(random.choice(_RIGHT_TO_LEFT)) for _ in range(random.randrange(6))]
    return "".join(random.sample([*letters, *marks], k=30 + len(marks))) + random.choice(examples())


def _long(random: Random) -> str:
    parts: list[str] = []
    wanted = random.choice((500, 1000, 2000, 2000, 4000, LONGEST))
    while sum(map(len, parts)) < wanted:
        parts.append(random.choice(examples()))
    return random.choice((" ", ". ", "\n", "")).join(parts)


def _repeated(random: Random) -> str:
    piece = random.choice(
        (random.choice(examples()), random.choice(words()), _characters(random, 1))
    )
    return (piece + random.choice(("", " "))) * random.randrange(2, 1 + max(3, 2000 // len(piece)))


def _mutated(random: Random) -> str:
    text = random.choice(examples())
    for _ in range(1 + random.randrange(4)):
        text = random.choice(_MUTATIONS)(text, random)
    return text


def _swap(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _drop(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at + 1 :]


def _double(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at : at + 1] * random.randrange(2, 30) + text[at + 1 :]


def _shuffle(text: str, random: Random) -> str:
    found = text.split()
    return " ".join(random.sample(found, k=len(found)))


def _marked(text: str, random: Random) -> str:
    """Letters under towers of accents."""
    tower = "".join(chr(random.choice(_MARKS)) for _ in range(random.randrange(1, 9)))
    return "".join(letter + tower for letter in text)


_MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    _swap,
    _drop,
    _double,
    _shuffle,
    _marked,
    lambda text, _: text.upper(),
    lambda text, _: text.replace(" ", ""),
    lambda text, _: " ".join(text),
    lambda text, _: text[::-1],
    lambda text, _: text.translate(_LEET),
    lambda text, _: text.translate(_LOOK_ALIKES),
    lambda text, random: f"{text} {random.choice(_EMOJI)}",
    lambda text, random: text[: random.randrange(len(text) + 1)],
)


def _command(random: Random) -> str:
    before = random.choice(("", " ", "\n", "\x00", "/", random.choice(words()) + " "))
    return before + random.choice(_COMMANDS) + random.choice(("", json.dumps(_value(random, 2))))


def _json(random: Random) -> str:
    deep = random.randrange(400)
    return random.choice((json.dumps(_value(random, 4)), "[" * deep, '{"a":' * deep, "{" * deep))


def _value(random: Random, depth: int) -> object:
    if depth == 0 or random.random() < 0.3:
        return random.choice(
            (None, True, -1, 10**30, 1e308, random.choice(words()), _unicode(random))
        )
    if random.random() < 0.5:
        return [_value(random, depth - 1) for _ in range(random.randrange(4))]
    keys = ("text", "intent", "name", "entities", "metadata", "sender", random.choice(words()))
    return {key: _value(random, depth - 1) for key in random.sample(keys, k=random.randrange(5))}


def _mixed(random: Random) -> str:
    parts = random.choices(_OTHER_LANGUAGES, k=random.randrange(1, 4))
    return " ".join(random.sample([*parts, *_some_words(random, 4)], k=len(parts) + 4))


def _numbers(random: Random) -> str:
    digits = "".join(random.choices("0123456789٣५３²½Ⅷ", k=random.choice((1, 5, 6, 12, 40, 400))))
    shape = random.choice(
        ("{}", "order {}", "-{}", "{}e999", "£{}.99", "#{}", "{}/{}/{}", "{} days")
    )
    return f"{shape.format(digits, digits[:2], digits[:4])} {' '.join(_some_words(random, 3))}"


def _slow(random: Random) -> str:
    piece = random.choice(_SLOW_FOR_PATTERNS)
    return piece * random.randrange(1, 2000 // len(piece)) + random.choice(("", "!", "x", "\n"))


def _nothing(random: Random) -> str:
    return "".join(random.choices(" \t\n\r\u00a0\u3000\u200b\u2060.", k=random.randrange(8)))


def _some_words(random: Random, count: int) -> list[str]:
    return random.choices(words(), k=count)


KINDS: dict[str, tuple[Kind, int]] = {
    "unicode": (_unicode, 12),
    "control": (_control, 8),
    "emoji": (_emoji, 6),
    "right_to_left": (_right_to_left, 6),
    "long": (_long, 1),
    "repeated": (_repeated, 3),
    "mutated": (_mutated, 36),
    "command": (_command, 8),
    "json": (_json, 5),
    "mixed": (_mixed, 6),
    "numbers": (_numbers, 5),
    "slow_for_patterns": (_slow, 3),
    "nothing": (_nothing, 1),
}
"""By name: how to make one, and how many of a hundred are."""
