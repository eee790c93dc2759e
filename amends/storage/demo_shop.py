"""The demo shop "Fernhill", home and garden: its catalogue, customers and orders, as plain data.

Days count from the day the shop is filled: -6 is six days ago, 2 is the day after tomorrow.
Documentation and demonstrations name the orders 10045 to 10050; keep what they are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from amends.cases.model import Customer, Order, OrderLine, OrderState

SHOP_NAME = "Fernhill"

CURRENCY = {"GB": "GBP", "DE": "EUR", "FR": "EUR", "US": "USD", "CH": "CHF", "JP": "JPY"}
SHIPPING_MINOR = {"GBP": 495, "EUR": 590, "USD": 795, "CHF": 750, "JPY": 850}

CATALOGUE: dict[str, tuple[str, dict[str, int]]] = {
    "LAMP-OAK": (
        "Oak table lamp",
        {"GBP": 5400, "EUR": 6400, "USD": 6900, "CHF": 6500, "JPY": 9800},
    ),
    "CHAIR-GDN": (
        "Folding garden chair",
        {"GBP": 4500, "EUR": 5200, "USD": 5600, "CHF": 5500, "JPY": 8200},
    ),
    "TABLE-BIS": (
        "Bistro table, 60 cm",
        {"GBP": 11900, "EUR": 13900, "USD": 14900, "CHF": 14500, "JPY": 21800},
    ),
    "KETTLE-19": (
        "Electric kettle, 1.7 l",
        {"GBP": 3900, "EUR": 4490, "USD": 4900, "CHF": 4900, "JPY": 6900},
    ),
    "DUVET-D": (
        "Linen duvet cover, double",
        {"GBP": 8900, "EUR": 9990, "USD": 10900, "CHF": 10900, "JPY": 15900},
    ),
    "POTS-3": (
        "Terracotta pots, set of three",
        {"GBP": 2750, "EUR": 3190, "USD": 3400, "CHF": 3400, "JPY": 4900},
    ),
    "SHEARS-8": (
        "Pruning shears, 8 inch",
        {"GBP": 1890, "EUR": 2190, "USD": 2400, "CHF": 2400, "JPY": 3400},
    ),
    "HOSE-25": (
        "Garden hose, 25 m",
        {"GBP": 3290, "EUR": 3790, "USD": 4100, "CHF": 3990, "JPY": 5900},
    ),
    "MIRROR-R": (
        "Round wall mirror, 80 cm",
        {"GBP": 9500, "EUR": 10900, "USD": 11900, "CHF": 11900, "JPY": 16900},
    ),
    "RUG-WOOL": (
        "Wool rug, 160 x 230 cm",
        {"GBP": 22900, "EUR": 25900, "USD": 28500, "CHF": 27900, "JPY": 41800},
    ),
    "KNIFE-CH": (
        "Chef's knife, 20 cm",
        {"GBP": 6200, "EUR": 6990, "USD": 7500, "CHF": 7500, "JPY": 10800},
    ),
    "CANDLE-F": (
        "Fig candle, 220 g",
        {"GBP": 2200, "EUR": 2490, "USD": 2700, "CHF": 2700, "JPY": 3800},
    ),
    "SHELF-W": (
        "Walnut wall shelf, 90 cm",
        {"GBP": 7400, "EUR": 8490, "USD": 9200, "CHF": 9200, "JPY": 13200},
    ),
    "COMPOST-T": (
        "Kitchen compost bin, 5 l",
        {"GBP": 3450, "EUR": 3990, "USD": 4300, "CHF": 4300, "JPY": 6200},
    ),
}

CUSTOMERS = (
    Customer("cus-collins", "Maya Collins", "maya.collins@example.com", "regular", "GB"),
    Customer("cus-whitaker", "Tom Whitaker", "tom.whitaker@example.com", "plus", "GB"),
    Customer("cus-rahman", "Aisha Rahman", "aisha.rahman@example.com", "plus", "GB"),
    Customer("cus-hughes", "Gareth Hughes", "gareth.hughes@example.com", "regular", "GB"),
    Customer("cus-vogt", "Lena Vogt", "lena.vogt@example.com", "regular", "DE"),
    Customer("cus-brandt", "Jonas Brandt", "jonas.brandt@example.com", "plus", "DE"),
    Customer("cus-moreau", "Camille Moreau", "camille.moreau@example.com", "regular", "FR"),
    Customer("cus-brooks", "Daniel Brooks", "daniel.brooks@example.com", "regular", "US"),
    Customer("cus-alvarez", "Sofia Alvarez", "sofia.alvarez@example.com", "plus", "US"),
    Customer("cus-keller", "Reto Keller", "reto.keller@example.com", "plus", "CH"),
    Customer("cus-tanaka", "Yuki Tanaka", "yuki.tanaka@example.com", "regular", "JP"),
    Customer("cus-sato", "Haruto Sato", "haruto.sato@example.com", "plus", "JP"),
)


WAREHOUSES = ("Leeds", "Utrecht")
CARRIERS = ("Northway", "Parcelwise", "Swiftpost")


@dataclass(frozen=True, slots=True)
class Sale:
    """One order of the demo shop, told in days from today."""

    number: str
    customer: str
    state: OrderState
    items: tuple[str, ...]  # a repeated item is bought that many times
    placed: int
    due: int
    delivered: int | None = None
    cancelled: int | None = None
    returned: int | None = None
    refunded: bool = False
    charged_times: int = 1
    in_stock: bool = True


_S = OrderState
SALES = (
    # Delivered, from three years ago until yesterday
    Sale("10011", "hughes", _S.DELIVERED, ("KETTLE-19",), -1110, -1104, delivered=-1104),
    Sale("10012", "vogt", _S.DELIVERED, ("RUG-WOOL",), -1100, -1092, delivered=-1093),
    Sale("10013", "moreau", _S.DELIVERED, ("KNIFE-CH", "SHEARS-8"), -700, -694, delivered=-695),
    Sale("10014", "rahman", _S.DELIVERED, ("LAMP-OAK",), -252, -246, delivered=-247),
    Sale("10015", "keller", _S.DELIVERED, ("KETTLE-19",), -250, -243, delivered=-243),
    Sale("10016", "tanaka", _S.DELIVERED, ("MIRROR-R",), -249, -240, delivered=-241),
    Sale("10017", "brooks", _S.DELIVERED, ("HOSE-25", "POTS-3"), -95, -88, delivered=-88),
    Sale("10018", "alvarez", _S.DELIVERED, ("DUVET-D", "DUVET-D"), -40, -33, delivered=-34),
    Sale("10019", "brandt", _S.DELIVERED, ("SHELF-W", "SHELF-W"), -32, -26, delivered=-20),
    Sale("10020", "collins", _S.DELIVERED, ("CANDLE-F",) * 3, -30, -25, delivered=-25),
    Sale("10021", "sato", _S.DELIVERED, ("KNIFE-CH",), -16, -9, delivered=-9),
    Sale("10022", "keller", _S.DELIVERED, ("MIRROR-R",), -14, -7, delivered=-7, in_stock=False),
    Sale("10023", "hughes", _S.DELIVERED, ("TABLE-BIS", "CHAIR-GDN"), -8, -1, delivered=-1),
    Sale("10024", "vogt", _S.DELIVERED, ("COMPOST-T",), -7, -1, delivered=-1, in_stock=False),
    Sale("10025", "alvarez", _S.DELIVERED, ("LAMP-OAK",), -20, -15, delivered=-3),
    # Being packed
    Sale("10026", "whitaker", _S.PROCESSING, ("RUG-WOOL",), -1, 5),
    Sale("10027", "moreau", _S.PROCESSING, ("CANDLE-F", "CANDLE-F"), 0, 6),
    Sale("10028", "sato", _S.PROCESSING, ("TABLE-BIS",), -4, 3, in_stock=False),
    # On the way
    Sale("10029", "brandt", _S.SHIPPED, ("POTS-3", "SHEARS-8"), -3, 2),
    Sale("10030", "tanaka", _S.SHIPPED, ("DUVET-D",), -5, 1),
    Sale("10031", "brooks", _S.SHIPPED, ("CHAIR-GDN",) * 4, -4, 3),
    # Late by 2, 6 and 12 days
    Sale("10032", "rahman", _S.LATE, ("HOSE-25",), -8, -2),
    Sale("10033", "keller", _S.LATE, ("SHELF-W",), -9, -2),
    Sale("10034", "moreau", _S.LATE, ("LAMP-OAK", "CANDLE-F"), -13, -6),
    Sale("10035", "brooks", _S.LATE, ("RUG-WOOL",), -20, -12),
    Sale("10036", "tanaka", _S.LATE, ("KETTLE-19",), -19, -12, in_stock=False),
    # Lost by the carrier
    Sale("10037", "brandt", _S.LOST, ("MIRROR-R",), -24, -17, in_stock=False),
    Sale("10038", "alvarez", _S.LOST, ("KNIFE-CH",), -26, -19),
    # Cancelled: not yet refunded, refunded, and before anything was charged
    Sale("10039", "hughes", _S.CANCELLED, ("DUVET-D",), -19, -12, cancelled=-17),
    Sale("10040", "sato", _S.CANCELLED, ("CHAIR-GDN",) * 2, -18, -11, cancelled=-16, refunded=True),
    Sale("10041", "vogt", _S.CANCELLED, ("TABLE-BIS",), -6, 1, cancelled=-5, charged_times=0),
    # Returned: refunded, and waiting for four days
    Sale(
        "10042",
        "whitaker",
        _S.RETURNED,
        ("SHELF-W",),
        -36,
        -30,
        delivered=-30,
        returned=-18,
        refunded=True,
    ),
    Sale("10043", "keller", _S.RETURNED, ("KNIFE-CH",), -21, -15, delivered=-15, returned=-4),
    # Charged twice
    Sale("10044", "moreau", _S.SHIPPED, ("HOSE-25",), -3, 2, charged_times=2),
    # Named in the documentation
    Sale("10045", "collins", _S.LATE, ("TABLE-BIS", "CHAIR-GDN", "CHAIR-GDN"), -12, -6),
    Sale("10046", "whitaker", _S.DELIVERED, ("KETTLE-19", "POTS-3"), -13, -7, delivered=-7),
    Sale("10047", "rahman", _S.LOST, ("DUVET-D", "CANDLE-F"), -22, -15),
    Sale("10048", "vogt", _S.RETURNED, ("LAMP-OAK",), -38, -32, delivered=-32, returned=-20),
    Sale("10049", "brooks", _S.DELIVERED, ("COMPOST-T",), -10, -4, delivered=-4, charged_times=2),
    Sale("10050", "collins", _S.SHIPPED, ("SHELF-W", "CANDLE-F"), -2, 3),
)


def orders(now: datetime) -> tuple[Order, ...]:
    """Return the shop's orders as they stand at `now`."""
    countries = {customer.id: customer.country for customer in CUSTOMERS}
    return tuple(_order(sale, countries[f"cus-{sale.customer}"], now) for sale in SALES)


def _order(sale: Sale, country: str, now: datetime) -> Order:
    today = now.astimezone(UTC).date()
    currency = CURRENCY[country]
    lines = _lines(sale, currency)
    shipping = SHIPPING_MINOR[currency]
    total = sum(line.quantity * line.unit_price_minor for line in lines) + shipping
    charged = total * sale.charged_times
    owed = charged if sale.state in {OrderState.CANCELLED, OrderState.RETURNED} else 0

    def day(offset: int) -> datetime:
        return datetime.combine(today + timedelta(days=offset), time(), UTC)

    return Order(
        number=sale.number,
        customer_id=f"cus-{sale.customer}",
        state=sale.state,
        currency=currency,
        lines=lines,
        shipping_paid_minor=shipping,
        placed_at=min(day(sale.placed) + timedelta(hours=9, minutes=int(sale.number) % 60), now),
        due_on=day(sale.due).date(),
        delivered_on=None if sale.delivered is None else day(sale.delivered).date(),
        cancelled_on=None if sale.cancelled is None else day(sale.cancelled).date(),
        return_received_on=None if sale.returned is None else day(sale.returned).date(),
        refund_due_minor=owed,
        refund_paid_minor=owed if sale.refunded else 0,
        charged_minor=charged,
        stock_available=sale.in_stock,
        country=country,
        warehouse=WAREHOUSES[int(sale.number) % len(WAREHOUSES)],
        carrier=CARRIERS[int(sale.number) % len(CARRIERS)],
    )


def _lines(sale: Sale, currency: str) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(sku, CATALOGUE[sku][0], sale.items.count(sku), CATALOGUE[sku][1][currency])
        for sku in dict.fromkeys(sale.items)
    )
