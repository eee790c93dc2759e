"""A model that answers visibly otherwise: the same file with another wording in its domain."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path


def copy_with_greeting(model: Path, target: Path, greeting: str) -> Path:
    """Copy a trained model and change what its domain lets it say to a greeting."""
    with tarfile.open(model) as source, tarfile.open(target, "w:gz") as made:
        for member in source.getmembers():
            file = source.extractfile(member)
            content = file.read() if file else b""
            if member.name.endswith("metadata.json"):
                metadata = json.loads(content)
                metadata["domain"]["responses"]["utter_greet"][0]["text"] = greeting
                content = json.dumps(metadata).encode()
                member.size = len(content)
            made.addfile(member, io.BytesIO(content) if file else None)
    return target
