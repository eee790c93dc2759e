"""A category and an intent that nobody has yet."""

from amends.training.new_intent.model import Draft, Known

KNOWN = Known(
    intents=frozenset({"greet", "report_damaged_item"}),
    responses=frozenset({"utter_greet", "say_apology_damaged_item"}),
    categories=["damaged_item", "staff_conduct"],
    files=frozenset({"items"}),
    words={"en": frozenset({"Something else"}), "zh": frozenset({"其他问题"})},
)

GIFT_WRAPPING = Draft(
    key="gift_wrapping",
    is_complaint=True,
    about="The gift was not wrapped, or the card was missing or wrong.",
    answer={
        "en": "I'm sorry that your present was not wrapped as you ordered it.",
        "zh": "很抱歉，您的礼物没有按您的要求包装。",
    },
    examples={
        "en": (
            "the present came without any wrapping at all",
            "I paid extra for gift wrap and got a brown box",
            "where is the card I wrote for my sister??",
            "Wrapped in newspaper. For a wedding.",
            "you printed the price on the gift note, how embarrassing",
            "no ribbon no paper nothing",
            "My grandson's birthday parcel looked like a return, the bow was torn off",
            "wrong message on the greeting card, it says happy retirement to my baby niece",
            "the gift bag you charged me for was missing",
            "It was supposed to be a surprise and the picture of it was on the outside",
        ),
        "zh": (
            "礼品包装根本没做，直接快递盒送过去的",
            "贺卡上的名字写错了，太尴尬了",
            "说好的礼盒呢？就一个塑料袋",
            "礼物上面还贴着价格标签",
            "丝带断了，包装纸皱成一团",
        ),
    },
    like="damaged_item",
    words={
        "name": {"en": "Gift wrapping", "zh": "礼品包装"},
        "title": {"en": "My gift was not wrapped", "zh": "礼物没有包装好"},
        "noun": {"en": "the gift wrapping", "zh": "礼品包装的问题"},
        "heading": {"en": "Your gift was not wrapped as ordered", "zh": "礼物没有按要求包装"},
    },
)

OPENING_HOURS = Draft(
    key="ask_opening_hours",
    is_complaint=False,
    about="When a shop or the support is open.",
    answer={
        "en": "Our opening hours stand on our website, under Contact.",
        "zh": "我们的营业时间请见网站的“联系我们”页面。",
    },
    examples={
        "en": (
            "when do you open on sundays",
            "what time does the Leeds shop close",
            "which doors are unlocked on the morning of a bank holiday?",
            "opening hours please",
            "Is anybody there after six?",
            "how late can I ring the hotline",
            "do you open before nine on weekdays",
            "is the store open today",
            "closing time in your outlet?",
            "whats the hours for the warehouse counter",
        ),
        "zh": (
            "你们周日几点开门",
            "门店今天营业吗？",
            "客服晚上几点下班",
            "节假日开不开门",
            "营业时间是几点到几点",
        ),
    },
)
