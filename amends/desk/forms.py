"""What a form posts: bounded in size, as text; what is missing is empty."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import Request

MOST_BYTES = 65_536
MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one form."""

    fields: dict[str, list[str]]

    def get(self, name: str) -> str:
        """Return the first value; empty when the field is missing."""
        return self.fields.get(name, [""])[0]

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value, as of check boxes that share a name."""
        return tuple(self.fields.get(name, ()))


async def read_form(
    request: Request, most_bytes: int = MOST_BYTES, most_fields: int = MOST_FIELDS
) -> Form:
    """Return what was posted; one that is too large counts as empty."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            return Form({})
    text = body.decode("utf-8", "replace").replace("%00", "")  # no database has text with NUL
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=most_fields)
    except ValueError:  # more fields than any of our forms has
        return Form({})
    return Form(fields)
