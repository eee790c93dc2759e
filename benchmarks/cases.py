"""Cases as a shop meets them, made up from a seed: every category, every state of an order.

They are cases of `policies/retail.yml`: facts as `amends.compensation.case_facts` gathers them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

from amends.cases.model import Category, OrderState, Wish

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 90
CURRENCIES = ("EUR", "GBP", "USD", "CHF", "JPY")
FLAGS = ("safety", "legal", "media", "fraud", "human_request", "vulnerable_customer")
CASES_PER_CUSTOMER = 3
DECLINED = (0,) * 7 + (1, 1, 2)
Json = dict[str, Any]


def rows(count: int, seed: int = 1) -> Iterator[Json]:
    """Yield cases `{id, at, customer, declined, facts}` in order of time, the same each time."""
    random = Random(seed)
    step = timedelta(days=DAYS) / max(count, 1)
    for number, category in zip(range(count), cycle(Category), strict=False):
        yield {
            "id": f"AM-{number:06d}",
            "at": (FIRST_DAY + number * step).isoformat(),
            "customer": f"cus-{random.randrange(count // CASES_PER_CUSTOMER + 1)}",
            "declined": random.choice(DECLINED),
            "facts": facts(category.value, random),
        }


def facts(category: str, random: Random) -> Json:
    gathered: Json = {
        "category": category,
        "wish": random.choice([None, *(wish.value for wish in Wish)]),
        "flags": [random.choice(FLAGS)] if random.random() < 0.05 else [],
        "severity": random.choice(("low", "low", "medium", "high")),
        "repeat_complaint": random.random() < 0.1,
        "settled_before": random.random() < 0.03,
        "customer_verified": random.random() < 0.6,
        "customer_tier": random.choice(("regular", "regular", "plus")),
        "previous_goodwill_count_90d": random.choice((0, 0, 0, 1, 2, 3)),
        "waiting_hours": random.choice((None, 5.0, 48.0, 96.0)),
        "order_found": random.random() < 0.95,
    }
    return gathered | (order_facts(random) if gathered["order_found"] else {})


def order_facts(random: Random) -> Json:
    state = random.choice(list(OrderState))
    price = random.randrange(500, 30_000)
    came_back = state in {OrderState.RETURNED, OrderState.CANCELLED}
    due = came_back and random.random() < 0.7
    paid = due and random.random() < 0.3
    arrived = state in {OrderState.DELIVERED, OrderState.RETURNED}
    return {
        "order_state": state.value,
        "days_late": random.randrange(1, 25) if state in {OrderState.LATE, OrderState.LOST} else 0,
        "days_since_delivery": random.randrange(0, 400) if arrived else None,
        "days_since_return_received": random.randrange(0, 30) if came_back else None,
        "stock_available": random.random() < 0.8,
        "country": random.choice(("DE", "GB", "US", "CH", "JP")),
        "currency": random.choice(CURRENCIES),
        "order_total_minor": price + random.randrange(0, 20_000),
        "item_price_minor": price,
        "shipping_paid_minor": random.choice((0, 495, 995)),
        "refund_due": due,
        "refund_open_minor": price if due and not paid else 0,
        "refund_paid": paid,
        "charged_twice": random.random() < 0.2,
    }
