"""What a command may fail with: one sentence for the person at the terminal, exit code 2.

UsageError
└── DatabaseAway
"""


class UsageError(Exception):
    """The command cannot do what it was asked; the text is one sentence that says why."""


class DatabaseAway(UsageError):
    """The database's server does not answer, or not yet; the text says what the driver told."""
