"""Names of people, by what stands around them: introduced, signed, addressed, spoken of."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from amends.conversations.personal.first_names import ALSO_WORDS, FIRST_NAMES
from amends.conversations.personal.model import Kind, Span, word_set

PARTICLES: Final = word_set("de van von der den da di la le del bin ibn al el ó mac mc st ten ter")
"""Small words inside a surname."""

_LETTER: Final = r"[^\W\d_\u3400-\u9fff]"
_WORD: Final = rf"{_LETTER}+(?:['’-]{_LETTER}+)*"
_INITIAL: Final = r"[A-Za-z]\.(?=\s)"
_CAPITAL: Final = rf"(?:{_INITIAL}|[A-ZÀ-ÞŁŚŽŠČĐ](?:{_LETTER}|['’-](?={_LETTER}))*)"
_SURE: Final = rf"(?: (?:{'|'.join(sorted(PARTICLES))}))?"
_FULL: Final = rf"{_CAPITAL}(?:{_SURE}(?: (?:de|van|von) der)? {_CAPITAL}){{0,2}}"
_ANY: Final = rf"(?:{_INITIAL}|{_WORD})(?: (?:{_INITIAL}|{_WORD})){{0,3}}"
_EDGE: Final = r"(?![^\W_])"

NOT_A_NAME: Final = word_set(
    """
    a about above absolutely account actually address after afternoon again agent agents
    airline airlines airport all almost already also always am amazon american an and angry
    another any anyone anything anyway anyways app apparently are around as asking
    assistance associate at august away back bad bank because been before being below best
    beyond bill black blue book booking bot both british broken business but by call called
    calling can cannot card care case chat christmas clearly clerk client colleague come
    coming company complaining complaint completely concerned confused connections
    contacting could currently customer customers day days dead dear december definitely
    delayed delivery delta department did different disappointed disgusted do does doing
    done down driver due during each ebay either emailing english even ever every everybody
    everyone everything exactly extremely family feb february fed feeling few finally fine
    first flight folks following for fraud friday friend friends from fuming furious further
    getting given giving glad go going good got great guys had half happy has have having he
    head heard hello help her here hers hey hi him his home hope hoping hotel how however i
    if in incorrect incorrectly inquiring inside into is it its jan january jetblue july
    june just keep know last late later left let like line literally live living ll locked
    look looking losing lost love lovely ma'am madam made make manager managers many march
    may maybe me member merry message mine missing misspelled misspelt monday months more
    morning most mr mrs ms much my myself near need never new news next nice night no nobody
    none nor not nothing november now october of off office ok okay old on once one online
    only or order originally other others our out outside over owner paid paying people
    person phone please possible premium pretty prime probably quite rather really reception
    refund regarding rep reply representative request returning sad said same saturday
    security seeing seller sending sent september service several she shocked should sick
    since sir sirs so some somebody someone something soon sorry southwest speaking spelled
    spelt staff stand still store stuck stunned such sunday supervisor support supposed sure
    surprised switch taking talking team tech technical terrible than thank thanks that the
    their them then there these they thing things thinking this those though thursday till
    time to today tomorrow tonight too traveling travelling tried truly trying tuesday twice
    two unable unacceptable under unhappy united until up upset us used using verified very
    via virgin waiting want wanting was we wednesday week weeks well went were what when
    where which while who why will wish with without wondering working worried would writing
    wrong year years yes yesterday yet you your yours
    """
)
"""What may follow "my name is" or "hi" without being a name."""

_COMPANY: Final = re.compile(
    r"(?i:airways?|airlines?|airport|bank|team|support|service|services|care|company|ltd|inc|plc"
    r"|store|shop|desk|app|express|mobile|media|group|online|customer|help)$"
)
_SHORTENED: Final = re.compile(r".+['’](?:s|re|ve|ll|d|m|t)$", re.IGNORECASE)
"""That's, we're: a word and a verb."""

# In these the name is group "name"; small letters are taken in the first ones only.
_INTRODUCED: Final = re.compile(
    r"(?i:\bmy (?:full |first |last |sur)?name(?:['’]?s| is| was|:)|\bi(?: am|['’]?m) called"
    r"|\bname(?:['’]s| is|:| =)|\bcall me|\bnamed|\baccount holder(?: is|:)?"
    r"|\bthe name(?: is|['’]s| of)|\bunder (?:the name(?: of)?|name)|\bin the name of"
    rf"|\bcustomer(?: name)?:) (?P<name>{_ANY})"
)
_SPEAKING: Final = re.compile(
    rf"(?i:\bthis is|\bthis) (?P<name>{_ANY}?) (?i:speaking|here|calling|again|writing)\b"
)
_MR: Final = re.compile(
    rf"(?i:\b(?:mr|mrs|ms|mister|mx|herr|frau|mme)\b\.?) (?P<name>{_FULL}"
    rf"|{_WORD}(?: {_WORD})?){_EDGE}"
)
_TITLED: Final = re.compile(
    rf"(?i:\b(?:miss|dr|doctor|prof|professor|sir|madam)\b\.?) (?P<name>{_FULL}){_EDGE}"
)
_HERE: Final = re.compile(
    rf"(?i:\bit['’]?s |\bit is |^|[.!?,\n]\s*)(?P<name>{_FULL})"
    r"(?i: again\b| speaking\b| here(?=\s?[,.!:;–-]|$))"
)
_I_AM: Final = re.compile(
    rf"\b(?i:i(?: am|['’]?m)|this is|it['’]s) (?P<name>{_FULL}){_EDGE}"
    r"(?=\s*(?:$|[,.!;:()\n]|(?:and|from|a|an|the|your|one|calling|writing|customer|i)\b))"
)
_I_AM_SMALL: Final = re.compile(
    rf"(?i:\bi(?: am|['’]?m)|\bit['’]?s) (?P<name>{_WORD}(?: {_WORD})?){_EDGE}"
)
_SIGNED: Final = re.compile(
    r"(?i:\b(?:yours )?(?:regards|sincerely|faithfully|truly|best wishes|yours|best|cheers|thanks"
    r"|thank you|thx|ty|kindly|thanks in advance|respectfully|love|signed"
    r"|take care|speak soon))\b[,.!:]?\s*[-–—~]?"
    rf"\s?(?P<name>{_FULL}|{_WORD})(?=\W*(?:\n|$))"
)
_AT_THE_END: Final = re.compile(rf"[.!?]\s+(?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,2}})\s*$")
_IN_A_FIELD: Final = re.compile(
    r"(?i:\b(?:from|passenger|attention of|attn|fao|recipient|addressee|client|holder|owner|contact"
    r"|name|guest|traveller|behalf of(?: my \w+)?)(?::|,)? ?"
    rf"|\bname\b[^.!?\n]{{0,25}} is )(?P<name>{_CAPITAL}(?:{_SURE} {_CAPITAL}){{1,2}}){_EDGE}"
)
_BEFORE_A_NUMBER: Final = re.compile(
    rf"(?P<name>{_CAPITAL}(?:{_SURE} {_CAPITAL}){{1,2}})[,:]? ?(?=[<(]?(?:[+(]?\d{{3}}|[^\s@]+@))"
)
_MET: Final = re.compile(
    r"(?i:\b(?:tell|told|ask|asked|get|got|let|call|calling me|refund me"
    r"|phoned|rang|reached|met|saw"
    rf"|contacted|emailed|email) )(?P<name>{_FULL}){_EDGE}(?=\s*(?:$"
    rf"|[.,!?;]|(?i:to|about|who|on|at|if|that)\b))"
)
_DID: Final = re.compile(
    rf"(?:^|[.!?\n]\s*|(?i:\b(?:and|but|then|because|when|as) ))(?P<name>{_FULL})"
    r"(?i: (?:told me|said|promised|assured|hung up|answered|took my|never called|keeps))"
)
_DASHED: Final = re.compile(rf"(?:^|[.!?…\n ])\s?[-–—~^]{{1,2}} ?(?P<name>{_FULL})\s*$")
_GREETED: Final = re.compile(
    r"(?i:(?:^|[.!?\n]\s*)(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|thanks"
    rf"|thank you|cheers|ok|okay|sorry)) (?P<name>{_FULL}|{_WORD})(?=\s*(?:[,.!:\n-]|$))"
)
_SPOKEN_OF: Final = re.compile(
    r"(?i:\b(?:spoke|spoken|speaking|speak|talked|talking|talk|chat|chatted|chatting|dealt|dealing"
    r"|emailed|call|on the phone|and|then|or) (?:to|with)|\bask(?:ed|ing)? for"
    r"|\b(?:agent|advisor|adviser|rep|representative|colleague|manager|supervisor|driver|courier"
    r"|operator|assistant|cashier|waiter|waitress|steward|stewardess|engineer|technician|employee"
    r"|staff member|lady|guy|man|woman|person|gentleman|somebody|someone)"
    r"(?:,? (?:called|named|by the name of|name))?"
    r"|\b(?:told|served|helped|assured|promised|contacted|answered|signed|seen|handled|emailed|sent"
    r"|called)(?: for| off)? by|\bleft with|\bdelivered to|\baddressed to|\bmy (?:wife|husband|son"
    r"|daughter|mother|mum|mom|father|dad|brother|sister|partner|friend|neighbour|neighbor|boss))"
    rf"(?:,? | ?[(])(?P<name>{_FULL}){_EDGE}"
)
_FROM_DESK: Final = re.compile(
    rf"\b(?P<name>{_FULL}) (?i:(?:from|in|at|of) (?:your |the )?(?:customer|support|billing|sales"
    r"|returns|complaints|help|call|team|chat|service))"
)
_LISTED: Final = re.compile(rf"(?<![^\W_]){_FULL}{_EDGE}")
_IN_ANY_CASE: Final = (_INTRODUCED, _SPEAKING, _MR)
_IN_CAPITALS: Final = (
    _TITLED, _HERE, _I_AM, _SIGNED, _AT_THE_END, _IN_A_FIELD, _BEFORE_A_NUMBER, _DASHED, _GREETED,
    _SPOKEN_OF, _FROM_DESK, _MET, _DID,
)  # fmt: skip

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶毛贺顾龚郝邵万钱"
    "严武戴莫孔汤康牛樊葛邢齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿兰焦俞柳甘祝宁尚符舒阮柯纪梅童凌毕裴霍"
    "涂苗谷曲翁冉骆蓝靳管鲍华喻祁蒲房屈饶牟艾阳穆卓古吉缪简芦褚娄窦戚岑党宫卜席柏瞿佟臧闵邬卞姬栾隋甄丛虞"
)
_TWO: Final = "(?:欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯)"
_SURNAME: Final = rf"(?:{_TWO}|[{SURNAMES}])"
_HAN: Final = r"[\u4e00-\u9fff]"
_NAME_ZH: Final = rf"(?P<name>{_SURNAME}{_HAN}{{1,2}}?)"
_NICK: Final = rf"(?P<name>[小老阿]{_SURNAME})"
_END: Final = r"(?=[，。,.！!？?；;、\s：:（(）)~～—-]|$)"
_DOES: Final = (
    "(?=[，。,.！!？?；;、\\s：:]|$|说|告诉|答应|处理|跟我|和我|态度"
    "|回复|服务|接|把|将|给|来|在|也|没|不|就|让|帮|要|的|挂|打|签收"
    "|买|订|付|下单)"
)
_TITLE: Final = (
    "(?:先生|女士|小姐|太太|老师|经理|师傅|主管|主任|阿姨|大哥|大姐|同学|店长|教授|律师)"
)
_FIELD: Final = "(?:我的名字|名字|姓名|收件人|收货人|联系人|持卡人|户名|机主|署名|客户姓名)"
_ROLE: Final = (
    "(?:客服|店员|员工|快递员|工作人员|代表|专员|骑手|司机|朋友|同事"
    "|老公|老婆|邻居|儿子|女儿|导购|销售|师傅|经理)"
)
_ZH: Final = (
    re.compile(
        rf"(?:我叫|名叫|叫做)\s?(?P<name>{_HAN}{{2,4}}?)(?=[，。,.！!；;、\s：:（(]"
        rf"|$|的|是|在|买|订|和|我|你们)"
    ),
    re.compile(
        rf"{_FIELD}\s?(?:[:：是为叫]\s?)+(?P<name>{_HAN}{{2,4}}?)(?=[，。,.！!；;、\s]"
        rf"|$|的|是|电话|手机|订单)"
    ),
    re.compile(rf"{_FIELD}\s?{_NAME_ZH}(?=[，。,.！!；;、\s]|$|的|是|电话|手机|订单)"),
    re.compile(rf"(?:我是|本人|这里是|这边是){_NAME_ZH}{_END}"),
    re.compile(rf"姓(?P<name>{_SURNAME}){_END}"),
    re.compile(rf"(?P<name>{_TWO}|[{SURNAMES}]{_HAN}{{0,2}}?){_TITLE}"),
    re.compile(rf"(?:{_ROLE}|叫|找|问|跟|和|给|是){_NICK}{_DOES}"),
    re.compile(rf"{_NICK}(?=说|告诉|答应|处理|跟我|接的|态度|回复|服务|帮我|联系|给我打|让我)"),
    re.compile(rf"(?:^|[。！!？?\n])\s?(?:您好|你好|亲)[，,]\s?{_NAME_ZH}(?=[，,])"),
    re.compile(rf"(?:{_ROLE}|位叫|个叫|叫|找){_NAME_ZH}{_DOES}"),
    re.compile(
        rf"(?:[—–-]{{1,2}}|[。！!？?\n]|此致|敬礼)\s?{_NAME_ZH}\s?(?:敬上"
        rf"|谨上|拜托了?)?\s*[。.]?\s*$"
    ),
)
_NOT_ZH: Final = re.compile(
    "高[级端中兴铁效速]|金[卡牌额融山]|白[金天]|黄[金牌]|程[序度]|任[何务]"
    "|万[一元事能]|方[便案式面]|马上|曾经"
    "|于是|余额|石[家油]|江[苏西]|徐州|郑州|韩国|钱[包款都没]|谢谢"
    "|史上|许[多久]|何[为时况必]|华[为东南北中]"
    "|房[间东子]|管理|简[单易]|尚未|符合|纪念|毕竟|申[请诉]|严重|武汉"
    "|叶子|田地|夏天|付[款费]|莫名|牛奶|宁波|吉林"
)
"""Words that begin like a surname."""


def names_in(text: str) -> Iterator[Span]:
    """Yield names of people that a text gives away by itself."""
    if re.search(r"[A-Za-z]", text):
        yield from _english(text)
    if re.search(r"[\u4e00-\u9fff]", text):
        yield from _chinese(text)


def known_names(text: str, names: Sequence[str]) -> Iterator[Span]:
    """Yield these names and their parts, however they are written."""
    pattern = names_pattern(tuple(names))
    for found in pattern.finditer(text) if pattern else ():
        yield Span(*found.span(), Kind.NAME)


@lru_cache(maxsize=4096)
def names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds these names and their parts; None without any."""
    words = {part for name in names for part in [name, *name.split()]}
    longest_first = sorted((w for w in words if len(w) > 1), key=len, reverse=True)
    parts = "|".join(map(re.escape, longest_first))
    # In Chinese no space stands around a name.
    pattern = rf"(?<![A-Za-z])(?:{parts})(?![A-Za-z])" if parts else ""
    return re.compile(pattern, re.IGNORECASE) if pattern else None


def _english(text: str) -> Iterator[Span]:
    for pattern in _IN_ANY_CASE:
        for found in pattern.finditer(text):
            yield from _taken(found, any_case=True)
    for found in _I_AM_SMALL.finditer(text):
        yield from _taken(found, any_case=_is_listed(found["name"].split()[0]))
    for pattern in _IN_CAPITALS:
        for found in pattern.finditer(text):
            yield from _taken(found, any_case=False)
    for found in _LISTED.finditer(text):
        yield from _listed(found)


def _taken(found: re.Match[str], *, any_case: bool) -> Iterator[Span]:
    """Yield the words of a place for a name that can be one; the first that cannot ends it."""
    words = list(re.finditer(r"\S+", found["name"]))
    end = 0
    for number, word in enumerate(words):
        plain = word[0].casefold().replace("’", "'")
        if plain in PARTICLES and (number > 0 or any_case) and number < len(words) - 1:
            continue
        if not _can_be(word[0], plain, any_case=any_case, is_first=end == 0):
            break
        end = word.end()
    if end and not any(_COMPANY.match(word[0]) for word in words):
        start = found.start("name")
        yield Span(start, start + end, Kind.NAME)


def _can_be(word: str, plain: str, *, any_case: bool, is_first: bool) -> bool:
    if plain in NOT_A_NAME or (_SHORTENED.match(plain) and not plain.startswith("o'")):
        return False
    listed = _is_listed(word)
    if word[0].islower():
        return listed or (any_case and (is_first or len(plain) > 2))
    return any_case or listed or not (word.isupper() and len(plain) > 1)


def _listed(found: re.Match[str]) -> Iterator[Span]:
    """Yield a first name of the list with the surnames behind it, wherever it stands."""
    words = [(word.start(), _bare(word[0])) for word in re.finditer(r"\S+", found[0])]
    for number, (start, word) in enumerate(words):
        if not _is_listed(word):
            continue
        end = start + len(word)
        for more_start, more in words[number + 1 :]:
            if more.casefold() in NOT_A_NAME or _COMPANY.match(more):
                break
            end = more_start + len(more)
        yield Span(found.start() + start, found.start() + end, Kind.NAME)
        return


def _is_listed(word: str) -> bool:
    return word.casefold() in FIRST_NAMES and word.casefold() not in ALSO_WORDS


def _bare(word: str) -> str:
    """Return a word without the s of whose it is."""
    return re.sub(r"['’]s$", "", word)


def _chinese(text: str) -> Iterator[Span]:
    for pattern in _ZH:
        for found in pattern.finditer(text):
            if not _NOT_ZH.match(found["name"]):
                yield Span(*found.span("name"), Kind.NAME)
