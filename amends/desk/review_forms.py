"""What the forms of the review queue post."""

from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from amends.desk import words
from amends.desk.forms import Form
from amends.desk.review_query import read_query
from amends.training.review.deciding import Chosen
from amends.training.review.model import Kind, Verdict


def verdict_of(form: Form) -> Verdict | None:
    """Return what is decided; None when the form says nothing of it."""
    intent, act = form.get("intent"), form.get("act")
    if intent:
        kind = Kind.RELABEL
    elif act in {one.value for one in Kind} - {Kind.RELABEL.value}:
        kind = Kind(act)
    else:
        return None
    if kind in (Kind.SKIP, Kind.OUT_OF_SCOPE):
        return Verdict(kind)
    return Verdict(
        kind,
        intent or None,
        _changed(form, "secondary", words.CATEGORIES, always=kind is Kind.SECONDARY),
        _changed(form, "flags", words.FLAGS, always=kind is Kind.FLAGS),
    )


def _changed(
    form: Form, name: str, known: dict[str, str], *, always: bool
) -> tuple[str, ...] | None:
    """Return what is ticked of a list; None when it is what was read, unless it is decided on."""
    ticked = tuple(one for one in form.all(name) if one in known)
    return ticked if always or {*ticked} != {*form.get(f"read_{name}").split()} else None


def chosen_of(form: Form) -> Chosen:
    """Return which messages it is decided on."""
    ticked = {number(one) for one in form.all("ticked")}
    listed = {number(one) for one in form.all("listed")}
    return Chosen(number(form.get("group")), number(form.get("last")), frozenset(listed - ticked))


def fields_of(form: Form) -> dict[str, str]:
    """Return the list that the form was shown in."""
    return dict(parse_qsl(form.get("query")))


def further(fields: dict[str, str], form: Form) -> dict[str, str]:
    """Return the same list with the next row open."""
    return fields | {"at": form.get("next")}


def address(fields: dict[str, str], **more: str) -> str:
    """Return the address of a list, with more in it."""
    asked = read_query(fields, ZoneInfo("UTC"))
    return asked.address(at=str(asked.at) if asked.at is not None else "", **more)


def number(text: str) -> int:
    """Return a whole number; 0 when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
