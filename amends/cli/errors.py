"""What a command may fail with: one sentence for the person at the terminal, exit code 2.

UsageError
"""


class UsageError(Exception):
    """The command cannot do what it was asked; the text is one sentence that says why."""
