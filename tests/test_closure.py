"""What a handler loads, found without running it, and what an interpreter says about that."""

import sys
from pathlib import Path

import pytest

from gwlint.footprint.kept import Modules
from gwlint.footprint.loads import Declared, Gap, Invoked, Link, Load, Made
from tests.loading_trees import loaded, names, really_loaded, write

HERE = sys.version_info[:2]
LEAVES = {"a.py": "V = 1\n", "b.py": "V = 2\n", "p/__init__.py": "", "p/x.py": "V = 3\n", "p/y.py": "V = 4\n"}

SAME = {
    "import": "import a\nimport p.x as x",
    "parents first": "from p.x import V",
    "submodule that is no name": "from p import x",
    "in a function": "def f():\n    import a",
    "in a function that is called": "def f():\n    import a\nf()",
    "in a function that a function calls": "def f():\n    import a\ndef g():\n    f()\ng()",
    "in a decorator": "def d(f):\n    import a\n    return f\n@d\ndef f(): import b",
    "in a wrapper that nobody calls": "def d(f):\n    def w():\n        import a\n    return w\n@d\ndef f(): import b",
    "in a class": "class A:\n    import a\n    def f(self):\n        import b",
    "in an initialiser": "class A:\n    def __init__(self):\n        import a\nA()",
    "in a class method": "class A:\n    @classmethod\n    def f(cls):\n        cls.g()\n    @staticmethod\n    def g(): import a\nA.f()",
    "in a method": "class A:\n    def f(self):\n        self.g()\n    def g(self): import a\nA().f()",
    "in a metaclass": "class M(type):\n    def __new__(m, n, b, d):\n        import a\n        return type.__new__(m, n, b, d)\n"
    "class A(metaclass=M): pass",
    "when a class inherits": "class A:\n    def __init_subclass__(cls):\n        import a\nclass B(A): pass",
    "in a lambda": "f = lambda: __import__('a')\ng = lambda: __import__('b')\nf()",
    "in a generator": "def f():\n    import a\n    yield\nf()",
    "in a coroutine": "async def f():\n    import a\nc = f()\nc.close()",
    "in a default": "def f(x=__import__('a')): import b",
    "for types": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\nelse:\n    import b",
    "for types, renamed": "import typing as t\nif t.TYPE_CHECKING:\n    import a",
    "for types, at hand": "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import a",
    "as a script": "if __name__ == '__main__':\n    import a\nif __name__ == 'main':\n    import b",
    "version": "import sys\nif sys.version_info >= (3, 8):\n    import a\nelse:\n    import b",
    "version, sliced": "import sys\nif sys.version_info[:2] < (3, 8):\n    import a\nelif sys.version_info[0] == 3:\n    import b",
    "version, kept": "import sys\nPY3 = sys.version_info.major >= 3\nif not PY3:\n    import a",
    "platform": "import sys, os, platform\nif sys.platform == 'win32' or os.name == 'nt':\n    import a\n"
    "if platform.system() == 'Windows':\n    import b",
    "implementation": "import platform, sys\nif platform.python_implementation() == 'PyPy':\n    import a\n"
    "if sys.implementation.name == 'cpython':\n    import b",
    "missing": "try:\n    import nothing\n    import b\nexcept ImportError:\n    import a",
    "missing deep down": "try:\n    import p.nothing\nexcept ModuleNotFoundError:\n    import a",
    "not missing": "try:\n    import a\nexcept ImportError:\n    import b\nelse:\n    import p.x\nfinally:\n    import p.y",
    "a name that is missing": "try:\n    from a import W\nexcept ImportError:\n    import b",
    "not caught": "try:\n    try:\n        import nothing\n    except KeyError:\n        import a\nexcept ImportError:\n    import b",
    "raised again": "try:\n    try:\n        import nothing\n    except ImportError:\n        raise\nexcept ImportError:\n    import b",
    "suppressed": "from contextlib import suppress as s\nwith s(ImportError):\n    import nothing\n    import a\nimport b",
    "a flag": "try:\n    import nothing\n    HAS = True\nexcept ImportError:\n    HAS = False\nif HAS:\n    import a",
    "by name": "import importlib\nimportlib.import_module('p.x')",
    "by relative name": "from importlib import import_module as i\ni('.x', 'p')",
    "by names": "from importlib import import_module\nfor n in ('x', 'y'):\n    import_module(f'p.{n}')",
    "by names in a comprehension": "import importlib\nM = {n: importlib.import_module('p.' + n) for n in ['x', 'y']}",
    "by the keys of a table": "T = {'p.x': 1, 'a': 2}\nfor k in T:\n    __import__(k)\nfor k, v in T.items():\n    pass",
    "when some are left out": "[__import__(n) for n in ('a', 'b') if n != 'a']",
    "of all modules in a package": "import p, pkgutil\nfor m in pkgutil.iter_modules(p.__path__):\n    __import__('p.' + m[1])",
    "loaded before": "import sys\nimport a\nif 'a' in sys.modules:\n    import b\nif 'p' in sys.modules:\n    import p.x",
    "after a return": "def f():\n    return 1\n    import a\nf()",
    "after a guard": "def f(x):\n    if x is None:\n        return\n    import a\nf(None)",
    "by an argument": "def f(n, also=None):\n    __import__(n)\n    if also:\n        __import__(also)\nf('a')\nf('p', also='b')",
    "while": "while True:\n    import a\n    break\nelse:\n    import b",
    "deleted": "import a\ndel a",
    "global": "def f():\n    global a\n    import a\nf()\na.V",
    "nested": "if 1:\n    try:\n        if not 0:\n            import a\n    finally:\n        pass",
}


@pytest.mark.parametrize("source", SAME.values(), ids=SAME)
def test_the_same_is_loaded_as_by_an_interpreter(tmp_path: Path, source: str) -> None:
    write(tmp_path, {**LEAVES, "main.py": source + "\n"})

    assert sorted(names(loaded(tmp_path, python=HERE))) == really_loaded(tmp_path)


PACKAGES = {
    "its own submodule": {"q/__init__.py": "from . import x\n", "q/x.py": "", "main.py": "import q\n"},
    "a name that hides a submodule": {"q/__init__.py": "x = 1\n", "q/x.py": "", "main.py": "from q import x\n"},
    "a submodule under its own name": {
        "q/__init__.py": "from . import x\nfrom .x import x\n",
        "q/x.py": "x = 1\n",
        "q/y.py": "from q import x\n",
        "main.py": "import q.y\n",
    },
    "all": {"q/__init__.py": "__all__ = ['x', 'V']\nV = 1\n", "q/x.py": "", "q/y.py": "", "main.py": "from q import *\n"},
    "a circle": {"q/__init__.py": "import q.x\n", "q/x.py": "import q\nfrom q import y\n", "q/y.py": "import q.x\n", "main.py": "import q\n"},
    "a namespace": {"n/m/x.py": "from . import y\n", "n/m/y.py": "", "main.py": "import n.m.x\n"},
    "names on demand": {
        "q/__init__.py": "import importlib\n_M = {'A': '.x', 'B': '.y'}\n"
        "def __getattr__(n):\n    if n in _M:\n        return getattr(importlib.import_module(_M[n], __name__), n)\n    raise AttributeError(n)\n",
        "q/x.py": "A = 1\n",
        "q/y.py": "B = 1\n",
        "main.py": "from q import A\n",
    },
    "names on demand, reached as attributes": {
        "q/__init__.py": "_M = {'A': ('x', 'A'), 'B': ('y', 'B')}\n"
        "def __getattr__(n):\n    try:\n        m, a = _M[n]\n    except KeyError:\n        raise AttributeError(n) from None\n"
        "    from importlib import import_module\n    v = getattr(import_module('q.' + m), a)\n    globals()[n] = v\n    return v\n",
        "q/x.py": "A = 1\n",
        "q/y.py": "B = 1\n",
        "main.py": "import q\nclass C:\n    a = q.A\n    def f(self): return q.B\n",
    },
    "submodules on demand": {
        "lazy_loader.py": "import importlib, sys\n"
        "def attach(package, submodules=None, submod_attrs=None):\n"
        "    submodules = set(submodules or ())\n"
        "    attrs = {a: m for m, names in (submod_attrs or {}).items() for a in names}\n"
        "    def __getattr__(name):\n"
        "        if name in submodules:\n            return importlib.import_module(f'{package}.{name}')\n"
        "        elif name in attrs:\n            return getattr(importlib.import_module(f'{package}.{attrs[name]}'), name)\n"
        "        raise AttributeError(name)\n"
        "    return __getattr__, lambda: [], list(attrs)\n",
        "q/__init__.py": "import lazy_loader as lazy\n__getattr__, __dir__, __all__ = lazy.attach(__name__, ['x'], {'y': ['B']})\n",
        "q/x.py": "",
        "q/y.py": "B = 1\n",
        "main.py": "import q\nq.B\n",
    },
    "a function of another module": {"q.py": "def f(): import r\ndef g(): import s\n", "r.py": "", "s.py": "", "main.py": "import q\nq.f()\n"},
    "a fallback in another module": {"q.py": "try:\n    from nothing import x\nexcept ImportError:\n    x = None\n", "r.py": "", "main.py": "import q\nif q.x:\n    import r\n"},
    "a failure from far away": {"q.py": "import r\nimport nothing\n", "r.py": "", "s.py": "", "main.py": "try:\n    import q\nexcept ImportError:\n    import s\n"},
    "a class of another module": {
        "q.py": "class B:\n    def __init__(self): self.f()\n    def f(self): import r\n",
        "r.py": "",
        "s.py": "",
        "main.py": "from q import B\nclass C(B):\n    def f(self): import s\nC()\n",
    },
}  # fmt: skip


@pytest.mark.parametrize("files", PACKAGES.values(), ids=PACKAGES)
def test_the_same_is_loaded_of_packages_as_by_an_interpreter(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, files)

    assert sorted(names(loaded(tmp_path, python=HERE))) == really_loaded(tmp_path)


def test_of_a_condition_that_nobody_knows_both_arms_load(tmp_path: Path) -> None:
    write(tmp_path, {**LEAVES, "main.py": "import os\nif os.environ['STAGE']:\n    import a\nelse:\n    import b\n"})

    assert names(loaded(tmp_path)) == ["main", "a", "b"]


def test_what_a_condition_leaves_open_stays_open(tmp_path: Path) -> None:
    source = (
        "import os\nF = False\nif os.environ['STAGE']:\n    F = True\nif F:\n    import a\nif not F:\n    import b\n"
    )
    write(tmp_path, {**LEAVES, "main.py": source})

    assert names(loaded(tmp_path)) == ["main", "a", "b"]


def test_a_package_does_not_ask_for_variables_that_anybody_sets(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"q.py": "import os\nif os.environ.get('Q_DEBUG'):\n    import r\n", "r.py": ""})
    project = write(tmp_path / "src", {"main.py": "import q\n"})

    assert names(loaded(project, site)) == ["main", "q"]


def test_the_target_decides_about_versions(tmp_path: Path) -> None:
    source = "import sys\nif sys.version_info >= (3, 11):\n    import a\nelse:\n    import b\ntry:\n    import tomllib\nexcept ImportError:\n    import p\n"
    write(tmp_path, {**LEAVES, "main.py": source})

    assert names(loaded(tmp_path, python=(3, 10))) == ["main", "b", "p"]
    assert names(loaded(tmp_path, python=(3, 13))) == ["main", "a"]


def test_annotations_are_evaluated_before_they_are_not(tmp_path: Path) -> None:
    lazy = "import importlib\ndef __getattr__(n):\n    return importlib.import_module('q.' + n)\n"
    write(tmp_path, {"q/__init__.py": lazy, "q/x.py": "", "main.py": "import q\ndef f(a: q.x): ...\n"})

    assert names(loaded(tmp_path, python=(3, 13))) == ["main", "q", "q.x"]
    assert names(loaded(tmp_path, python=(3, 14))) == ["main", "q"]


def test_a_load_says_what_it_is_and_who_asked_for_it(tmp_path: Path) -> None:
    site = write(
        tmp_path / "site",
        {
            "shop/__init__.py": "import json\n",
            "shop/_core.cpython-312-x86_64-linux-gnu.so": "",
            "Shop_Client-1.2.dist-info/RECORD": "shop/__init__.py,,\nshop/_core.so,,\n",
        },
    )
    project = write(tmp_path / "src", {"main.py": "\nimport app\nimport nowhere\n", "app.py": "import shop._core\n"})
    asked = {"json": ("json.decoder",), "shop._core": ("uuid",)}

    found = loaded(project, site, asked=asked.get)

    assert found.loads == (
        Load("main", "project", f"{project}/main.py", "main.py"),
        Load("app", "project", f"{project}/app.py", "app.py", "", "", 0, 2),
        Load("shop", "package", f"{site}/shop/__init__.py", "shop/__init__.py", "shop-client", "1.2", 1, 1),
        Load("json", "standard", "", "", "", "", 2, 1),
        Load("json.decoder", "standard", "", "", "", "", 3, 0),
        Load(
            "shop._core", "package", f"{site}/shop/_core.cpython-312-x86_64-linux-gnu.so",
            "shop/_core.cpython-312-x86_64-linux-gnu.so", "shop-client", "1.2", 1, 1,
        ),
        Load("uuid", "standard", "", "", "", "", 5, 0),
        Load("nowhere", "missing", "", "", "", "", 0, 3),
    )  # fmt: skip
    assert found.links == (
        Link(0, 1, 2), Link(1, 2, 1), Link(2, 3, 1), Link(3, 4, 0), Link(1, 5, 1), Link(5, 6, 0), Link(0, 7, 3)
    )  # fmt: skip
    assert found.gaps == (Gap("missing", "nowhere", 0, 3),)
    assert found.chain(6) == (0, 1, 5, 6)


def test_what_is_not_at_hand_at_all_may_be_there(tmp_path: Path) -> None:
    write(
        tmp_path,
        {**LEAVES, "main.py": "try:\n    import boto3\nexcept ImportError:\n    import a\nimport boto3.session\n"},
    )

    found = loaded(tmp_path, is_complete=False)

    assert [(load.module, load.origin) for load in found.loads] == [("main", "project"), ("boto3", "missing")]


def test_an_extension_is_known_by_its_twin_or_not_at_all(tmp_path: Path) -> None:
    write(
        tmp_path,
        {**LEAVES, "fast.abi3.so": "", "fast.py": "import a\n", "slow.so": "", "main.py": "import fast\nimport slow\n"},
    )

    found = loaded(tmp_path)

    assert names(found) == ["main", "fast", "a", "slow"]
    assert found.gaps == (Gap("extension", "slow", 3, 0),)


def test_a_name_that_is_made_up_at_run_time_leaves_a_gap(tmp_path: Path) -> None:
    write(tmp_path, {"main.py": "import importlib, os\nimportlib.import_module(os.environ['PLUGIN'])\n"})

    assert loaded(tmp_path).gaps == (Gap("dynamic", "importlib.import_module", 0, 2),)


def test_calls_are_noted_with_their_literal_arguments(tmp_path: Path) -> None:
    source = (
        "import boto3 as b\nfrom boto3 import session as s\n"
        "def table(name):\n    return b.resource('dynamodb').Table(name)\n"
        "orders = table('orders')\nclients = [b.client(n, region_name='eu') for n in ('s3', 'sqs')]\n"
        "for _ in range(1000):\n    s.Session(b.x)\n"
        "def handler(event, context):\n    b.client('sns')\n"
    )
    write(tmp_path, {"main.py": source})

    assert loaded(tmp_path).invoked == (
        Invoked("boto3.resource", ("dynamodb",), (), 1, 0, 4),
        Invoked("boto3.resource.Table", ("orders",), (), 1, 0, 4),
        Invoked("boto3.client", ("s3",), (("region_name", "eu"),), 1, 0, 6),
        Invoked("boto3.client", ("sqs",), (("region_name", "eu"),), 1, 0, 6),
        Invoked("boto3.session.Session", ("",), (), 1000, 0, 8),
    )


def test_a_package_s_function_is_noted_under_the_name_that_others_use(tmp_path: Path) -> None:
    site = write(
        tmp_path / "site",
        {
            "api/__init__.py": "from api.core import App, go\n",
            "api/core.py": "import late\nclass App: ...\ndef go(n): ...\n",
            "late.py": "",
        },
    )
    project = write(
        tmp_path / "src",
        {"main.py": "import api\nfrom api import App\napp = App('x')\napi.go(1)\nclass Mine(App): ...\nMine()\n"},
    )

    found = loaded(project, site)

    assert found.invoked == (
        Invoked("api.App", ("x",), (), 1, 0, 3),
        Invoked("api.go", ("1",), (), 1, 0, 4),
        Invoked("main.Mine", (), (), 1, 0, 6, ("api.App",)),
    )


def test_declarations_are_noted_with_all_their_ancestors(tmp_path: Path) -> None:
    source = (
        "import dataclasses\nfrom pydantic import BaseModel\nfrom app import Base\n"
        "class Order(Base):\n    id: int\n    total: float = 0\n    def f(self): ...\n"
        "@dataclasses.dataclass(frozen=True)\nclass Line:\n    sku: str\n"
        "@app.get('/x')\ndef handler(event): ...\n"
    )
    write(tmp_path, {"main.py": source, "app.py": "import pydantic\nclass Base(pydantic.BaseModel):\n    x = 1\n"})

    assert [one for one in loaded(tmp_path).declared if one.kind == "class"] == [
        Declared("class", "app.Base", ("pydantic.BaseModel",), (), 1, 3, 2),
        Declared("class", "main.Order", ("app.Base", "pydantic.BaseModel"), (), 2, 0, 4),
        Declared("class", "main.Line", (), ("dataclasses.dataclass",), 1, 0, 9),
    ]


def test_data_is_noted_with_what_it_is_made_of(tmp_path: Path) -> None:
    source = (
        "import json, numpy as np\nfrom pathlib import Path\n"
        f"CODES = [{', '.join(map(str, range(100)))}]\n"
        "SQUARES = {i: str(i) for i in range(10_000)}\n"
        "ZEROS = [0] * 5000\n"
        "GRID = np.zeros((100, 200), dtype='float32')\n"
        "RATES = json.loads((Path(__file__).parent / 'rates.json').read_text())\n"
        "with open('x.txt') as f:\n    SMALL = [1, 2, 3]\n"
        "TEXT = Path(__file__).with_name('t.txt').read_text()\n"
    )
    write(tmp_path, {"main.py": source})

    assert loaded(tmp_path).made == (
        Made("literal", "CODES", (("element", 100), ("int", 100), ("list", 1)), 1, 390, 0, 3),
        Made(
            "comprehension", "SQUARES",
            (("dict", 1), ("entry", 10_000), ("int", 10_000), ("string", 10_000), ("string-bytes", 50_000)), 1, 0, 0, 4,
        ),
        Made("repetition", "ZEROS", (("element", 5000), ("list", 1)), 1, 0, 0, 5),
        Made("array", "GRID", (("float32", 20_000),), 1, 0, 0, 6, "", "numpy.zeros"),
        Made("file", "RATES", (), 1, 0, 0, 7, f"{tmp_path}/rates.json", "json.loads"),
        Made("file", "TEXT", (), 1, 0, 0, 10, f"{tmp_path}/t.txt", "read"),
    )  # fmt: skip


HOSTILE = {
    "a function that calls itself": "def f(): f()\nf()",
    "functions that call each other": "def f(): g()\ndef g(): f()\nf()",
    "a class that is its own base": "class A(A): ...\nclass A(A): ...\nA()",
    "numbers without end": "X = 10 ** 10 ** 10\nY = 'x' * 10 ** 18\nZ = [0] * 10 ** 18\nW = 1 << 10 ** 9\nV = '%1000000000d' % 1",
    "a loop without end": "for i in range(10 ** 18):\n    for j in range(10 ** 18):\n        f(i)",
    "text that grows": "s = 'x'\n" + "s = s + s\n" * 200,
    "tables that grow": "t = (1,)\n" + "t = t + t\n" * 40,
    "a comprehension of comprehensions": "[[[[z for z in range(400)] for y in range(400)] for x in range(400)] for w in range(400)]",
    "bytes that are no text": "\\x00",
    "deep brackets": "x = " + "(" * 500 + ")" * 500,
    "deep operators": "x = " + "-" * 3000 + "1",
    "a long sum": "x = " + " + ".join(["1"] * 3000),
    "a long chain of calls": "x = a" + ".b()" * 300,
    "many arms": "if a: pass\n" + "elif b: pass\n" * 900,
    "arms in arms": "".join("    " * i + "if a:\n" for i in range(60)) + "    " * 60 + "pass",
    "unequal parameters": "def f(a, b=1, *c, d, **e): pass\nf()\nf(*x, **y)\nf(1, 2, 3, 4, d=5, g=6)",
    "odd names": "import \u00e9\nfrom .... import x\nfrom . import main\n__import__('')\n__import__('..')",
    "surrogates": "x = '\\ud800'\n__import__(x)",
    "a thousand imports of nothing": "\n".join(f"import m{i}" for i in range(1000)),
    "no syntax": "import os\ndef (:\nimport json\n",
}  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_sources_do_no_harm(tmp_path: Path, source: str) -> None:
    write(tmp_path, {"main.py": source + "\n"})

    assert names(loaded(tmp_path))[:1] == ["main"]


def test_a_long_chain_of_imports_does_no_harm(tmp_path: Path) -> None:
    write(
        tmp_path, {f"m{i}.py": f"import m{i + 1}\n" for i in range(1000)} | {"main.py": "import m0\n", "m1000.py": ""}
    )

    assert len(names(loaded(tmp_path))) > 100


def test_what_can_be_read_of_a_broken_file_counts(tmp_path: Path) -> None:
    write(tmp_path, {**LEAVES, "main.py": "import a\ndef f(:\n    import p\nimport b\n"})

    found = loaded(tmp_path)

    assert names(found) == ["main", "a", "b"]
    assert [(gap.kind, gap.line) for gap in found.gaps] == [("syntax", 2)]


def test_lazy_imports_load_nothing(tmp_path: Path) -> None:
    write(tmp_path, {**LEAVES, "main.py": "lazy import a\nlazy from p import x\nimport b\n"})

    assert names(loaded(tmp_path)) == ["main", "b"]


def test_functions_may_share_what_packages_do(tmp_path: Path) -> None:
    lazy = "import importlib, json\nT = [0] * 500\ndef __getattr__(n):\n    globals()[n] = importlib.import_module('q.' + n)\n    return globals()[n]\n"
    failing = "import r\nimport nothing\n"
    files = {
        "q/__init__.py": lazy,
        "q/x.py": "import s\n",
        "q/y.py": "try:\n    import f\nexcept ImportError:\n    import q.z\n",
        "q/z.py": "",
    }
    site = write(tmp_path / "site", files | {"r.py": "class C: ...\n", "s.py": "", "f.py": failing})
    handlers = {
        "one.py": "from q import x, y\n",
        "two.py": "import q.y\nq.y\n",
        "three.py": "import q\nq.x\nimport s\n",
    }
    project = write(tmp_path / "src", handlers)
    shared = Modules()

    apart = [loaded(project, site, module=name) for name in ("one", "two", "three", "one")]
    together = [loaded(project, site, module=name, modules=shared) for name in ("one", "two", "three", "one")]

    assert together == apart
    assert names(apart[1]) == ["two", "q", "q.y", "r", "q.z"]


def test_depth_of_every_kind_does_no_harm(tmp_path: Path) -> None:
    deep = "if a:\n    " + "f(" * 30 + "x" + ")" * 30 + "\n"
    step = "def f(x): return g(x)\ndef g(x): return h(x)\ndef h(x):\n    import m{}\n" + deep + "[[[[f(1)]]]]\n"
    write(tmp_path, {f"m{i}.py": step.format(i + 1) for i in range(300)} | {"main.py": "import m0\n", "m300.py": ""})

    assert len(names(loaded(tmp_path))) > 20
