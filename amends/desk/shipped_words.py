"""Words that come with the product's own files, so that they are translated like the code's.

A company that words a row or a tier anew is shown its own words, in every language.
"""

from amends.desk.speech import mark

THRESHOLDS = (
    mark("Speaks of harming themselves"),
    mark("Somebody is or may be in danger"),
    mark("Harassment or assault"),
    mark("Vulnerable customer"),
    mark("Discrimination"),
    mark("Fraud or identity theft"),
    mark("Personal data exposed"),
    mark("Legal steps"),
    mark("Goes to the press"),
    mark("Asked for a person"),
    mark("Furious"),
    mark("Upset about something serious"),
    mark("Stays angry while the assistant answers"),
    mark("Complained within the last 30 days"),
    mark("The assistant does not understand"),
    mark("Asked the same question three times"),
    mark("Waits too long for an answer"),
    mark("Declined all that the policy offers"),
    mark("Many problems at once"),
)
"""Titles of the rows in `policies/handoff.yml`."""

TIERS = (mark("Regular"), mark("Plus"), mark("Gold"))
"""Memberships of the demo shop's customers."""
