"""What can be told from a conversation, as numbers between -1 and 1; each has a factor."""

import math
import re
from collections import deque
from collections.abc import Sequence

from amends.satisfaction.model import Journey, Turn

_THANKS = re.compile(r"\b(thanks?|thank you|thx|cheers|great|perfect|appreciate)\b|谢谢|感谢", re.I)
APOLOGY = re.compile(r"\b(sorry|apolog\w+)\b|抱歉|对不起|歉意", re.I)
_NEXT = re.compile(
    r"\b(will|we'll|i'll|within|by (mon|tue|wed|thu|fri|sat|sun|tomorrow|\d)|next step|case)\b"
    r"|将会|会尽快|工作日|工单|下一步|我们会",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+(?:'\w+)?|\d+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
HAN_A_WORD = 1.6
"""A Chinese word has 1.6 characters on average, so texts of both languages compare."""

REMEMBERED = 50  # messages before one, among which it may be said again
VERY_LONG = 200  # words
USUAL = 0.6  # where two dozen words lie, by the logarithm: a usual complaint counts for nothing
PLEASED = 0.3  # the mood from which words count as positive (config.yml)
SERIOUS = frozenset({"high", "critical"})
IGNORED = "unresponsive_support"


def features(turns: Sequence[Turn], journey: Journey) -> dict[str, float]:
    """Return the features that can be told from this conversation, each from -1 to 1."""
    return {**_mood_features(turns), **_word_features(turns), **_journey_features(journey)}


def _mood_features(turns: Sequence[Turn]) -> dict[str, float]:
    read = [turn for turn in turns if turn.role == "user" and turn.sentiment is not None]
    moods = [turn.sentiment for turn in read if turn.sentiment is not None]
    if not moods:
        return {}
    found = {
        "mood_at_end": moods[-1],
        "mood_overall": sum(moods) / len(moods),
        "worst_mood": min(moods),
        "serious": -1.0 if any(turn.severity in SERIOUS for turn in read) else 0.0,
        "ignored_before": -1.0 if any(IGNORED in turn.categories for turn in read) else 0.0,
    }
    if len(moods) > 1:
        found["mood_change"] = (moods[-1] - moods[0]) / 2
        found["pleased_at_end"] = 1.0 if moods[-1] >= PLEASED else 0.0
    return found


def _word_features(turns: Sequence[Turn]) -> dict[str, float]:
    users = [turn for turn in turns if turn.role == "user"]
    answers = " ".join(turn.text for turn in turns if turn.role == "system")
    if not users:
        return {}
    thanked = bool(_THANKS.search(users[-1].text)) and (users[-1].sentiment or 0) >= 0
    length = math.log1p(sum(_words(turn.text) for turn in users)) / math.log1p(VERY_LONG)
    found = {
        "left_unanswered": -1.0 if turns[-1].role == "user" and not thanked else 0.0,
        "little_to_tell": USUAL - min(1.0, length),
        "told_again": -min(1.0, _repeats([turn.text for turn in users])),
        "thanked_at_end": 1.0 if thanked and len(users) > 1 else 0.0,
    }
    if answers:
        found["apologised"] = 1.0 if APOLOGY.search(answers) else -0.5
        found["next_step"] = 1.0 if _NEXT.search(answers) else -0.5
    return found


def _journey_features(journey: Journey) -> dict[str, float]:
    found: dict[str, float] = {}
    if journey.remedy_accepted or journey.remedy_refused:
        found["remedy"] = 1.0 if journey.remedy_accepted else -0.7
    if journey.waited_for_staff_seconds is not None:
        # Answers within 30 minutes lift satisfaction; after 3 hours half of the customers are gone.
        found["waited"] = max(-1.0, 0.5 - journey.waited_for_staff_seconds / 3600)
    if journey.promises_broken or journey.promises_kept:
        found["promises"] = -1.0 if journey.promises_broken else 0.3
    if journey.questions_repeated:
        found["asked_twice"] = -min(1.0, journey.questions_repeated / 2)
    return found


def _words(text: str) -> float:
    """Return how many words a text has, in any language."""
    han = len(_HAN.findall(text))
    return len(_WORD.findall(_HAN.sub(" ", text))) + han / HAN_A_WORD


def _repeats(texts: Sequence[str]) -> float:
    """Return how often a customer repeats most of an earlier message."""
    seen: deque[set[str]] = deque(maxlen=REMEMBERED)
    repeats = 0
    for text in texts:
        words = set(re.findall(r"\w{4,}", text.lower()))
        repeats += any(len(words & old) > 0.6 * len(words) > 2 for old in seen)
        seen.append(words)
    return repeats / 2
