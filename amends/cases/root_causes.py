"""Why it went wrong: a closed set, each of which somebody in the company can act on."""

from enum import StrEnum


class RootCause(StrEnum):
    CARRIER_DELAY = "carrier_delay"
    LOST_IN_TRANSIT = "lost_in_transit"
    PACKAGING = "packaging"
    PICKING_ERROR = "picking_error"
    SUPPLIER_QUALITY = "supplier_quality"
    PRODUCT_INFORMATION = "product_information"
    PAYMENT_SYSTEM = "payment_system"
    WEBSITE_FAULT = "website_fault"
    STAFF_ERROR = "staff_error"
    POLICY_UNCLEAR = "policy_unclear"
    CAPACITY = "capacity"
    CUSTOMER_MISUNDERSTANDING = "customer_misunderstanding"
    UNKNOWN = "unknown"  # looked into, and not found
