"""Plain elements: NiceGUI carries them to the browser, the style sheets are our own."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from markupsafe import Markup, escape
from nicegui import ui
from nicegui.element import Element
from nicegui.elements.html import Html

from amends.desk.speech import speaking, spoken

__all__ = ["Element", "Html", "box", "button", "escape", "in_language", "markup", "put",
           "set_attribute", "shortcut", "show", "text"]  # fmt: skip


def box(classes: str = "", tag: str = "div", **attributes: Any) -> Element:
    """Return an element to use as `with box(...):`; `aria_label` becomes `aria-label`."""
    return _marked(ui.element(tag), classes, attributes)


def text(words: str, classes: str = "", tag: str = "span", **attributes: Any) -> Html:
    return markup(str(escape(words)), classes, tag, **attributes)


def markup(html: str, classes: str = "", tag: str = "div", **attributes: Any) -> Html:
    """Show rendered HTML. It comes from templates, which escape every value."""
    element = ui.html(html, sanitize=False, tag=tag)
    _marked(element, classes, attributes)
    return element


def button(
    words: str,
    on_click: Callable[..., Any] | None = None,
    classes: str = "",
    key: str = "",
    **attributes: Any,
) -> Html:
    """Return a button; `key` is the letter of its shortcut with Alt, shown on it."""
    hint = Markup(" <kbd>Alt {}</kbd>").format(key.upper()) if key else ""
    made = markup(escape(words) + hint, f"btn {classes}", "button", type="button", **attributes)
    if key:
        shortcut(made, key)
    if on_click:
        clicked = in_language(on_click)
        made.on("click", lambda: clicked())
    return made


def in_language(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return the handler as one that speaks the language that is spoken now, whenever it runs."""
    language = spoken()

    async def finished(work: Awaitable[Any]) -> Any:
        with speaking(language):
            return await work

    def handled(*arguments: Any) -> Any:
        with speaking(language):
            result = handler(*arguments)
        return finished(result) if inspect.isawaitable(result) else result

    return handled


def shortcut(element: Element, key: str) -> None:
    code = "Slash" if key == "/" else f"Key{key.upper()}"
    element.props["data-key"] = code
    element.props["aria-keyshortcuts"] = f"Alt+{key.upper()}"


def put(element: Html, html: str) -> None:
    """Change what an element shows, only when it differs."""
    if element.content != html:
        element.set_content(html)


def show(element: Element, shown: bool) -> None:
    set_attribute(element, "hidden", None if shown else True)


def set_attribute(element: Element, name: str, value: Any) -> None:
    """Set an attribute, remove it when the value is None; nothing is sent when it is the same."""
    if element.props.get(name) == value:
        return
    if value is None:
        element.props.pop(name, None)
    else:
        element.props[name] = value
    element.update()


def _marked[E: Element](element: E, classes: str, attributes: dict[str, Any]) -> E:
    element.classes(classes)
    for name, value in attributes.items():
        element.props[name.replace("_", "-")] = value
    return element
