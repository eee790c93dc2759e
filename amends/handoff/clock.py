"""The clocks of a handoff: place in the queue, by when an answer is due, and how that is said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from babel.dates import format_datetime

from amends.handoff.hours import Hours
from amends.handoff.model import Channel, Contact, Handoff

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a wait depends on beside the handoff's own row."""

    ahead: int  # how many wait before this one
    online: int  # people at the desk
    pace: timedelta | None  # for each place in the queue, as of late
    hours: Hours
    queue_limit: int  # waiting customers for each person at the desk

    @property
    def position(self) -> int:
        return self.ahead + 1

    @property
    def likely(self) -> timedelta | None:
        """How long it takes at the present pace, in whole minutes of working time; at least one."""
        if self.pace is None:
            return None
        return max(1, ceil(self.position * self.pace / _MINUTE)) * _MINUTE

    @property
    def full(self) -> bool:
        return 0 < self.online * self.queue_limit < self.position


@dataclass(frozen=True, slots=True)
class Wait:
    """What a waiting customer may be told; every time in it comes from rows."""

    position: int  # 1 is next
    minutes: int  # until the answer is due; 0 when it is overdue
    due_at: datetime  # as the company's clock shows it
    late: bool
    about: int | None = None  # minutes at the present pace; None when nobody can tell
    by_clock: bool = False  # there are hours in between in which nobody works
    opens_at: datetime | None = None  # when people are back; None while they are at work
    online: int = 1
    full: bool = False  # more wait than the people at the desk can answer soon
    contact: Contact | None = None

    @property
    def slow(self) -> bool:
        """Whether at the present pace the answer comes later than promised."""
        return self.about is not None and self.about > self.minutes

    @property
    def reachable(self) -> bool:
        """Whether the customer has told where else to answer."""
        return self.contact is not None and self.contact.address is not None


def wait_for(handoff: Handoff, scene: Scene, now: datetime) -> Wait:
    """Tell the truth about a wait."""
    late = now >= handoff.answer_due_at
    due_at = handoff.limit_due_at if late else handoff.answer_due_at
    left = max(timedelta(0), due_at - now)
    at_work = scene.hours.is_open(now)
    likely = scene.likely if at_work and scene.online else None
    return Wait(
        position=scene.position,
        minutes=ceil(left / _MINUTE),
        due_at=scene.hours.local(due_at),
        late=late,
        about=None if likely is None else likely // _MINUTE,
        by_clock=scene.hours.between(now, due_at) < left,
        opens_at=None if at_work else scene.hours.local(scene.hours.opens_at(now)),
        online=scene.online,
        full=at_work and scene.full,
        contact=handoff.contact,
    )


_WORDS = {
    "en": {
        "closed": "Our team is away now and back on {moment}.",
        "nobody": "Nobody of our team is online at this moment.",
        "full": "More people are waiting than our team can answer soon.",
        "late": "You have waited longer than we promised, and we are sorry.",
        "place": "You are number {position} in the queue; you will have an answer {when}.",
        "pace": (
            "You are number {position} in the queue. At the present pace it takes about {pace}; "
            "you will have an answer {when}."
        ),
        "slow": (
            "You are number {position} in the queue; at the present pace it takes about {pace}."
        ),
        "longer": "That is longer than we promised, and we are sorry.",
        "overdue_next": "You have waited longer than we promised, and we are sorry; you are next.",
        "overdue": (
            "You have waited longer than we promised, and we are sorry; "
            "you are number {position} in line."
        ),
        "offer": (
            "If you would rather not wait here, leave an e-mail address or a phone number, "
            "and a colleague will answer you that way."
        ),
        "email": "A colleague will answer you by e-mail, as you wished.",
        "phone": "A colleague will call you back, as you wished.",
        "within": "within {time}",
        "by": "by {moment}",
        "minute": "a minute",
        "minutes": "{count} minutes",
        "hours": "{count} hours",
    },
    "zh": {
        "closed": "我们的同事现在不在，{moment}回来。",
        "nobody": "目前没有同事在线。",
        "full": "现在等候的人较多，短时间内难以逐一答复。",
        "late": "让您等候的时间超出了我们的承诺，非常抱歉。",
        "place": "您目前排在第{position}位，我们会在{when}答复您。",
        "pace": "您目前排在第{position}位，按现在的速度大约需要{pace}，我们会在{when}答复您。",
        "slow": "您目前排在第{position}位，按现在的速度大约需要{pace}。",
        "longer": "这超出了我们的承诺，非常抱歉。",
        "overdue_next": "让您等候的时间超出了我们的承诺，非常抱歉；下一位就是您。",
        "overdue": "让您等候的时间超出了我们的承诺，非常抱歉；您目前排在第{position}位。",
        "offer": "如果您不想在这里等，可以留下邮箱或电话号码，同事会通过该方式答复您。",
        "email": "同事会按您的意愿通过邮件答复您。",
        "phone": "同事会按您的意愿给您回电。",
        "within": "{time}内",
        "by": "{moment}前",
        "minute": "1分钟",
        "minutes": "{count}分钟",
        "hours": "{count}小时",
    },
}

_MOMENTS = {
    "en": ("EEEE, d MMMM, HH:mm", " (zzzz)", "en_GB"),
    "zh": ("M月d日EEEEHH:mm", "（zzzz）", "zh_Hans_CN"),
}
"""How a language writes a moment, the name of its time zone behind it, and the locale."""

_BETWEEN = {"en": " ", "zh": ""}


def wait_words(wait: Wait, language: str = "en") -> str:
    """Word a wait: what is out of the ordinary, place and time, and what else can be done."""
    spoken = language if language in _WORDS else "en"
    words = _WORDS[spoken]
    said = _place_words(wait, words, spoken)
    if wait.opens_at:
        said.insert(0, words["closed"].format(moment=moment_words(wait.opens_at, spoken)))
    elif not wait.online:
        said.insert(0, words["nobody"])
    elif wait.full:
        said.insert(0, words["full"])
    if wait.reachable or _is_hard(wait):
        said.insert(1 if wait.full else len(said), contact_words(wait.contact, spoken))
    return _BETWEEN[spoken].join(said)


def contact_words(contact: Contact | None, language: str) -> str:
    """Say how else the customer is answered, or can be."""
    words = _WORDS.get(language, _WORDS["en"])
    if contact is None or contact.address is None:
        return words["offer"]
    return words["email" if contact.channel is Channel.EMAIL else "phone"]


def _is_hard(wait: Wait) -> bool:
    """Whether waiting here is no good advice."""
    return bool(wait.opens_at or not wait.online or wait.full or wait.late or wait.slow)


def _place_words(wait: Wait, words: dict[str, str], language: str) -> list[str]:
    if wait.minutes == 0:
        key = "overdue_next" if wait.position == 1 else "overdue"
        return [words[key].format(position=wait.position)]
    values = {
        "position": wait.position,
        "when": _when(wait, words, language),
        "pace": _time_words(wait.about or 0, words),
    }
    key = "place" if wait.about is None else "slow" if wait.slow else "pace"
    said = [words[key].format(**values)]
    if wait.late:
        return [words["late"], *said]
    return [*said, words["longer"]] if wait.slow else said


def _when(wait: Wait, words: dict[str, str], language: str) -> str:
    if not wait.by_clock:
        return words["within"].format(time=_time_words(wait.minutes, words))
    # The zone is named once: with the time at which people are back, if that is told.
    moment = moment_words(wait.due_at, language, zone=wait.opens_at is None)
    return words["by"].format(moment=moment)


def moment_words(moment: datetime, language: str, *, zone: bool = True) -> str:
    """Return a moment as the company's clock shows it, in a customer's language.

    Args:
        moment: in the company's time zone.
        language: of the customer.
        zone: whether the time zone is named.
    """
    pattern, named, locale = _MOMENTS.get(language, _MOMENTS["en"])
    return format_datetime(moment, pattern + named if zone else pattern, locale=locale)


def _time_words(minutes: int, words: dict[str, str]) -> str:
    if minutes >= 120:
        return words["hours"].format(count=ceil(minutes / 60))
    return words["minute" if minutes == 1 else "minutes"].format(count=minutes)
