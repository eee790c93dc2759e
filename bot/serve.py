"""`python -m bot.serve run …`: Rasa's server without the libraries that serving never uses.

Rasa imports every channel, store and plotting library it knows when it starts. We use one channel
of our own and an SQL store, so inert modules stand in for the rest, which saves a tenth of the
memory. Training, testing and the shell use the `rasa` command itself, with everything.
"""

from __future__ import annotations

import sys

from bot.without_tensorflow import StandIns

UNUSED = frozenset(
    {
        "aiogram",  # Telegram
        "boto3",  # models on S3, DynamoDB tracker store
        "botocore",
        "fbmessenger",
        "matplotlib",  # plots of `rasa test`
        "mattermostwrapper",
        "prompt_toolkit",  # the shell's questions
        "pymongo",  # MongoDB tracker store
        "questionary",
        "rocketchat_API",
        "scipy.stats",  # scikit-learn's random searches, while training
        "slack_sdk",
        "twilio",
        "webexteamssdk",
    }
)


def main() -> None:
    """Start Rasa with the arguments of this process."""
    sys.meta_path.insert(0, StandIns(UNUSED))
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
