"""What all tables share: naming of constraints, time in UTC, JSON and closed sets of words."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

from amends.cases.model import Category, known_category

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on every database; a naive one is refused.

    SQLite knows no time zones: there the text is UTC, of fixed width, so that it sorts as time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; pass an aware datetime")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


PortableJson = JSON(none_as_null=True)
"""JSON as text on both databases: what is read is what was written, order of keys included.

Not PostgreSQL's JSONB: nothing is searched inside, and JSONB reorders keys.
"""

MinorUnits = BigInteger()
"""An amount in the currency's minor unit."""

RunningId = BigInteger().with_variant(Integer, "sqlite")
"""A number the database hands out; SQLite does so for INTEGER only."""


def closed_set(words: type[StrEnum], name: str) -> Enum:
    """Return a text column type that admits only these words, by a check constraint."""
    return Enum(
        words,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class CategoryWord(TypeDecorator[Category]):
    """What a complaint is about: an open set, for companies add to it.

    A word that the program knows no more (its entry was taken out) reads as a general complaint.
    """

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Category | str | None, dialect: Dialect) -> str | None:
        return None if value is None else Category(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Category | None:
        return None if value is None else known_category(value)


def category_shape() -> CheckConstraint:
    """Return the constraint of a column `category`: some word in small letters."""
    return CheckConstraint("category <> '' AND category = lower(category)", "category")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  (read by SQLAlchemy, never changed)
        datetime: UtcDateTime,
        dict[str, Any]: PortableJson,
        list[str]: PortableJson,
        dict[str, str]: PortableJson,
        dict[str, float]: PortableJson,
    }
