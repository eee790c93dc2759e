"""What the playground says about reading, judging and writing."""

from amends.desk.speech import mark

STAGES = {
    "preparing": mark("Preparing the shop: a database of its own, filled with the demo orders."),
    "loading": mark("Loading the model. This takes most of the time."),
    "ready": mark("Opening the chat."),
    "stopped": mark("It was stopped."),
}
MODES = {
    "bot": mark("The assistant answers."),
    "waiting": mark("A person was asked for. Nobody is there in a sandbox; the assistant goes on."),
    "staff": mark("A person answers."),
    "closed": mark("The chat is closed. Writing again begins a new visit."),
}
COMPARED = {
    "intent": mark("Intent"),
    "complaint": mark("Complaint"),
    "category": mark("Category"),
    "secondary": mark("Further problems"),
    "sentiment_label": mark("Mood"),
    "flags": mark("Flags"),
    "severity": mark("Severity"),
    "handoff": mark("A person takes over"),
    "language": mark("Language"),
}
CASE_FIELDS = {
    "status": mark("Status"),
    "category": mark("Category"),
    "secondary": mark("Further problems"),
    "severity": mark("Severity"),
    "flags": mark("Flags"),
    "order_number": mark("Order"),
    "item": mark("Item"),
    "wish": mark("Wish"),
    "next_step": mark("Next step"),
    "owner": mark("Owner"),
    "outcome": mark("Outcome"),
}
RECOVERIES = {
    "compensatory": mark("compensatory"),
    "corrective": mark("corrective"),
    "relational": mark("relational"),
}
DECIDED = {
    "remedy": mark("A remedy"),
    "none": mark("Nothing is owed"),
    "person": mark("A person decides"),
}
