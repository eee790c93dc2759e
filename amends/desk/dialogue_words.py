"""What the pages about dialogues say of steps, and of each thing that is wrong."""

from amends.desk.speech import mark, tr
from amends.training.dialogues.check import Flaw, Found
from amends.training.dialogues.model import DialogueKind, StepKind

STEPS = {
    StepKind.CUSTOMER: mark("Customer"),
    StepKind.ACTION: mark("Amends"),
    StepKind.SLOT: mark("Is now so"),
    StepKind.LOOP: mark("Form"),
    StepKind.CHECKPOINT: mark("Checkpoint"),
    StepKind.OTHER: mark("As written"),
}
KINDS = {
    DialogueKind.TEST: mark("Test conversation"),
    DialogueKind.STORY: mark("Story"),
}
_SENTENCES = {
    Flaw.NO_NAME: mark("Give it a name."),
    Flaw.SAME_NAME: mark("{file} has one of this name already; choose another name."),
    Flaw.NO_STEPS: mark("It needs a message of the customer and something that Amends does."),
    Flaw.NO_INTENT: mark("Choose what the customer means."),
    Flaw.UNKNOWN_INTENT: mark("There is no intent “{name}”."),
    Flaw.UNKNOWN_ACTION: mark("There is no action “{name}”."),
    Flaw.UNKNOWN_SLOT: mark("There is no slot “{name}”."),
    Flaw.UNKNOWN_VALUE: mark("The slot “{name}” is never “{value}”; it is one of {known}."),
    Flaw.UNKNOWN_FORM: mark("There is no form “{name}”."),
    Flaw.UNKNOWN_ENTITY: mark("There is no entity “{name}”, which the message marks."),
    Flaw.NO_CHECKPOINT: mark("Give the checkpoint a name."),
    Flaw.NO_TEXT: mark("Write what the customer says; the model is tried with these words."),
    Flaw.PERSONAL: mark("The message carries somebody's data ({kind}); put an invented one there."),
    Flaw.CONTRADICTION: mark(
        "The rule “{rule}” ({file}) does {action} here. Rules beat stories: change the step, "
        "or the rule."
    ),
    Flaw.IDENTICAL: mark("“{name}” in {file} has the very same steps."),
}


def sentence(found: Found) -> str:
    return tr(_SENTENCES[found.flaw], **found.values)
