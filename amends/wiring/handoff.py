"""What the company has laid down about handoff, read from the files that the settings name."""

from dataclasses import replace

from amends.handoff.first_help import load_first_help
from amends.handoff.load_hours import load_hours
from amends.handoff.thresholds import Thresholds, load_thresholds
from amends.wiring.settings import Settings


def load_handoff(settings: Settings) -> Thresholds:
    """Read the table of thresholds, the business hours and the numbers of first help.

    Raises:
        ThresholdsError, HoursError, FirstHelpError: a file cannot be used; the sentence says
            where and why.
    """
    return replace(
        load_thresholds(settings.handoff_path),
        hours=load_hours(settings.hours_path),
        helplines=load_first_help(settings.first_help_path),
    )
