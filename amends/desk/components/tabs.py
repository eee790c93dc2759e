"""Which of the three columns a phone shows."""

from amends.desk.components import base
from amends.desk.speech import tr


def build_tabs() -> None:
    """On a phone one column is shown at a time."""
    with base.box("tabs", tag="nav", aria_label=tr("Views")):
        for view, title in (("queue", tr("Chats")), ("chat", tr("Chat")), ("case", tr("Case"))):
            pressed = "true" if view == "queue" else "false"
            tab = base.text(title, "", "button", type="button", data_view=view,
                            aria_pressed=pressed)  # fmt: skip
            tab.on("click", js_handler=f"() => desk.view('{view}')")
