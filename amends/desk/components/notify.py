"""Whether the browser tells of news: by a notification, by a tone. Kept in the browser, off until
somebody wants it."""

from amends.desk.components import base
from amends.desk.speech import tr


class Notify:
    def __init__(self) -> None:
        with base.box("notify", role="group", aria_label=tr("Tell me of news")):
            notify = base.text(
                tr("Notify me"), "btn btn-quiet notify-me", "button", type="button",
                aria_pressed="false",
                data_off=tr("Notify me"), data_on=tr("Notifications on"),
                data_blocked=tr("Notifications are blocked in this browser"),
            )  # fmt: skip
            notify.on("click", js_handler="() => desk.notifyMe()")
            sound = base.text(
                tr("Sound: off"), "btn btn-quiet sound", "button", type="button",
                aria_pressed="false", data_off=tr("Sound: off"), data_on=tr("Sound: on"),
            )  # fmt: skip
            sound.on("click", js_handler="() => desk.toggleSound()")
