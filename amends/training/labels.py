"""How labelled rows name things, and how the product names them: the one table of both."""

NOT_A_COMPLAINT = "not_a_complaint"
FALLBACK_INTENT = "nlu_fallback"
COMPLAINT_PREFIX = "report_"

CATEGORY_OF_LABEL: dict[str, str | None] = {
    "late_delivery": "not_received",
    "missing_parcel": "not_received",
    "facilities_cleanliness": "facilities",
    "unwanted_contact": "privacy_data",
    # About a flag, whatever the message complains of: measured with the handoffs.
    "product_safety": None,
    "discrimination": None,
}
"""Labels that are no category of ours; every other label is the category itself."""

FLAG_OF_TRIGGER = {
    "safety_injury": "safety",
    "legal_threat": "legal",
    "regulator": "regulator",
    "discrimination": "discrimination",
    "harassment_assault": "harassment",
    "self_harm": "self_harm",
    "vulnerable_customer": "vulnerable_customer",
    "fraud_theft_identity": "fraud",
    "violence_threat": "violence_threat",
    "media_exposure": "media",
    "human_request": "human_request",
    "privacy_breach": "privacy",
}

SERIOUS_CATEGORIES = frozenset({"unauthorised_charge", "privacy_data"})
"""A handoff of such a complaint is no false alarm, even where nobody marked a trigger."""


def category_of_label(label: str) -> str | None:
    """Return the product's category for a row's label; None if it is not scored as one."""
    return CATEGORY_OF_LABEL.get(label, label)


def answer_of_intent(intent: str) -> str:
    """Return what an intent says of a message: a category, or that it is no complaint."""
    if intent.startswith(COMPLAINT_PREFIX):
        return intent.removeprefix(COMPLAINT_PREFIX)
    return NOT_A_COMPLAINT
