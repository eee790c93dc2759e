"""Everything personal that a text holds, as spans that do not overlap."""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from amends.conversations.personal.model import Kind, Span, apart
from amends.conversations.personal.names import known_names, names_in
from amends.conversations.personal.numbers import net_addresses, numbers
from amends.conversations.personal.places import places


def find_personal(
    text: str,
    names: Sequence[str] = (),
    more: Iterable[Span] = (),
    kinds: Collection[Kind] = frozenset(Kind),
) -> tuple[Span, ...]:
    """Return what says who somebody is, in order.

    Args:
        names: of people who are known to be concerned; they and their parts are found in any case.
        more: found by others, to be told apart from what is found here.
        kinds: that are looked for.
    """
    found = chain(net_addresses(text), numbers(text), places(text), names_in(text))
    told = tuple(more)
    kept = apart(chain(told, found, known_names(text, names)))
    return tuple(one for one in kept if one.kind in kinds or one in told)
