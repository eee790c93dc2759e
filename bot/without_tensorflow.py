"""Let Rasa start without TensorFlow, which it imports always and Amends never uses.

Rasa 3.6 imports TensorFlow at start-up through its default components, although a pipeline
without DIET, TED or ResponseSelector never calls it. That costs ten seconds and 350 MB. Importing
this module puts a finder at the end of `sys.meta_path`: it serves inert modules for TensorFlow
and its companions, so class statements, annotations and decorators in Rasa's source still work,
and raises `TensorFlowLeftOutError` as soon as anything is really called.

A real TensorFlow, where there is one, is found first and wins.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

STOOD_IN_FOR = frozenset(
    {
        "keras",
        "tensorflow",
        "tensorflow_addons",
        "tensorflow_hub",
        "tensorflow_io",
        "tensorflow_text",
        "tf_keras",
    }
)
_DECORATORS = frozenset({"function", "register_keras_serializable"})


class LeftOutError(ImportError):
    """Something called a library that this process leaves out on purpose.

    An `ImportError`, so that libraries that merely probe for it carry on without it.
    """


class TensorFlowLeftOutError(LeftOutError):
    """Something called TensorFlow."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was called, but this environment leaves TensorFlow out. Remove components "
            "that need it (DIETClassifier, TEDPolicy, ResponseSelector, UnexpecTEDIntentPolicy) "
            "from config.yml, or install the 'tensorflow' version that Rasa pins."
        )


def _refusal(called: type) -> LeftOutError:
    path = f"{called.__module__}.{called.__qualname__}"
    origins = {base.__module__.partition(".")[0] for base in called.__mro__}
    if origins & STOOD_IN_FOR:
        return TensorFlowLeftOutError(path)
    return LeftOutError(f"{path} was called, but the engine serves without it (bot/serve.py).")


class _InertType(type):
    """A class whose every attribute is another such class and which cannot be instantiated."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__module__}.{cls.__qualname__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise _refusal(cls)


def _pass_through(*args: Any, **kwargs: Any) -> Any:
    """Stand in for a decorator, written with or without arguments."""
    if len(args) == 1 and callable(args[0]) and not kwargs:
        return args[0]
    return lambda decorated: decorated


def _stand_in(path: str) -> Any:
    module, _, name = path.rpartition(".")
    if name in _DECORATORS:
        return _pass_through
    return _InertType(name, (), {"__module__": module, "__qualname__": name})


class _InertModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        value = _stand_in(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class StandIns(MetaPathFinder, Loader):
    """Finds and loads inert modules for some modules and everything under them."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._prefixes = tuple(f"{name}." for name in names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._names and not fullname.startswith(self._prefixes):
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _InertModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the module answers attribute by attribute."""


class WithoutTensorFlow(StandIns):
    """Stands in for TensorFlow and its companions."""

    def __init__(self) -> None:
        super().__init__(STOOD_IN_FOR)


def install() -> None:
    """Append the finder, once; the ordinary finders are asked before it."""
    if not any(isinstance(finder, WithoutTensorFlow) for finder in sys.meta_path):
        sys.meta_path.append(WithoutTensorFlow())


install()
