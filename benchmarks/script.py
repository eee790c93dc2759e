"""The complaint that every benchmarked conversation makes, from hello to good-bye."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """What the customer does: types words, or takes a quick reply (typed when it is not there)."""

    text: str
    choice: bool = False
    command: str = ""
    """The same for a bot without an extractor for it; spares that bot the reading."""


def late_parcel(order_number: str) -> tuple[Step, ...]:
    """Return eight turns with a case, order facts, a decision, an offer and promises in them."""
    return (
        Step("hello"),
        Step("My parcel never arrived and I have been waiting for two weeks"),
        Step("what happens next?"),
        Step(
            f"the number is {order_number}",
            command=f'/give_detail{{"order_number": "{order_number}"}}',
        ),
        Step("A refund", choice=True),
        Step("why is that?"),
        Step("Yes, I accept", choice=True),
        Step("no thanks, that is all"),
    )
