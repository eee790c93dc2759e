"""Elements of SVG, everything in them escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

NOTHING_DRAWN = Markup("")


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart is called, and what it shows in words for whoever does not see it."""

    title: str
    text: str = ""


def tag(name: str, *inside: object, **attributes: object) -> Markup:
    """Return one element, everything in it escaped; `_` in a name stands for `-`."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(short(given))}"'
        for key, given in attributes.items()
    )
    return Markup(f"<{name}{given}>") + Markup("").join(map(escape, inside)) + Markup(f"</{name}>")


def line(x1: object, y1: object, x2: object, y2: object, style: str) -> Markup:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=style)


def short(value: object) -> str:
    """Return a number with two decimals at the most; anything else as it is."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def percent(value: float) -> str:
    return f"{short(float(value))}%"


def chart(
    kind: str, caption: Caption, height: float, inside: Iterable[Markup], *, linked: bool = False
) -> Markup:
    """Return a chart as wide as its place.

    Args:
        linked: Parts of it are links, so it is a group of them and no single picture.
    """
    return tag(
        "svg",
        *_caption(caption),
        *inside,
        class_=f"chart chart-{kind}",
        width="100%",
        height=height,
        role="group" if linked else "img",
        aria_label=": ".join(filter(None, (caption.title, caption.text))),
    )


def picture(
    kind: str, caption: Caption, size: tuple[float, float], inside: Iterable[Markup]
) -> Markup:
    """Return a chart of a fixed shape, which grows and shrinks as a whole."""
    return tag(
        "svg",
        *_caption(caption),
        *inside,
        class_=f"chart chart-{kind}",
        viewBox=f"0 0 {short(size[0])} {short(size[1])}",
        role="img",
        aria_label=": ".join(filter(None, (caption.title, caption.text))),
    )


def stretched(top: float, height: float, inside: Iterable[Markup]) -> Markup:
    """Return a plot whose inside, 1000 units wide, is stretched to the whole width."""
    return tag(
        "svg",
        *inside,
        class_="plot",
        y=top,
        width="100%",
        height=height,
        viewBox=f"0 0 1000 {short(height)}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def linked(href: str, name: str, *inside: Markup) -> Markup:
    """Return a part that leads somewhere, or the mere part where it leads nowhere."""
    if not href:
        return tag("g", *inside)
    return tag("a", *inside, href=href, aria_label=name)


def path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{short(float(x))},{short(float(y))}" for x, y in points)


def _caption(caption: Caption) -> list[Markup]:
    described = [tag("desc", caption.text)] if caption.text else []
    return [tag("title", caption.title), *described]
