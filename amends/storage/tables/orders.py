"""The demo shop's order system: what a company's own system knows elsewhere.

Nothing else refers to these tables by foreign key, because a company may connect its own.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from amends.cases.model import OrderState
from amends.storage.base import Base, MinorUnits, closed_set


class CustomerRow(Base):
    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text, unique=True)
    tier: Mapped[str] = mapped_column(String(32))
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(8))


class OrderRow(Base):
    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    state: Mapped[OrderState] = mapped_column(closed_set(OrderState, "state"))
    currency: Mapped[str] = mapped_column(String(3))
    shipping_paid_minor: Mapped[int] = mapped_column(MinorUnits)
    placed_at: Mapped[datetime] = mapped_column()
    due_on: Mapped[date] = mapped_column()
    delivered_on: Mapped[date | None] = mapped_column()
    cancelled_on: Mapped[date | None] = mapped_column()
    return_received_on: Mapped[date | None] = mapped_column()
    refund_due_minor: Mapped[int] = mapped_column(MinorUnits)
    refund_paid_minor: Mapped[int] = mapped_column(MinorUnits)
    charged_minor: Mapped[int] = mapped_column(MinorUnits)
    stock_available: Mapped[bool] = mapped_column()
    country: Mapped[str] = mapped_column(String(2))
    warehouse: Mapped[str | None] = mapped_column(String(64))
    carrier: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("shipping_paid_minor >= 0", "shipping_not_negative"),
        CheckConstraint("refund_due_minor >= 0", "refund_due_not_negative"),
        CheckConstraint("refund_paid_minor >= 0", "refund_paid_not_negative"),
        CheckConstraint("charged_minor >= 0", "charged_not_negative"),
        CheckConstraint("length(currency) = 3", "currency_iso"),
        CheckConstraint("state <> 'delivered' OR delivered_on IS NOT NULL", "delivered_has_a_date"),
        CheckConstraint("state <> 'cancelled' OR cancelled_on IS NOT NULL", "cancelled_has_a_date"),
        CheckConstraint(
            "state <> 'returned' OR return_received_on IS NOT NULL", "returned_has_a_date"
        ),
        Index(None, "customer_id", "placed_at"),
    )


class OrderLineRow(Base):
    __tablename__ = "order_lines"

    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int] = mapped_column()
    unit_price_minor: Mapped[int] = mapped_column(MinorUnits)

    __table_args__ = (
        CheckConstraint("quantity > 0", "quantity_positive"),
        CheckConstraint("unit_price_minor >= 0", "price_not_negative"),
    )
