"""Names of people in Chinese, by what stands around them, surnames and the characters of names."""

import re
from collections.abc import Iterator
from typing import Final

from amends.conversations.personal.model import Kind, Span
from amends.conversations.personal.word_lists import any_of, characters


def _list(*keys: str) -> str:
    return any_of("chinese", *keys)


def _one_of(key: str) -> str:
    return characters("chinese", key)


_HAN: Final = r"[\u4e00-\u9fff]"
_TWO: Final = _list("surnames_of_two")
_SURNAME: Final = f"(?:{_TWO}|{_one_of('surnames')})"
_GIVEN: Final = f"(?:(?!{_one_of('not_given')}|可[以能]){_HAN})"
_TYPICAL: Final = _one_of("given")
_TITLE: Final = _list("titles")
_FIELD: Final = _list("fields")
_PEOPLE: Final = _list("people")
_RELATIVES: Final = _list("relatives")
_DOES: Final = _list("does")

_FULL: Final = rf"(?P<name>{_SURNAME}(?!{_TITLE}){_GIVEN}{{1,2}})"
_NICK: Final = rf"(?P<name>[小老阿大](?:{_SURNAME}|{_TYPICAL})(?!{_TITLE}))"
_LITTLE: Final = rf"(?P<name>(?P<twice>{_TYPICAL})(?P=twice)|{_TYPICAL}{{2}})"
_LATIN: Final = r"(?P<name>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,2})"
_END: Final = r"(?=[，。,.！!？?；;、\s：:（(）)~～—-]|$)"
_START: Final = r"(?:^|[，。！!？?；;、,\n]\s?)"
_END_OF_FIELD: Final = r"(?=[，。,.！!；;、\s]|$|的|是|电话|手机|订单)"

_PLACES: Final = (
    rf"(?:我叫|名叫|叫做)\s?(?P<name>{_HAN}{{2,4}}?)"
    r"(?=[，。,.！!；;、\s：:（(]|$|的|是|在|从|买|订|和|我|你们)",
    rf"{_FIELD}\s?(?:[:：是为叫]\s?)+(?P<name>{_HAN}{{2,4}}?){_END_OF_FIELD}",
    rf"{_FIELD}\s?(?:应该)?(?:[:：是为叫]|改[成为])?\s?{_FULL}{_END_OF_FIELD}",
    rf"(?:{_FIELD}|叫|我是|客服)\s?[:：是为叫]?\s?{_LATIN}(?=[，。！？的]|\s?{_HAN}|$)",
    rf"(?:我是|本人|这里是|这边是|自称(?:是|叫)?|写的是|写成了?){_FULL}(?:{_END}|的)",
    rf"姓(?P<name>{_SURNAME})(?:{_END}|的)",
    rf"(?P<name>{_SURNAME}{_GIVEN}{{0,2}}){_TITLE}",
    rf"(?:{_PEOPLE}|{_RELATIVES}|叫|找|问|跟|和|给|是|你好|您好|[让喊]){_NICK}",
    rf"{_NICK}(?={_DOES})",
    rf"{_START}(?:您好|你好|亲)[，,]?\s?{_FULL}(?=[，,])",
    rf"{_START}(?:您好|你好|亲)[，,]?\s?{_NICK}(?=[，,])",
    rf"{_START}{_FULL}[，,：:]\s?(?=[你您我他她请麻])",
    rf"{_START}{_FULL}(?={_DOES})",
    rf"(?:{_PEOPLE}|{_RELATIVES}|位叫|个叫|叫|找|让){_FULL}",
    rf"(?:{_RELATIVES}|我家){_LITTLE}(?=的|{_END})",
    rf"(?:跟|和|与|同|由|被){_FULL}"
    r"(?=都|也|一起|沟通|聊|说|谈|通过?电话|联系|核实|确认|商量|签收|接待|拒)",
    rf"(?:[—–-]{{1,2}}|[。！!？?\n]|此致|敬礼|谢谢|多谢|感谢)[，,！!]?\s?{_FULL}"
    r"\s?(?:敬上|谨上|拜托了?)?\s*[。.]?\s*$",
)
_ZH: Final = tuple(re.compile(place) for place in _PLACES)
_NOT_A_NAME: Final = re.compile(_list("not_a_name"))


def chinese_names(text: str) -> Iterator[Span]:
    """Yield names that a text in Chinese gives away."""
    for pattern in _ZH:
        for found in pattern.finditer(text):
            if not _NOT_A_NAME.match(found["name"]):
                yield Span(*found.span("name"), Kind.NAME)
