"""Recovery: how far a customer's mood rose from the start of a conversation to its end."""

from dataclasses import dataclass

from amends.insights.statistics.intervals import Estimate, mean, share
from amends.insights.statistics.numbers import Numbers, same_length, within

NOTICEABLE = 0.1  # a smaller move is within what two readings of the same words differ by
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Recovery:
    """Over the conversations whose mood is known at both ends."""

    change: Estimate | None  # -2..2; None for fewer than two conversations
    improved: Estimate  # share whose mood rose noticeably
    worsened: Estimate  # share whose mood fell noticeably
    n: int


def recovery(
    moods_at_start: Numbers, moods_at_end: Numbers, noticeable: float = NOTICEABLE
) -> Recovery | None:
    """Return the effect of recovery; None without conversations.

    Args:
        moods_at_start: -1 to 1, one per conversation.
        moods_at_end: -1 to 1, in the same order.
        noticeable: The least change that counts as improved or worsened, above 0.

    Raises:
        ValueError: the lists differ in length, or a mood lies outside of the scale.
    """
    same_length(moods_at_start, moods_at_end)
    change = within(moods_at_end, -1, 1, "Moods") - within(moods_at_start, -1, 1, "Moods")
    least = noticeable - _ROUNDING
    improved = share(int((change >= least).sum()), change.size)
    worsened = share(int((change <= -least).sum()), change.size)
    if improved is None or worsened is None:
        return None
    return Recovery(mean(change, -2, 2), improved, worsened, change.size)
