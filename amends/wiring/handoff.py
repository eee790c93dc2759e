"""What the company has laid down about handoff, read from the files that the settings name."""

from amends.handoff.thresholds import Thresholds
from amends.wiring.rules import load_files, of_files
from amends.wiring.settings import Settings


def load_handoff(settings: Settings) -> Thresholds:
    """Read the table of thresholds, the business hours and the numbers of first help.

    Raises:
        ThresholdsError, HoursError, FirstHelpError: a file cannot be used; the sentence says
            where and why.
    """
    return of_files(load_files(settings))
