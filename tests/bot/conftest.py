"""A small trained assistant, and ways to put components through Rasa's own storage."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

try:
    import rasa  # noqa: F401
except ImportError:  # the application's environment has no Rasa
    collect_ignore_glob = ["test_*.py"]
else:
    from rasa.core.agent import Agent
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures"
REPOSITORY = HERE.parent.parent


def train_small_model(folder: Path, name: str = "small") -> Path:
    """Train the fixture assistant with the repository's own config.yml."""
    from rasa.model_training import train

    result = train(
        domain=str(FIXTURES / "domain.yml"),
        config=str(REPOSITORY / "config.yml"),
        training_files=[str(FIXTURES / "nlu.yml"), str(FIXTURES / "rules.yml")],
        output=str(folder),
        fixed_model_name=name,
        force_training=True,
    )
    assert result.model is not None
    return Path(result.model)


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_small_model(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def agent(small_model: Path) -> Agent:
    return Agent.load(str(small_model))


@pytest.fixture(scope="session")
def understand(agent: Agent) -> Callable[[str], dict[str, Any]]:
    from bot.channel import understand as read

    return lambda text: asyncio.run(read(agent, text))


@pytest.fixture
def training_data() -> TrainingData:
    return RasaYAMLReader().read(str(FIXTURES / "nlu.yml"))


@pytest.fixture
def saved_and_loaded(tmp_path: Path) -> Callable[..., tuple[Any, Any]]:
    """Train a component, then load it from storage as a running engine would."""
    storage = LocalModelStorage.create(tmp_path)
    context = ExecutionContext(GraphSchema({}), uuid.uuid4().hex)

    def put_through(component: type, data: TrainingData, **config: Any) -> tuple[Any, Any]:
        settings = {**component.get_default_config(), **config}
        resource = Resource(component.__name__)
        trained = component.create(settings, storage, resource, context)
        trained.train(data)
        return trained, component.load(settings, storage, resource, context)

    return put_through


def message(text: str, **data: Any) -> Message:
    """Return a tokenized message, as the components after the tokenizer receive it."""
    from bot.components.spacy_tokenizer import SpacyBlankTokenizer

    made = Message(data={"text": text, **data})
    SpacyBlankTokenizer(SpacyBlankTokenizer.get_default_config()).process([made])
    return made
