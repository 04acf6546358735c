import pytest

from gwlint.parse import parse

PREAMBLE = "from importlib import import_module as load\n"


def dynamic(source: str) -> list[tuple[str, int]]:
    return [(one.module, one.level) for one in parse((PREAMBLE + source).encode()).imports if one.text]


def unknown(source: str) -> list[str]:
    return [one.text for one in parse((PREAMBLE + source).encode()).unknown]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("load('a.b')", [("a.b", 0)]),
        ("load(name='a.b')", [("a.b", 0)]),
        ("import importlib\nimportlib.import_module('a')", [("a", 0)]),
        ("import importlib as i\ni.import_module('a')", [("a", 0)]),
        ("__import__('a.b')", [("a.b", 0)]),
        ("import builtins\nbuiltins.__import__('a')", [("a", 0)]),
        ("__import__('a', globals(), locals(), ['b'], 1)", [("a", 1)]),
        ("load('.a', package='p.q')", [("p.q.a", 0)]),
        ("load('..a', 'p.q')", [("p.a", 0)]),
        ("load('.', 'p.q')", [("p.q", 0)]),
        ("load('.a', __package__)", [("a", 1)]),
        ("load('.a', package=__name__)", [("a", 1)]),
        ("load('..a', __package__)", [("a", 2)]),
        ("load('a', package='p')", [("a", 0)]),
        ("load('order-handler.app')", [("order-handler.app", 0)]),
        ("load('lambda')", [("lambda", 0)]),
        ("bring = load\nbring('a')", [("a", 0)]),
        ("import importlib\nbring = importlib.import_module\ndef f():\n    bring('a')", [("a", 0)]),
    ],
)
def test_reads_literal_names(source: str, expected: list[object]) -> None:
    assert dynamic(source) == expected
    assert unknown(source) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [("'a.b:c.d'", ("a.b", ("c.d",))), ("'a.b:'", ("a", ("b",))), ("'a.b'", ("a", ("b",))), ("'a'", ("a", ()))],
)
def test_resolves_names_of_objects(source: str, expected: tuple[str, tuple[str, ...]]) -> None:
    facts = parse(f"from pkgutil import resolve_name\nresolve_name({source})".encode())

    assert [(one.module, one.names) for one in facts.imports if one.text] == [expected]


@pytest.mark.parametrize(
    "source",
    [
        "T = {'x': 'a', 'y': 'b'}\ndef f(k): return load(T[k])",
        "T = {'x': ('a', 'f'), 'y': ('b', 'g')}\ndef f(k):\n  m, g = T[k]\n  return getattr(load(m), g)",
        "T = {'x': ('a', 'f'), 'y': ('b', 'g')}\ndef f(k): return load(T[k][0])",
        "T = {'x': {'m': 'a'}, 'y': {'m': 'b'}}\ndef f(k): return load(T[k]['m'])",
        "T = {'x': 'a', 'y': 'b'}\ndef f(k): return load(T.get(k))",
        "T = {'x': 'a'}\ndef f(k): return load(T.get(k, 'b'))",
        "T = {'x': 'a', 'y': 'b'}\nfor m in T.values(): load(m)",
        "T = {'x': 'a', 'y': 'b'}\nfor k, m in T.items(): load(m)",
        "T = {'a': f, 'b': g}\nfor m in T: load(m)",
        "T = {**{'x': 'a'}, 'y': 'b'}\nload(T[k])",
        "T = ('a', 'b')\nfor m in T: load(m)",
        "[load(m) for m in ['a', 'b']]",
        "{m: load(m) for m in sorted({'a', 'b'})}",
        "for n, m in [('x', 'a'), ('y', 'b')]: load(m)",
        "def f(k):\n  m = 'a' if k else 'b'\n  load(m)",
        "def f(k):\n  if k: m = 'a'\n  else: m = 'b'\n  load(m)",
        "def _f(m): load(m)\n_f('a')\n_f(m='b')",
        "class C:\n  T = {'x': 'a', 'y': 'b'}\n  def f(self, k): load(self.T[k])",
        "class C:\n  def __init__(self): self.m = ['a', 'b']\n  def f(self):\n    for m in self.m: load(m)",
        "T = ['a:f', 'b:g']\nfor t in T:\n  m, _, f = t.partition(':')\n  load(m)",
        "T = ['a:f', 'b:g']\nfor t in T: load(t.split(':')[0])",
        "T = ['a.f', 'b.g']\nfor t in T:\n  m, f = t.rsplit('.', 1)\n  load(m)",
    ],
)
def test_follows_names_through_tables(source: str) -> None:
    assert sorted(dynamic(source)) == [("a", 0), ("b", 0)]
    assert unknown(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "load(f'{P}.a')",
        "load(P + '.a')",
        "load('{}.a'.format(P))",
        "load('%s.a' % P)",
        "load('%s.%s' % (P, 'a'))",
        "load('.'.join([P, 'a']))",
        "load('p' '.a')",
        "load(('p.a'))",
        "load('p.a.x'.removesuffix('.x'))",
        "load(r'p.a')",
        "m = n = 'p.a'\nload(m)",
        "def f():\n  Q = P\n  load(f'{Q}.a')",
    ],
)
def test_puts_names_together(source: str) -> None:
    assert dynamic(f"P = 'p'\n{source}") == [("p.a", 0)]
    assert unknown(f"P = 'p'\n{source}") == []


@pytest.mark.parametrize(
    "test",
    [
        "if name in T: return load(f'.{name}', __name__)",
        "if name not in T: raise AttributeError\n  return load('.' + name, __package__)",
        "for one in T: load(f'.{one}', __package__)",
    ],
)
@pytest.mark.parametrize("table", ["{'a', 'b'}", "('a', 'b')", "{'a': 1, 'b': 2}"])
def test_follows_a_module_getattr(table: str, test: str) -> None:
    assert sorted(dynamic(f"T = {table}\ndef __getattr__(name):\n  {test}\n")) == [("a", 1), ("b", 1)]


def test_the_row_of_a_table_is_the_place_of_its_import() -> None:
    facts = parse(f"{PREAMBLE}T = {{\n  'x': 'a',\n  'y': 'b',\n}}\nload(T[k])\nload('c')\n".encode())

    assert [(one.module, one.at.line, one.at.column) for one in facts.imports if one.text] == [
        ("a", 3, 8),
        ("b", 4, 8),
        ("c", 7, 1),
    ]


def test_an_import_by_string_runs_when_its_call_does() -> None:
    source = (
        "load('a')\ndef f(): load('b')\nif TYPE_CHECKING: load('c')\n"
        "try: load('d')\nexcept ImportError: pass\nx = lambda: load('e')\n"
    )
    facts = parse((PREAMBLE + source).encode())

    assert [(one.module, one.kind, one.deferred, one.guarded) for one in facts.imports if one.text] == [
        ("a", "dynamic", False, False),
        ("b", "dynamic", True, False),
        ("c", "type-only", False, False),
        ("d", "dynamic", False, True),
        ("e", "dynamic", True, False),
    ]


@pytest.mark.parametrize(
    "call",
    [
        "load(name)",
        "load(os.environ['X'])",
        "load()",
        "load('')",
        "load('no name')",
        "load(b'a')",
        "load(1)",
        "load(*names)",
        "load(**names)",
        "load(self.name)",
        "load('a..b')",
        "load('.a')",
        "load('...a', 'p')",
        "load('.a', package)",
        "__import__('.a')",
        "load('{:>9999999999}'.format('a'))",
        "load(f'{x}.a')",
    ],
)
def test_lists_what_can_not_be_read(call: str) -> None:
    assert (dynamic(call), unknown(call)) == ([], [call])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(m='a'): load(m)", [("a", 0)]),
        ("def f(m): load(m)\nf('a')", [("a", 0)]),
        ("T = {'x': 'a', **more}\nload(T[k])", [("a", 0)]),
        ("m = 'a'\nm = g()\nload(m)", [("a", 0)]),
        ("load('a' if x else g())", [("a", 0)]),
    ],
)
def test_lists_what_can_be_read_in_part(source: str, expected: list[object]) -> None:
    assert dynamic(source) == expected
    assert len(unknown(source)) == 1


@pytest.mark.parametrize(
    "source", ["self.load('a')", "def import_module(x): pass\nimport_module('a')", "'load(\"a\")'", "# load('a')"]
)
def test_another_function_of_the_name_imports_nothing(source: str) -> None:
    assert (dynamic(source), unknown(source)) == ([], [])


@pytest.mark.parametrize(
    "source",
    [
        "x = x\nload(x)",
        "a = b\nb = a\nload(a)",
        "s = s + '.x'\nload(s)",
        "self.a = self.b or self.a\nself.b = self.a\nload(self.a)",
    ],
)
def test_names_that_refer_to_themselves_come_to_an_end(source: str) -> None:
    assert dynamic(source) == []
    assert len(unknown(source)) == 1


def test_tables_that_grow_without_bound_come_to_an_end() -> None:
    source = (
        "a = 'x' * 9\n" + "".join(f"a{i + 1} = a{i} + a{i}\n" for i in range(60)) + "a0 = 'aaaaaaaaaa'\nload(a60)\n"
    )

    assert dynamic(source) == []
    assert unknown(source) == ["load(a60)"]
