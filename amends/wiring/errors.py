"""What wiring may fail with at a person's wish: one sentence for whoever asked.

NotPossible
├── StartError       a process did not become ready
├── ApiError         no gateway answers, or it refuses
└── SandboxError     a sandbox cannot be started, or is gone
"""


class NotPossible(Exception):
    """What was asked cannot be done; the text is one sentence that says why."""
