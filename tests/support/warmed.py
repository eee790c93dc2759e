"""What every desk reads when it starts, read once for all that are forked from here."""

from amends.handoff.load_canned import load_canned
from amends.values import utc_now
from amends.wiring.app import build
from amends.wiring.settings import load_settings

load_canned(utc_now())
build(load_settings(environ={}, database_url="sqlite:////nowhere/amends.db"), "desk").db.close()
