"""How the open chat stands to whoever looks at it, and the words over it. Pure."""

from datetime import datetime

from amends.conversations.model import Mode
from amends.desk import entry_words, rows, words
from amends.desk.actions import Opened
from amends.desk.components.chat_head import Heading, Standing
from amends.desk.components.composer import Writing
from amends.desk.speech import mark, tr
from amends.handoff.deadlines import deadlines_of
from amends.handoff.fit import is_passed_to
from amends.handoff.model import HandoffState, StaffMember
from amends.handoff.rights import Right, may
from amends.handoff.thresholds import Thresholds

_ENDS = {
    "resolved": mark("This chat was resolved."),
    "returned_to_bot": mark("This chat is with the assistant again."),
    "customer_left": mark("The customer needs nobody any more."),
}


def standing(opened: Opened, me: StaffMember) -> Standing:
    handoff, answers = opened.summary.handoff, may(me, Right.ANSWER_CHATS)
    if handoff.state is HandoffState.WAITING:
        return Standing.CLAIMABLE if answers else Standing.WATCHED
    if handoff.state is HandoffState.ENDED:
        takes_back = answers and opened.may_take_back
        return Standing.RETURNED if takes_back else Standing.WATCHED
    if handoff.claimed_by == me.id:
        return Standing.PASSED_ON if handoff.passing else Standing.MINE
    if is_passed_to(handoff, me):
        return Standing.PASSED_TO_ME
    return Standing.TAKE_OVER if may(me, Right.TAKE_OVER) else Standing.WATCHED


def listens_in(opened: Opened, me: StaffMember) -> bool:
    """Whether this person reads a chat that a colleague has, and not because it comes to them."""
    handoff = opened.summary.handoff
    is_a_colleagues = handoff.state is HandoffState.CLAIMED and handoff.claimed_by != me.id
    listening = may(me, Right.LISTEN_IN) and opened.is_readable and not is_passed_to(handoff, me)
    return is_a_colleagues and listening


def writing(opened: Opened, me: StaffMember) -> Writing:
    how = standing(opened, me)
    if how is Standing.MINE:
        return Writing.BOTH
    if how in (Standing.PASSED_ON, Standing.PASSED_TO_ME) or listens_in(opened, me):
        return Writing.NOTE
    return Writing.NOTHING


def heading(
    opened: Opened, me: StaffMember, thresholds: Thresholds, listeners: str, now: datetime
) -> Heading:
    """Return what stands over the chat.

    Args:
        opened: what was read of it.
        me: who looks.
        thresholds: whose rows say why a person was asked for.
        listeners: who listens in, by name.
        now: the present moment.
    """
    summary = opened.summary
    reasons = [words.reason(key, thresholds) for key in summary.handoff.reasons]
    number = summary.case.number if summary.case else tr("No case")
    return Heading(
        name=summary.customer.name if summary.customer else tr("Guest"),
        about=f"{number} · {', '.join(reasons)}",
        standing=standing(opened, me),
        banner=banner(opened, me),
        clocks=[rows.clock(one, now) for one in deadlines_of(summary.handoff, summary.case)],
        listeners=tr("{names} listens in.", names=listeners) if listeners else "",
    )


def banner(opened: Opened, me: StaffMember) -> str:
    """Return in a sentence who has the chat, when it is not simply this person's."""
    handoff = opened.summary.handoff
    name = opened.claimed_by_name or tr("A colleague")
    match standing(opened, me):
        case Standing.MINE | Standing.CLAIMABLE:
            return ""
        case Standing.PASSED_ON if handoff.passing:
            who = entry_words.passed_to(handoff.passing, opened.names)
            return tr(
                "You have passed this chat on to {who}. Until it is taken, the assistant "
                "stays silent and you can take it back.",
                who=who,
            )
        case Standing.PASSED_TO_ME if handoff.passing:
            return tr("{name} passes this chat on: {note}", name=name, note=handoff.passing.note)
    if handoff.state is HandoffState.CLAIMED:
        if listens_in(opened, me):
            return tr("{name} has this chat. You read along, and {name} sees it.", name=name)
        return tr("{name} has this chat.", name=name)
    if handoff.state is HandoffState.WAITING:
        return ""
    if handoff.outcome == "returned_to_bot" and opened.summary.conversation.mode is Mode.CLOSED:
        return tr("This chat has ended.")
    return tr(_ENDS.get(handoff.outcome or "", mark("This chat has ended.")))
