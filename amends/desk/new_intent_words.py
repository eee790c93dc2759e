"""What the form for a new category or intent says of each thing that is wrong."""

from amends.desk import words
from amends.desk.speech import mark, tr
from amends.training.new_intent.model import Flaw, Found

MOST_SHOWN = 5
"""So many sentences of one kind stand at a field; the rest would only be scrolled past."""

FIELDS = {
    "key": mark("Name"),
    "about": mark("What belongs here"),
    "like": mark("Asked for like"),
    "name": mark("For staff"),
    "title": mark("On a quick reply"),
    "noun": mark("Inside a sentence"),
    "heading": mark("On the customer's page"),
    "answer": mark("Apology or answer"),
    "examples": mark("Examples"),
}
_SENTENCES = {
    Flaw.NO_KEY: mark("Give it a name."),
    Flaw.KEY_SHAPE: mark(
        "“{key}” cannot be a name; use small letters, digits and underscores, such as "
        "gift_wrapping."
    ),
    Flaw.KEY_LONG: mark("The name may have at most {longest} characters."),
    Flaw.EXISTS: mark("“{key}” exists already; choose another name, or add examples to that one."),
    Flaw.RESERVED: mark("“{key}” is a name that the engine keeps for itself."),
    Flaw.NOT_LIKE: mark("Choose which category it asks the same details as."),
    Flaw.NO_ABOUT: mark("Say in one sentence what belongs here; whoever adds examples reads it."),
    Flaw.NO_WORDS: mark("This is missing."),
    Flaw.SAME_WORDS: mark(
        "“{words}” is the title of another category; two quick replies must not read alike."
    ),
    Flaw.NO_ANSWER: mark("Customers of this language would get no answer."),
    Flaw.NO_APOLOGY: mark("It does not say that we are sorry."),
    Flaw.PROMISE: mark(
        "“{words}” promises something. These words are said whatever is decided later; money, "
        "goods and times come from the compensation policy alone."
    ),
    Flaw.BRACES: mark("Braces are for values that only actions fill in; leave them out."),
    Flaw.FEW: mark("{count} of at least {fewest} examples; one message a line."),
    Flaw.PERSONAL: mark(
        "“{text}” carries somebody's data ({kind}); put an invented one in its place."
    ),
    Flaw.BRACKETS: mark(
        "“{text}” has brackets, as no customer writes them; leave them out and keep the words."
    ),
    Flaw.TWINS: mark("“{text}” says almost the same as “{twin}”; keep one of them."),
    Flaw.NEAR: mark(
        "“{text}” stands almost so under {intent} already: “{twin}”. A model cannot be right "
        "about both."
    ),
}


def sentence(found: Found) -> str:
    return tr(_SENTENCES[found.flaw], **found.values)


def field_word(name: str) -> str:
    """Return what a field is called: `title_zh` is "On a quick reply, Chinese"."""
    what, _, language = name.partition("_")
    if language:
        return f"{tr(FIELDS[what])} ({words.language(language)})"
    return tr(FIELDS[what])
