"""The tests that cachetools has for every cache of its own, run over ours.

None of its files is here. To run them: `pip download --no-deps --no-binary :all: cachetools`, and unpack it into
`.peer-tests/` at the top of the checkout.
"""

import math
import sys
import unittest
from collections.abc import Callable, Iterator, MutableMapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pytest

from gwlint.runtime.cache import Cache

_FOLDERS = sorted((Path(__file__).parents[2] / ".peer-tests").glob("cachetools-*"))
_ENDLESS = 2**62
_MISSING = object()


class _Value:
    def __init__(self, value: Any, size: int) -> None:
        self.value = value
        self.size = size


class Adapter(MutableMapping[Any, Any]):
    """Our cache as a mapping whose size is that of its values, and which refuses what is too large for it."""

    policy: Literal["lru", "lfu", "s3fifo"] = "lru"

    def __init__(self, maxsize: float, getsizeof: Callable[[Any], int] | None = None) -> None:
        if maxsize < 0:
            raise ValueError("maxsize")
        self.maxsize = maxsize
        if getsizeof is not None:
            self.getsizeof = getsizeof  # type: ignore[assignment, method-assign]  # as cachetools has it
        self.cache = Cache(
            max_entries=_ENDLESS,
            max_bytes=_ENDLESS if maxsize == math.inf else max(int(maxsize), 1),
            policy=self.policy,
            size_of=lambda part: part.size if isinstance(part, _Value) else 0,
        )

    def __class_getitem__(cls, _: object) -> type["Adapter"]:
        return cls

    @staticmethod
    def getsizeof(value: Any) -> int:
        return 1

    @property
    def currsize(self) -> int:
        return self.cache.stats.bytes

    def __getitem__(self, key: Any) -> Any:
        found = self.cache.get(key, _MISSING)
        if isinstance(found, _Value):
            return found.value
        missing: Callable[[Any], Any] | None = getattr(self, "__missing__", None)
        if missing is None:
            raise KeyError(key)
        return missing(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        size = self.getsizeof(value)
        if not 0 <= size <= self.maxsize:
            raise ValueError("value too large")
        self.cache.set(key, _Value(value, size))

    def __delitem__(self, key: Any) -> None:
        if not self.cache.delete(key):
            raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return key in self.cache

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.cache._kept.entries))

    def __len__(self) -> int:
        return len(self.cache)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self.items())})"

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401  that is this one

    def pop(self, key: Any, default: Any = _MISSING) -> Any:
        if key in self:
            value = self[key]
            del self[key]
            return value
        if default is _MISSING:
            raise KeyError(key)
        return default

    def popitem(self) -> tuple[Any, Any]:
        if not len(self):
            raise KeyError("empty") from None
        values = {key: entry.value for key, entry in self.cache._kept.entries.items()}
        key = self.cache._kept.evict()
        return key, values[key]

    def setdefault(self, key: Any, default: Any = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]


class LfuAdapter(Adapter):
    policy = "lfu"


class S3FifoAdapter(Adapter):
    policy = "s3fifo"


# What our cache is not meant to be.
_LEFT_OUT = {"test_pickle": "it is not to be pickled", "test_copy": "it is not to be copied", "test_deepcopy": "nor so"}


def _module(name: str, path: Path) -> ModuleType:
    spec = spec_from_file_location(name, path, submodule_search_locations=[str(path.parent)])
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not _FOLDERS, reason="the sdist of cachetools is not in .peer-tests/")
@pytest.mark.parametrize("adapter", [Adapter, LfuAdapter, S3FifoAdapter])
def test_passes_what_every_cache_of_cachetools_does(adapter: type[Adapter], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(_FOLDERS[-1] / "src"))
    mixin = _module("cachetools_tests", _FOLDERS[-1] / "tests" / "__init__.py").CacheTestMixin
    case = type("Case", (unittest.TestCase, mixin), {"Cache": adapter})
    names = [name for name in unittest.TestLoader().getTestCaseNames(case) if not name.startswith(tuple(_LEFT_OUT))]
    result = unittest.TestSuite(map(case, names)).run(unittest.TestResult())

    assert [(test.id().rpartition(".")[2], said) for test, said in result.failures + result.errors] == []
    assert result.testsRun >= 20
