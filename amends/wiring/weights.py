"""The weights that satisfaction is predicted by: those fitted here, else those that came along.

WeightsError    a file of weights cannot be used; the text says why and what to do
"""

import json
import os
from dataclasses import asdict
from pathlib import Path

from amends.satisfaction.factors import FACTORS
from amends.satisfaction.model import Weights
from amends.wiring.settings import PROJECT_DIR, Settings

SHIPPED = PROJECT_DIR / "amends" / "satisfaction" / "weights.json"


class WeightsError(ValueError):
    """Carries the file's name in its text."""


def fitted_path(settings: Settings) -> Path:
    return settings.var_dir / "satisfaction-weights.json"


def load_weights(settings: Settings) -> Weights:
    """Return the weights in force.

    Raises:
        WeightsError: The file cannot be read, or speaks of factors that do not exist.
    """
    own = fitted_path(settings)
    return read_weights(own if own.is_file() else SHIPPED)


def read_weights(path: Path) -> Weights:
    try:
        stored = json.loads(path.read_text("utf-8"))
        points = {str(name): float(value) for name, value in stored["points"].items()}
        weights = Weights(
            str(stored["id"]),
            float(stored["base"]),
            points,
            float(stored["within_half"]),
            int(stored["conversations"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(_sentence(path, f"it cannot be read ({error})")) from error
    unknown = sorted(points.keys() - FACTORS.keys())
    if unknown:
        raise WeightsError(_sentence(path, f"there is no factor {unknown[0]!r}"))
    return weights


def save_weights(weights: Weights, path: Path) -> None:
    """Replace the file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(weights), indent=2) + "\n", "utf-8")
    os.replace(fresh, path)


def _sentence(path: Path, what: str) -> str:
    return f"{path}: {what}. Run `amends score --fit` to make it anew, or remove the file."
