from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.model import Part, Span
from gwlint.parse import parts

PIECES = ["def", "class", "if", "try", "except", ":", "f", "(", ")", "\n", "return", "import", "x", "=", "@", "\n  "]
TRY = "def f():\n    try:\n        return _core.get()"
IMPORTS = "from app import cache_core as _core\nfrom app.cache_core import fetch\nimport config\n"

DECLARATIONS = {
    "a docstring": '"""The cache."""',
    "imports": "from __future__ import annotations\nimport os, sys\nfrom . import cache_core as _core",
    "an import that may fail": "try:\n    import fast\nexcept ImportError:\n    fast = None\nelse:\n    x = 1",
    "an import that is not missed": "with contextlib.suppress(ImportError):\n    import fast",
    "an import for type checkers": "if t.TYPE_CHECKING:\n    from a import B\n    x = compute()\nelse:\n    B = object",
    "an import by version": "if sys.version_info >= (3, 11):\n    import tomllib\nelse:\n    import tomli as tomllib",
    "exports": '__all__ = ["get"]\n__all__ += _core.__all__\n__all__ = [*a.__all__, "b"]\n__all__.extend(sorted(b))',
    "constants": 'A = -1\nB: int = 60 * 60\nC = {"a": (1, 2)}\nD = frozenset({"a"})\nE: int\nF, G = 1, 2\nH = I = None',
    "a sentinel": "MISSING = object()",
    "loggers": "logger = logging.getLogger(__name__)\nlog = get_logger('x')\n_LOGGER = structlog.get_logger()",
    "a silent logger": "logging.getLogger(__name__).addHandler(logging.NullHandler())",
    "aliases": "get = _core.get\nput, drop = _core.put, _core.drop\nStore = _core.Store",
    "types": "T = TypeVar('T', bound=int)\nKey = NewType('Key', str)\nValue = Union[str, int] | None\ntype X = int",
    "an enum": "class Kind(Enum):\n    '''Doc.'''\n    A = 'a'\n    B = auto()",
    "a protocol": "class Store(Protocol):\n    size: int\n    def get(self) -> str:\n        '''Doc.'''\n        ...",
    "a dataclass": "@dataclass(frozen=True)\nclass A:\n    x: int = 1\n    y: list[int] = field(default_factory=list)",
    "exceptions": "class A(Exception): pass\nclass B(A):\n    '''Doc.'''\nclass C(_core.C): ...",
    "a nested class": "class A:\n    class Meta:\n        x = 1",
    "an abstract class": "class A(ABC):\n    @abstractmethod\n    def get(self): raise NotImplementedError",
    "module hooks": "def __getattr__(name):\n    for a in b: c()\n__dir__ = listed(__name__)",
    "a part of a function": "get = partial(_core.get, ttl=60)",
    "an overload": "@overload\ndef get(key: str) -> str: ...",
    "the rest": "del os\npass\n...\n# a comment",
}

DELEGATIONS = {
    "a return": "def f(key):\n    '''Doc.'''\n    return _core.get(key)",
    "an expression": "def f(key): _core.drop(key)",
    "a decorated one": "@traced('x')\ndef f(): return _core.get()",
    "an await": "async def f(): return await _core.get()",
    "an await alone": "async def f(): await _core.get()",
    "a generator": "def f(): yield from _core.keys()",
    "a returned generator": "def f(): return (yield from _core.keys())",
    "a call of a call": "def f(key): return _core.store().get(key)",
    "a constant": "def f(): return _core.VERSION",
    "a cast": "def f(): return cast(str, _core.get())",
    "calls in arguments": "def f(key, value): return _core.put(key, _core.freeze(value), *a, **b, ttl=value or 3)",
    "a check before": "def f():\n    if not config.ENABLED:\n        return None\n    return _core.get()",
    "a check that raises": "def f():\n    if not config.ENABLED:\n        raise Disabled('f')\n    return _core.get()",
    "a check around": "def f():\n    if config.is_enabled('x') and READY:\n        return _core.get()",
    "a check with else": "def f():\n    if config.ENABLED:\n        return _core.get()\n    else:\n        return {}",
    "a check and a default": "def f(default):\n    if config.ENABLED:\n        return _core.get()\n    return default",
    "a parameter as check": "def f(enabled):\n    if not enabled: return\n    return _core.get()",
    "a try": f"{TRY}\n    except KeyError:\n        return None",
    "a try that logs": f"{TRY}\n    except E as e:\n        log.error(e)\n        raise X from e",
    "a try, then a literal": f"{TRY}\n    except E:\n        log.error('x')\n    return None",
    "a check and a try": "def f():\n    if not ON: return 0\n    try:\n        return _core.get()\n    except E: raise",
    "a check in a try": "def f():\n    try:\n        if not ON: return\n        return _core.get()\n    except E: pass",
}

IMPLEMENTATIONS = {
    "two statements": "def f():\n    x = _core.get()\n    return x",
    "two calls": "def f():\n    _core.lock()\n    return _core.get()",
    "nothing": "def f(): pass",
    "something after the call": "def f(): return _core.get() or 3",
    "a composition": "def f(): return {'a': _core.get()}",
    "a comprehension": "def f(keys): return _core.put([k.lower() for k in keys])",
    "a generator expression": "def f(keys): return _core.put(k for k in keys)",
    "a lambda": "def f(key): return _core.get(lambda: key)",
    "a choice": "def f(key): return _core.get(key if key else 1)",
    "a check of an argument": "def f(key):\n    if key is None: return None\n    return _core.get(key)",
    "two checks": "def f():\n    if not A: return\n    if not B: return\n    return _core.get()",
    "a check with work": "def f():\n    if not A:\n        return _core.other()\n    return _core.get()",
    "a retry": "def f():\n    try:\n        return _core.get()\n    except E:\n        return _core.get()",
    "a finally": "def f():\n    try:\n        return _core.get()\n    finally:\n        x()",
    "a with": "def f():\n    with lock:\n        return _core.get()",
    "a loop": "async def f():\n    async for x in _core.get():\n        yield x",
    "a single item": "def f(): yield _core.get()",
    "a builtin": "def f(x): return len(x)",
    "a parameter": "def f(_core): return _core.get()",
    "an item of a table": "def f(key): return TABLE[key]()\nTABLE = {}",
    "an attribute of its own": "def f(key): return TABLE.get(key)\nTABLE = {}",
    "its own value": "def f(): return 42",
}

STATEMENTS = {
    "for x in y: pass": "a `for` statement",
    "while x: pass": "a `while` statement",
    "if x: pass": "an `if` statement",
    "with x: pass": "a `with` statement",
    "try: x\nexcept E: pass": "a `try` statement",
    "try:\n    import x\nexcept KeyError: pass": "a `try` statement",
    "assert x": "an `assert` statement",
    "register()": "the call of `register`",
    "x.y.z = 1": "an assignment",
    "x[1] = 2": "an assignment",
    "x += 1": "an assignment",
    "x = compute()": "the value of `x`",
    "x = [y for y in z]": "the value of `x`",
    "x = lambda: 1": "the value of `x`",
    "x = 1 if y else 2": "the value of `x`",
    "class A:\n    def f(self): return 1": "class `A`",
    "class A:\n    x = compute()": "class `A`",
    "class A:\n    class B:\n        def f(self): return 1": "class `A`",
}


@pytest.mark.parametrize("source", DECLARATIONS.values(), ids=DECLARATIONS)
def test_declarations_are_no_parts(source: str) -> None:
    assert parts((IMPORTS + source).encode()) == ()


@pytest.mark.parametrize("source", DELEGATIONS.values(), ids=DELEGATIONS)
def test_a_function_may_delegate(source: str) -> None:
    (part,) = parts((IMPORTS + source).encode())

    assert (part.kind, part.what, part.imported_at) == ("delegation", "function `f`", Span(1, 1, 1, 36))


@pytest.mark.parametrize("source", IMPLEMENTATIONS.values(), ids=IMPLEMENTATIONS)
def test_a_function_may_implement(source: str) -> None:
    (part,) = parts((IMPORTS + source).encode())

    assert (part.kind, part.name, part.imported_at) == ("implementation", "f", None)


@pytest.mark.parametrize(("source", "what"), STATEMENTS.items())
def test_a_statement_may_implement(source: str, what: str) -> None:
    assert [(part.kind, part.what) for part in parts(source.encode())] == [("implementation", what)]


def test_where_a_part_is() -> None:
    source = dedent("""
        @traced
        async def get(key: dict[str, int] = {"a": 1}) -> None:
            return await fetch(key)

        class Store(
            Base,
        ):
            def get(self): return 1

        x = (compute(
        ))
        from app.cache_core import fetch
    """)

    assert parts(source.encode()) == (
        Part("delegation", "get", "function `get`", Span(3, 1, 3, 55), Span(13, 1, 13, 33), "fetch"),
        Part("implementation", "Store", "class `Store`", Span(6, 1, 8, 3)),
        Part("implementation", "x", "the value of `x`", Span(11, 1, 11, 14)),
    )


def test_what_is_called_may_be_imported_in_the_function() -> None:
    source = "import core\ndef f():\n    from . import core\n    return core.get()"

    assert [part.imported_at for part in parts(source.encode())] == [Span(3, 5, 3, 23)]


def test_what_is_called_may_be_an_alias() -> None:
    source = "import core\nget = core.get\ndef f(): return get()"

    assert [part.imported_at for part in parts(source.encode())] == [Span(1, 1, 1, 12)]


def test_what_is_called_may_come_with_a_star() -> None:
    source = "from core import *\ndef f(): return get()\ndef g(): return len()"

    assert [(part.kind, part.imported_at) for part in parts(source.encode())] == [
        ("delegation", Span(1, 1, 1, 19)),
        ("implementation", None),
    ]


def test_a_function_may_call_another_of_its_module() -> None:
    source = "import core\ndef f(): return core.f()\ndef g(): return f()"

    assert [(part.kind, part.callee) for part in parts(source.encode())] == [("delegation", "core.f"), ("own", "f")]


def test_the_first_of_several_imports_of_a_name_counts() -> None:
    source = "try:\n    from fast import get\nexcept ImportError:\n    from slow import get\ndef f(): return get()"

    assert [part.imported_at for part in parts(source.encode())] == [Span(2, 5, 2, 25)]


def test_a_broken_file_has_the_parts_that_can_be_told() -> None:
    source = "import core\ndef f(): return core.f()\ndef g(:\n    return\nx = compute()\n"

    assert parts(source.encode())[0].name == "f"


@given(st.binary(max_size=200))
def test_it_never_raises(source: bytes) -> None:
    assert parts(source) == parts(source)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_pieces_of_code_never_raise(pieces: list[str]) -> None:
    source = " ".join(pieces).encode()

    assert parts(source) == parts(source)


def test_what_is_nested_without_end_is_read_to_its_end() -> None:
    nested = (
        "x = " + "(" * 10_000 + ")" * 10_000 + "\n" + "if sys.platform:\n" * 500 + "def f(): return " + "a(" * 5_000
    )

    assert parts(nested.encode()) is not None
