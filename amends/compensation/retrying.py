"""How long an accepted remedy waits when the company's system could not carry it out."""

from datetime import timedelta

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
LONGEST_ASKED_FOR = timedelta(hours=24)
"""The longest wait that a system may ask for; a promise cannot wait for its word any longer."""

MOST_DOUBLINGS = 20


def pause_after(
    tries: int, chance: float, retry_after: timedelta | None = None, slowly: bool = False
) -> timedelta:
    """Return the pause after so many failed tries: doubled each time, half of it by chance.

    Args:
        tries: Failed tries so far, from 1.
        chance: Between 0 and 1; a new one each time, so that many remedies do not come at once.
        retry_after: How long the system itself asks to be left alone; never less than that.
        slowly: Trying soon is no use: the longest pause from the first.
    """
    doubled = FIRST_PAUSE * 2 ** min(tries - 1, MOST_DOUBLINGS)
    most = LONGEST_PAUSE if slowly else min(doubled, LONGEST_PAUSE)
    pause = most * (1 + chance) / 2
    return pause if retry_after is None else max(pause, min(retry_after, LONGEST_ASKED_FOR))
