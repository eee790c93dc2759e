"""What moved a predicted satisfaction, in the reader's language."""

from amends.desk.speech import mark, tr

DRIVERS = (
    mark("content at the end"),
    mark("upset at the end"),
    mark("friendly throughout"),
    mark("unhappy throughout"),
    mark("never upset"),
    mark("badly upset at one point"),
    mark("mood improved"),
    mark("mood worsened"),
    mark("thanked at the end"),
    mark("pleased with the answer"),
    mark("the customer's last words were not answered"),
    mark("had written before without an answer"),
    mark("a serious matter"),
    mark("the customer had to say it again"),
    mark("settled in few words"),
    mark("had much to tell"),
    mark("was apologised to"),
    mark("no apology"),
    mark("told what happens next"),
    mark("no next step"),
    mark("accepted a remedy"),
    mark("got no remedy"),
    mark("answered at once"),
    mark("waited for a person"),
    mark("promises kept"),
    mark("a promise was broken"),
    mark("asked the same question twice"),
)
"""The words of `amends.satisfaction.factors`, for the catalogue."""


def driver(words: str) -> str:
    """Return a driver as the reader is told it; one that nobody has worded yet stays English."""
    return tr(words)
