"""Made-up messages with personal data in them, and where each of it stands."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from amends.conversations.personal.numbers import is_card_number

FIRST: Final = (
    "Dave", "Karen", "Priya", "Mohammed", "Siobhan", "Xiomara", "Oluwaseun", "Bartholomew",
    "Zsofia",
    "Thandiwe", "Kwabena", "Ingeborg", "Anneliese", "Tadeusz", "Fionnuala", "Mercedes", "Jean-Luc",
    "Aoife", "Ottoline", "Rosalind", "Ezekiel", "Hiroko", "Marisol", "Solveig", "Piers", "Tamsin",
    "Cormac", "Desmond", "Winifred", "Yewande", "Anoushka", "Bronwen", "Gethin", "Ludmila", "José",
    "Zoë", "Mary", "John", "Sarah", "Emma", "Liam", "Chloe", "Hannah", "Ravi", "Fatima", "Sanjay",
)  # fmt: skip
LAST: Final = (
    "Jones", "Patel", "O'Brien", "Okonkwo", "McAllister", "Fernandez", "Kowalczyk", "Whitcombe",
    "van Dijk", "Smythe-Porter", "Nakamura", "Abernathy", "Haddad", "Lindqvist", "Thackeray",
    "Nguyen",
    "Ferreira", "Blackwood", "Szabo", "Mbeki", "Trelawney", "Hussain", "Ó Briain", "Castellanos",
)  # fmt: skip
ZH_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾"
ZH_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏飞志建国晓雨婷欣怡梓涵浩宇轩思雅"
)
WORDS: Final = ("blue", "shop", "mail", "contact", "fox", "sky", "happy", "j", "k2", "the.real")
DOMAINS: Final = (
    "gmail.com", "hotmail.co.uk", "yahoo.com", "btinternet.com", "my-firm.de", "qq.com", "163.com",
    "sub.domain.org", "outlook.fr", "x.io",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A text; `truth` holds start, end and kind of what is personal in it."""

    text: str
    truth: tuple[tuple[int, int, str], ...]


EN: Final = (
    "My name is {name} and my order {order} never came.",
    "Hi, my name is {name}. Order number {order}. Call me on {phone}.",
    "my name is {lname} and i ordered {order} two weeks ago",
    "hello my names {lname} i still have not got my parcel {order}",
    "Hello, my name's {full}, I am waiting for a refund",
    "I'm called {full}, reach me at {email}",
    "This is {name} speaking, I phoned yesterday.",
    "this is {lname} speaking, pls call {phone}",
    "{name} here, still no reply to my mail from {email}.",
    "It's {name} again. Nothing has happened.",
    "Hi, I'm {full} and I bought a kettle from you.",
    "I am {full}, order {order}.",
    "I'm {name}, a customer of yours since 2015.",
    "I spoke to {name} on Monday and she promised a refund.",
    "Spoke with {full} last week, who said it was sent.",
    "I was talking to {name} in your call centre.",
    "Your agent {name} hung up on me.",
    "a lady called {name} told me to wait 14 days",
    "someone named {name} took my details",
    "Your colleague {name} said the same thing.",
    "I dealt with {name} and then with {name}.",
    "{name} from your customer service team was rude.",
    "Mr {last} was supposed to ring back.",
    "Please tell Mrs. {last} that I am waiting.",
    "Ms {last} at the desk was no help at all.",
    "Dr {last} ordered this for the surgery.",
    "mr {llast} never called me back",
    "Dear Mr {last}, I am writing about order {order}.",
    "The parcel was left with {full} at number 12.",
    "It was signed for by {name}, who does not live here.",
    "Still waiting.\n\nRegards,\n{full}",
    "Not good enough. Thanks, {name}",
    "Please sort it out. Kind regards, {full}",
    "Where is it? Cheers {name}",
    "I want my money back. Yours sincerely, {full}",
    "Sort it out please.\n{dash}{full}",
    "Best wishes\n{name}",
    "Booked under the name {full}, reference {order}.",
    "It is in the name of {full}.",
    "Account holder {full}, account {order}.",
    "Ask for {name} when you call {phone}.",
    "My wife {name} ordered it for my birthday.",
    "Hi {name}, thanks, but it still does not work.",
    "Thanks {name}, but I asked for a refund.",
    "Name: {full}\nEmail: {email}\nPhone: {phone}\nOrder: {order}",
    "mail me at {email} please",
    "my email is {email}, it was {email} before",
    "You have the wrong address, it is {email}.",
    "({email}) is what I signed up with",
    "Contact: {email}/{phone}",
    "call {phone} after six",
    "My mobile is {phone}. Landline {phone}.",
    "ring me on {phone}!",
    "tel:{phone}",
    "You charged card {card} twice.",
    "The card is {card}, exp 09/27",
    "my card number {card} was declined and £45.00 taken anyway",
    "order {order} is late",
    "Where is {order}?",
    "order no. {order} placed on 12/03/2024, paid £1,250.00",
    "Order #{order} and order #{order} are both missing",
    "ref: {order}",
    "booking reference {order}, two seats",
    "Tracking number {order} has not moved since 3 May.",
    "Your invoice {order} says 30.00 but I paid 45.00",
    "my parcel {order} was due 2024-05-03 10:30",
    "number {order}, nothing has come yet",
    "I have order ID: {order} for 2 chairs and 4 cushions.",
)
ZH: Final = (
    "我叫{zname}，订单号{order}，一直没收到。",
    "你好，我的名字是{zname}，请尽快处理",
    "我是{zname}，上周买的手机坏了",
    "姓名：{zname}，电话：{zphone}，订单：{order}",
    "收件人{zname}，手机号{zphone}",
    "联系人是{zname}，{zphone}",
    "我姓{zlast}，昨天打过电话",
    "{zlast}先生说三天之内到货",
    "你们的{zlast}女士答应给我退款",
    "{zname}先生接的电话，态度很差",
    "那位{zlast}小姐一直不回复",
    "客服小{zlast}态度恶劣",
    "客服{zname}说可以退",
    "一个叫{zname}的客服挂了我电话",
    "快递员{zname}把包裹扔在门口",
    "请找{zlast}经理给我回电话",
    "持卡人{zname}，卡号{card}",
    "退款还没到。{zname}",
    "请尽快处理，谢谢！——{zname}",
    "电话是{zphone}，别再打错了",
    "请打{zphone}联系我",
    "我的邮箱是{email}，请发到这里",
    "发到{email}就行",
    "邮箱{email}，电话{zphone}",
    "订单{order}还没有发货",
    "单号{order}查不到物流",
    "订单编号：{order}，付了1299元",
    "运单号{order}三天没动了",
    "我的银行卡{card}被扣了两次，每次500元",
    "卡号 {card} 多扣了300块",
)


def english(count: int, seed: int = 1) -> Iterator[Made]:
    yield from _made(EN, count, seed)


def chinese(count: int, seed: int = 1) -> Iterator[Made]:
    yield from _made(ZH, count, seed)


def _made(templates: tuple[str, ...], count: int, seed: int) -> Iterator[Made]:
    chance = random.Random(seed)
    for number in range(count):
        yield _fill(templates[number % len(templates)], chance)


def _fill(template: str, chance: random.Random) -> Made:
    text, truth = "", []
    for piece in re.split(r"(\{\w+\})", template):
        if not piece.startswith("{"):
            text += piece
            continue
        kind, written = _invent(piece.strip("{}"), chance)
        if kind:
            truth.append((len(text), len(text) + len(written), kind))
        text += written
    return Made(text, tuple(truth))


def _invent(slot: str, chance: random.Random) -> tuple[str, str]:  # noqa: C901 (a table of slots)
    first, last = chance.choice(FIRST), chance.choice(LAST)
    zlast = chance.choice(ZH_SURNAMES)
    zname = zlast + "".join(chance.choices(ZH_GIVEN, k=chance.choice((1, 2, 2))))
    match slot:
        case "name":
            return "name", chance.choice((first, first, f"{first} {last}"))
        case "full":
            return "name", f"{first} {last}"
        case "last":
            return "name", last
        case "lname":
            return "name", chance.choice((first, f"{first} {last}")).lower()
        case "llast":
            return "name", last.lower()
        case "zname":
            return "name", zname
        case "zlast":
            return "name", zlast
        case "dash":
            return "", chance.choice(("- ", "– ", "~", "-"))
        case "email":
            return "email", email(chance)
        case "phone":
            return "phone", phone(chance)
        case "zphone":
            return "phone", phone_zh(chance)
        case "card":
            return "card", card(chance)
        case "order":
            return "order", order(chance)
    raise ValueError(slot)


def email(chance: random.Random) -> str:
    first, last = chance.choice(FIRST).lower(), chance.choice(LAST).lower()
    plain = re.sub(r"[^a-z]", "", first)
    local = chance.choice(
        (
            f"{plain}.{re.sub('[^a-z]', '', last)}",
            f"{plain}{chance.randint(1, 99)}",
            f"{chance.choice(WORDS)}_{plain}",
            f"{plain[0]}-{chance.randint(1000, 9999)}",
            f"{plain}+shop",
            str(chance.randint(10**6, 10**9)),
        )
    )
    domain = chance.choice(DOMAINS)
    shape = chance.choice((0, 0, 0, 0, 0, 1, 2, 3))
    if shape == 1:
        return f"{local}@{domain}".upper()
    if shape == 2:
        return f"{local} (at) {domain.replace('.', ' dot ')}"
    if shape == 3:
        return f"{local}＠{domain}"
    return f"{local}@{domain}"


def phone(chance: random.Random) -> str:
    d = [str(chance.randint(2, 9)) for _ in range(12)]
    five, six = "".join(d[:3]), "".join(d[3:9])
    return chance.choice(
        (
            f"07{five} {six}",
            f"07{five}{six}",
            f"+44 7{five} {six}",
            f"+447{five}{six}",
            f"0044 7{five} {six}",
            f"020 {''.join(d[:4])} {''.join(d[4:8])}",
            f"(0161) {''.join(d[:3])} {''.join(d[3:7])}",
            f"0{''.join(d[:3])}-{''.join(d[3:10])}",
            f"{five}-{''.join(d[3:6])}-{''.join(d[6:10])}",
            f"({five}) {''.join(d[3:6])}-{''.join(d[6:10])}",
            f"{five}.{''.join(d[3:6])}.{''.join(d[6:10])}",
            f"+1 {five} {''.join(d[3:6])} {''.join(d[6:10])}",
            f"1-{five}-{''.join(d[3:6])}-{''.join(d[6:10])}",
            f"{five}-{''.join(d[3:7])}",
            f"+49 1{d[0]}{d[1]} {''.join(d[2:9])}",
            f"01 {d[0]}{d[1]} {d[2]}{d[3]} {d[4]}{d[5]} {d[6]}{d[7]}",
            f"0{five}/{six}",
        )
    )


def phone_zh(chance: random.Random) -> str:
    head = f"1{chance.choice('356789')}{chance.randint(0, 9)}"
    a, b = f"{chance.randint(0, 9999):04}", f"{chance.randint(0, 9999):04}"
    landline = f"{chance.randint(2, 8)}{chance.randint(10**6, 10**7 - 1)}"
    return chance.choice(
        (
            head + a + b, head + a + b, f"{head} {a} {b}", f"{head}-{a}-{b}", f"+86 {head}{a}{b}",
            f"86-{head}{a}{b}", f"010-{landline}", f"0755 {landline}", f"（021）{landline}",
        )
    )  # fmt: skip


def card(chance: random.Random) -> str:
    digits = chance.choice("345") + "".join(str(chance.randint(0, 9)) for _ in range(14))
    full = next(digits + str(one) for one in range(10) if is_card_number(digits + str(one)))
    groups = [full[at : at + 4] for at in range(0, 16, 4)]
    return chance.choice((full, " ".join(groups), "-".join(groups)))


def order(chance: random.Random) -> str:
    five = chance.randint(10_000, 99_999)
    return chance.choice(
        (
            f"{five}", f"{five}", f"{chance.randint(10**6, 10**8)}", f"ORD-{five}", f"AB{five}7",
            f"{five}-{chance.randint(10, 99)}", f"GB{chance.randint(10**8, 10**9 - 1)}CN",
            f"{chance.randint(100, 999)}-{chance.randint(10**6, 10**7 - 1)}-"
            f"{chance.randint(10**6, 10**7 - 1)}",
            f"1Z{chance.randint(100, 999)}AA{chance.randint(10**9, 10**10 - 1)}",
            f"E{chance.randint(10**10, 10**11)}", f"W{five}{chance.randint(10, 99)}",
        )
    )  # fmt: skip
