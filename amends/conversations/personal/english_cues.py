"""Where in an English sentence a name stands, as patterns whose group "name" is the place."""

import re
from typing import Final

from amends.conversations.personal.word_lists import alternatives, any_of, word_list

PARTICLES: Final = word_list("english", "particles")

LETTER: Final = r"[^\W\d_\u3400-\u9fff]"
WORD: Final = rf"{LETTER}+(?:['’-]{LETTER}+)*"
_INITIAL: Final = r"[A-Za-z]\.(?=\s|$)"
CAPITAL: Final = rf"(?:{_INITIAL}|[A-ZÀ-ÞŁŚŽŠČĐ](?:{LETTER}|['’-](?={LETTER}))*)"
_SURE: Final = rf"(?: {alternatives(PARTICLES)})?"
FULL: Final = rf"{CAPITAL}(?:{_SURE}(?: (?:de|van|von) der)? {CAPITAL}){{0,2}}"
_TWO: Final = rf"{CAPITAL}(?:{_SURE} {CAPITAL}){{1,2}}"
_ANY: Final = rf"(?:{_INITIAL}|{WORD})(?: (?:{_INITIAL}|{WORD})){{0,3}}"
_SPOKEN_OF: Final = rf"(?P<name>{FULL}|{WORD})"
END: Final = r"(?![^\W_])"
_STOP: Final = r"(?=\s*(?:$|[,.!?;:()\n]))"


def _list(*keys: str) -> str:
    return any_of("english", *keys)


_START: Final = r"(?:^|[.!?\n,;:(…]\s*|\s[-–—]\s?)"
_PERSON: Final = _list("people", "relatives")
_NAME_WORD: Final = r"n(?:ame|mae|aem|am)"
_SIGN_OFF: Final = _list("sign_offs")
_JOB: Final = rf"(?:\w+ ){{0,2}}{_PERSON}\b"

IN_ANY_CASE: Final = (
    re.compile(
        rf"(?i:\bmy (?:full |first |last |sur)?{_NAME_WORD}(?:['’]?s| is| was|:)"
        r"|\bi(?: am|['’]?m) called|\b(?:sur)?name(?:['’]s| is| was|:| =)|\bcall me|\bnamed"
        r"|\bthey call me|\baccount holder(?: is|:)?|\bgoes by(?: the name)?"
        r"|\bthe name(?: is|['’]s| of)|\bunder (?:the name(?: of)?|name)|\bin the name of"
        r"|\b(?:badge|tag|label|card) (?:says?|said|reads?)|\bintroduced (?:him|her|them)self as"
        rf"|\bcustomer(?: name)?:) [\"“']?(?P<name>{_ANY})"
    ),
    re.compile(
        rf"(?i:\bthis is|\bthis) (?P<name>{_ANY}?) (?i:speaking|here|calling|again|writing)\b"
    ),
    re.compile(rf"(?i:\b{_list('titles')}\b\.?) (?P<name>{FULL}|{WORD}(?: {WORD})?){END}"),
    re.compile(
        rf"(?i:\bit['’]?s|\bit is|\bthis is) (?P<name>{WORD}(?: {WORD})?)"
        r" (?i:(?:from|at|in) (?:flat|number|no\b|apartment|apt|house|room|unit|next door|\d))"
    ),
    re.compile(rf"(?i:\b{_PERSON},? (?:was |is )?(?:called|named)) (?P<name>{FULL}|{WORD}){END}"),
    re.compile(
        rf"(?i:(?:^|[.!?,\n]\s*|\s){_SIGN_OFF}\b[,.!:]?\s*[-–—~]?\s?)(?P<name>{WORD})[\W_x]*$"
    ),
)
"""In these a name may be any word in small letters that no list knows as another."""

I_AM_SMALL: Final = re.compile(
    rf"(?i:\bi(?: am|['’]?m)|\bit['’]?s) (?P<name>{WORD}(?: {WORD})?){END}"
)

SPOKEN_OF: Final = (
    re.compile(rf"(?i:\b{_list('before')}) {_SPOKEN_OF}{END}"),
    re.compile(
        rf"(?i:\b{_PERSON}(?:['’]?s name)?(?:,? (?:called|named|by the name of|name)| is| was|:)?"
        rf"(?:,? (?:an? |i (?:think|believe)(?: it was)? ?)?|,? ?[(](?:i (?:think|believe) )?))"
        rf"{_SPOKEN_OF}{END}"
    ),
    re.compile(
        rf"(?i:\b{_list('met')} ){_SPOKEN_OF}{END}"
        rf"(?=\s*(?:$|[.,!?;]|(?i:{_list('met_then')})\b))"
    ),
    re.compile(
        r"(?i:\bunder |\b(?:passed|bounced|sent) (?:around |back )?(?:from|between) )"
        rf"{_SPOKEN_OF}{END}"
    ),
    re.compile(rf"(?i:{_START}{_list('greetings')} ){_SPOKEN_OF}(?=\s*(?:[,.!?:\n-]|$))"),
)
"""In these a word in small letters must be a first name, though it may be another word too."""

WITH_CAPITALS: Final = (
    re.compile(rf"(?i:\b{_list('titles_with_capitals')}\b\.?) (?P<name>{FULL}){END}"),
    re.compile(
        rf"(?i:\bit['’]?s |\bit is |^|[.!?,\n]\s*)(?P<name>{FULL})"
        r"(?i: again\b| speaking\b| writing\b| here(?=\s?[,.!:;–-]|$))"
    ),
    re.compile(
        rf"\b(?i:i(?: am|['’]?m)|this is|it['’]s) (?P<name>{FULL}){END}"
        r"(?=\s*(?:$|[,.!;:()\n]"
        r"|(?:and|from|at|in|a|an|the|your|one|calling|writing|customer|i)\b))"
    ),
    re.compile(
        rf"(?i:\b{_SIGN_OFF}\b(?:,? (?:from )?(?:a|an|your|one)(?: [\w-]+){{1,4}})?[,.!:]?"
        rf"\s*[-–—~]?\s?)(?P<name>{FULL})(?=[\W_x]*(?:\n|$)|\s*\()"
    ),
    re.compile(rf"[.!?]\s+(?P<name>{CAPITAL}(?: {CAPITAL}){{1,2}})\s*$"),
    re.compile(
        r"(?i:\b(?:from|passenger|attention of|attn|fao|recipient|addressee|client|holder|owner"
        r"|contact|name|guest|traveller|behalf of(?: my \w+)?)(?::|,)? ?"
        r"|\bname\b[^.!?\n]{0,25} (?:is|to|was|be|says?) )"
        rf"(?P<name>{_TWO}){END}"
    ),
    re.compile(rf"(?i:\b(?:first |last |full |sur|maiden |middle )name:?) (?P<name>{FULL}){END}"),
    re.compile(rf"(?P<name>{_TWO})[,:]? ?(?=[<(]?(?:[+(]?\d{{3}}|[^\s@]+@))"),
    re.compile(rf"(?:^|[.!?…\n ])\s?[-–—~^]{{1,2}} ?(?P<name>{FULL})\s*$"),
    re.compile(rf"^(?P<name>{FULL}) ?(?=\((?i:order|ref|account|flat|customer|case)\b)"),
    re.compile(rf"^(?P<name>{_TWO})(?=, (?:\d|my\b|order\b|still\b))"),
    re.compile(rf"\b(?P<name>{FULL}) (?i:(?:from|in|at|of) (?:your |the )?{_list('desks')})\b"),
    re.compile(
        rf"(?<!\bthe )(?<!\bmy )(?<!\byour )(?<!\bour )(?<!\ba )(?<!\bthis )(?<!\bthat )"
        rf"\b(?P<name>{FULL}) (?i:{_list('does')})\b"
    ),
    re.compile(rf"\b(?P<name>{FULL})['’]s? (?i:{_list('owned')})\b"),
    re.compile(rf"\b(?P<name>{FULL})(?:, | ?\()(?i:(?:your|our|my|the|a|an) {_JOB})"),
    re.compile(rf"(?i:\b(?:me|i) (?:and|or) )(?P<name>{FULL}){END}"),
    re.compile(rf"\b(?P<name>{FULL}) (?i:(?:and|or) (?:i|me|myself)\b)"),
    re.compile(rf"(?i:\bsigned (?:for )?(?:by|as) )[\"“'](?P<name>{FULL}){END}"),
    re.compile(rf"(?P<name>{FULL}) (?i:is my name)\b"),
    re.compile(rf"\b(?P<name>[A-Z]{LETTER}+ [A-Z]\.? [A-Z]{LETTER}+){END}"),
)
"""In these a name begins with a capital letter, or with a first name of the lists."""

JOINED: Final = re.compile(rf"(?P<name>{FULL})(?:,? (?:and|or|then|&) (?:then )?|, )(?={CAPITAL})")
JOINS: Final = re.compile(
    rf"(?:,? (?:and|or|to|then|&)(?: then)?(?: (?:from|to))?|,) (?P<name>{FULL}){END}"
)
EVERY_WORD: Final = re.compile(rf"(?<![^\W_])(?P<name>{WORD}){END}")
MORE: Final = re.compile(rf"(?:{_SURE} {CAPITAL}){{1,2}}{END}")
