"""Every file that a new intent touches, as it reads afterwards.

A complaint: the intent, its apology, the rules that take complaints up, examples, a test
conversation, and the category's entry. Anything else: the intent, its answer, a rule for each
stage of a case, examples, a test conversation.
"""

import json
import re
from collections.abc import Iterator, Mapping

from amends.training.labels import COMPLAINT_PREFIX
from amends.training.new_intent.domain_text import with_intent, with_response
from amends.training.new_intent.model import CATEGORY_WORDS, Draft
from amends.values import LANGUAGES

DOMAIN = "domain.yml"
CATEGORIES = "amends/cases/categories.yml"
RULES = "data/rules"
_LAST = "general_complaint"
"""The category that every list of complaints ends with; a new one stands before it."""
_LAST_INTENT = "nlu_fallback"
_LISTED = re.compile(
    rf"^(?P<indent> *)- intent: {COMPLAINT_PREFIX}{_LAST}(?P<end>\r?)$", re.MULTILINE
)
_STAGES = ("idle", "offered", "refused", "with_staff", "closing")


def new_texts(draft: Draft, files: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each file that changes, by its path.

    Args:
        files: the texts of `domain.yml`, `categories.yml` and all files of rules.

    Raises:
        DomainUnreadable: `domain.yml` is not as this program knows it.
    """
    texts = {DOMAIN: _domain(draft, files[DOMAIN])}
    for language in LANGUAGES:
        texts[_examples_path(draft, language)] = _examples(draft, language)
    texts[f"tests/conversations/test_{draft.key}.yml"] = _conversation(draft)
    if not draft.is_complaint:
        return texts | {f"{RULES}/{draft.key}.yml": _rules(draft)}
    texts[CATEGORIES] = _category(draft, files[CATEGORIES])
    for path, text in files.items():
        if path.startswith(f"{RULES}/"):
            listed = _LISTED.sub(rf"\g<indent>- intent: {draft.intent}\g<end>\n\g<0>", text)
            if listed != text:
                texts[path] = listed
    return texts


def quoted(text: str) -> str:
    """Return a text as YAML's double-quoted scalar; JSON's strings are such."""
    return json.dumps(text.strip(), ensure_ascii=False)


def _domain(draft: Draft, text: str) -> str:
    response = "".join(
        (
            f"  {draft.response}:\n",
            f"    - text: {quoted(draft.answer['en'])}\n",
            *(
                f"    - condition: [{{type: slot, name: language, value: {language}}}]\n"
                f"      text: {quoted(draft.answer[language])}\n"
                for language in LANGUAGES
                if language != "en"
            ),
        )
    )
    last = COMPLAINT_PREFIX + _LAST if draft.is_complaint else _LAST_INTENT
    text = with_intent(text, draft.intent, before=last)
    before = f"say_apology_{_LAST}" if draft.is_complaint else None
    return with_response(text, draft.response, response, before)


def _category(draft: Draft, text: str) -> str:
    entry = "".join(
        (
            f"  - key: {draft.key}\n",
            f"    like: {draft.like}\n",
            *(
                f"    {what}: {{"
                + ", ".join(f"{one}: {quoted(draft.said(what, one))}" for one in LANGUAGES)
                + "}\n"
                for what in CATEGORY_WORDS
            ),
        )
    )
    text = re.sub(r"^categories: \[\]\s*$", "categories:\n", text, flags=re.MULTILINE)
    return text.rstrip("\n") + "\n" + entry


def _examples_path(draft: Draft, language: str) -> str:
    folder = "" if language == "en" else f"{language}/"
    return f"data/nlu/{folder}{draft.key}.yml"


def _examples(draft: Draft, language: str) -> str:
    own = "".join(f"    - {text.strip()}\n" for text in draft.examples[language])
    mood = "  metadata: {sentiment: neg}\n" if draft.is_complaint else ""
    return (
        f"{''.join(_remarks(draft, language))}"
        f'version: "3.1"\n\nnlu:\n- intent: {draft.intent}\n{mood}  examples: |\n{own}'
    )


def _remarks(draft: Draft, language: str) -> Iterator[str]:
    if language != "en":
        yield f"# What belongs here is said in ../{draft.key}.yml.\n"
        yield "# Origin: written at the desk, for this intent.\n"
        return
    about = " ".join(draft.about.split()).rstrip(".")
    yield f"# What belongs here: {about}.\n"
    if draft.is_complaint:
        yield f"# Nearest confusion: {COMPLAINT_PREFIX}{draft.like}.\n"
    yield "# Origin: written at the desk, for this intent.\n"


def _rules(draft: Draft) -> str:
    parts = [f'version: "3.1"\n\n# {" ".join(draft.about.split())}\nrules:\n']
    for stage in _STAGES:
        again = "      - action: action_repeat_offer\n" if stage == "offered" else ""
        parts.append(
            f"  - rule: {draft.intent}, {stage}\n"
            "    condition:\n"
            "      - slot_was_set:\n"
            f"          - case_stage: {stage}\n"
            "    steps:\n"
            f"      - intent: {draft.intent}\n"
            f"      - action: {draft.response}\n{again}\n"
        )
    parts.append(
        f"  - rule: {draft.intent}, while details are asked\n"
        "    condition:\n"
        "      - active_loop: complaint_form\n"
        "      - slot_was_set:\n"
        "          - case_stage: gathering\n"
        "    steps:\n"
        f"      - intent: {draft.intent}\n"
        f"      - action: {draft.response}\n"
        "      - action: complaint_form\n"
        "      - active_loop: complaint_form\n"
    )
    return "".join(parts)


def _conversation(draft: Draft) -> str:
    said = draft.examples["en"][0].strip()
    first = f"  - user: |\n      {said}\n    intent: {draft.intent}\n"
    if not draft.is_complaint:
        steps = f"{first}  - action: {draft.response}\n"
    else:
        steps = (
            f"{first}  - action: action_take_complaint\n"
            "  - slot_was_set:\n    - case_stage: gathering\n"
            "  - action: complaint_form\n  - active_loop: complaint_form\n"
        )
    name = quoted(f"{draft.key.replace('_', ' ')}: the first message")
    return (
        'version: "3.1"\n\n# Actions are not executed here: what they would set stands in '
        f"`slot_was_set`.\nstories:\n- story: {name}\n  steps:\n{steps}"
    )
