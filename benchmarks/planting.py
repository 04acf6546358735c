"""A project with planted copies of real functions, and with functions that only look like copies, and the truth of it.

The functions are those of the standard library of the interpreter that runs this. A copy differs from its original as
copies do: in layout, in names and values, in a few statements, or in the choice of words. What only looks alike is
generated: pairs that any reviewer would leave as they are.
"""

import ast
import builtins
import copy
import random
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

KINDS = ("exact", "renamed", "near", "otherwise")
"""What a copy may differ in: nothing but layout, names and values, some statements, how the same is put."""

_SKIPPED = {
    "test",
    "tests",
    "idlelib",
    "lib2to3",
    "site-packages",
    "pydoc_data",
    "encodings",
    "turtledemo",
    "__pycache__",
}
_PER_MODULE = 2
_PER_FILE = 12
_OF_EACH = 4
_LOOKALIKES = Path(__file__).with_name("lookalikes.txt")
_WORDS = tuple(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())

Function = ast.FunctionDef
_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Planted(NamedTuple):
    """A function of the project: where it is, and the group it belongs to.

    Functions of one group are copies of one another where its kind is one of `KINDS` or `wrapper`; of any other kind,
    they only look alike.
    """

    path: str
    line: int
    end_line: int
    group: int
    kind: str


class _Piece(NamedTuple):
    text: str
    group: int
    kind: str


def plant(folder: Path, seed: int, copies: int, others: int) -> list[Planted]:
    """Write a project, and return what is planted in it."""
    chance = random.Random(seed)
    functions = _functions(chance)
    originals = [one for one in functions if 5 <= _statements(one) <= 40][:copies]
    rest = [one for one in functions if one not in originals][:others]
    pieces = [_Piece(ast.unparse(one), -1, "other") for one in rest]
    for number, original in enumerate(originals):
        kind = KINDS[number % len(KINDS)]
        made = [_MAKERS[kind](original, chance) for _ in range(1 + (number % 5 == 0))]
        pieces += [_Piece(text, number, kind) for text in (ast.unparse(original), *filter(None, made)) if any(made)]
    pieces += _lookalikes(len(originals), chance)
    chance.shuffle(pieces)
    return [*_written(folder, pieces)]


def _written(folder: Path, pieces: Sequence[_Piece]) -> Iterator[Planted]:
    for number in range(0, len(pieces), _PER_FILE):
        path = f"part_{number // _PER_FILE:03}.py"
        lines = [
            '"""One part of the project."""',
            "",
            "import json",
            "import logging",
            "",
            "logger = logging.getLogger(__name__)",
        ]
        for place, piece in enumerate(pieces[number : number + _PER_FILE]):
            text = piece.text
            lines += ["", ""]
            if "self" in text.partition(")")[0] or "(cls" in text.partition(")")[0]:
                lines.append(f"class Part{number + place}:")
                text = "\n".join(f"    {line}" if line else "" for line in text.splitlines())
            first = len(lines)
            own = text.splitlines()
            lines += own
            head = next(place for place, line in enumerate(own) if line.lstrip().startswith(("def ", "async def ")))
            if piece.group >= 0:
                yield Planted(path, first + head + 1, len(lines), piece.group, piece.kind)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("\n".join(lines) + "\n", encoding="utf-8")


# Real functions.


def _functions(chance: random.Random) -> list[Function]:
    library = Path(sysconfig.get_path("stdlib"))
    found: list[Function] = []
    seen: set[str] = set()
    for file in sorted(library.rglob("*.py")):
        if _SKIPPED.isdisjoint(file.relative_to(library).parts[:-1]):
            of_file = [one for one in _of(file) if one.name not in seen]
            chance.shuffle(of_file)
            found += of_file[:_PER_MODULE]
            seen.update(one.name for one in of_file)
    chance.shuffle(found)
    return found


def _of(file: Path) -> Iterator[Function]:
    try:
        module = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(module):
        if not isinstance(node, Function) or node.name.startswith("__") or node.decorator_list:
            continue
        if _statements(node) >= 3 and not any(isinstance(one, _DEFINING) for one in ast.walk(node) if one is not node):
            yield node


def _statements(function: ast.AST) -> int:
    return sum(isinstance(one, ast.stmt) for one in ast.walk(function)) - 1


# Copies.


def _exact(function: Function, chance: random.Random) -> str:
    made = copy.deepcopy(function)
    if isinstance(made.body[0], ast.Expr) and isinstance(made.body[0].value, ast.Constant) and len(made.body) > 1:
        made.body = made.body[1:]
    lines = []
    for line in ast.unparse(made).splitlines():
        if chance.random() < 0.2:
            lines.append(f"{line[: len(line) - len(line.lstrip())]}# {' '.join(chance.sample(_WORDS, 4))}")
        lines.append(line)
        if chance.random() < 0.1 and not line.endswith("\\") and '"""' not in line and "'''" not in line:
            lines.append("")
    text = "\n".join(lines)
    try:
        ast.parse(text)
    except SyntaxError:
        return ast.unparse(made)
    return text if not lines[0].lstrip().startswith("#") else "\n".join(lines[1:])


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: dict[str, str], chance: random.Random) -> None:
        self.names = names
        self.chance = chance

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.copy_location(ast.arg(self.names.get(node.arg, node.arg)), node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self.names.get(node.name, node.name) if node.name else None
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if self.chance.random() < 0.4:
            if type(node.value) is int:
                return ast.copy_location(ast.Constant(node.value + self.chance.randint(2, 90)), node)
            if type(node.value) is str and node.value.isidentifier():
                return ast.copy_location(ast.Constant(self.chance.choice(_WORDS)), node)
        return node


def _bound(function: Function) -> list[str]:
    names = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    names |= {one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    outer = {name for one in ast.walk(function) if isinstance(one, ast.Global | ast.Nonlocal) for name in one.names}
    return sorted(names - outer - {"self", "cls"} - set(dir(builtins)))


def _renamed(function: Function, chance: random.Random) -> str:
    made = copy.deepcopy(function)
    if any(
        isinstance(one, Function | ast.ClassDef | ast.AsyncFunctionDef) for one in ast.walk(made) if one is not made
    ):
        return ""
    bound = _bound(made)
    words = chance.sample(_WORDS, min(len(bound), len(_WORDS)))
    names = {old: f"{new}_{chance.choice('abcd')}" for old, new in zip(bound, words, strict=False)}
    made.name = f"{chance.choice(_WORDS)}_{chance.choice(_WORDS)}"
    made = _Renamer(names, chance).visit(made)
    return ast.unparse(ast.fix_missing_locations(made))


def _near(function: Function, chance: random.Random) -> str:
    made = copy.deepcopy(function)
    if chance.random() < 0.5:
        renamed = _renamed(made, chance)
        if renamed:
            made = ast.parse(renamed).body[0]  # type: ignore[assignment]  # it was a function before
    few = _statements(made) < 8
    for _ in range(chance.randint(1, 2 if few else 4)):
        blocks = [block for node in ast.walk(made) for block in _blocks(node)]
        block = chance.choice(blocks)
        chance.choice((_insert, _insert, _modify, _modify, _delete, _reorder, _wrap))(block, chance)
    return ast.unparse(ast.fix_missing_locations(made))


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block


def _insert(block: list[ast.stmt], chance: random.Random) -> None:
    word, other = chance.sample(_WORDS, 2)
    new = chance.choice(
        (
            f"{word} = {chance.randint(0, 9)}",
            f"logger.info('{word} %s', {other!r})",
            f"if not {word}:\n    raise ValueError('no {word}')",
            f"{word} = {other}.get('{word}')",
            f"counters['{word}'] += 1",
        )
    )
    block.insert(chance.randint(0, len(block) - 1), ast.parse(new).body[0])


def _delete(block: list[ast.stmt], chance: random.Random) -> None:
    simple = [one for one in block if not hasattr(one, "body")]
    if len(block) > 2 and simple:
        block.remove(chance.choice(simple))


def _reorder(block: list[ast.stmt], chance: random.Random) -> None:
    if len(block) > 2:
        place = chance.randint(0, len(block) - 3)
        block[place], block[place + 1] = block[place + 1], block[place]


def _modify(block: list[ast.stmt], chance: random.Random) -> None:
    statement = chance.choice(block)
    values = [one for one in ast.walk(statement) if isinstance(one, ast.Call)]
    if values:
        chance.choice(values).args.append(ast.Name(chance.choice(_WORDS), ast.Load()))
    else:
        _insert(block, chance)


def _wrap(block: list[ast.stmt], chance: random.Random) -> None:
    place = chance.randint(0, len(block) - 1)
    if not isinstance(block[place], ast.Expr | ast.Assign | ast.If):
        return
    head = chance.choice((f"if {chance.choice(_WORDS)}:\n    pass", "with lock:\n    pass"))
    wrapper = ast.parse(head).body[0]
    wrapper.body = [block[place]]  # type: ignore[attr-defined]  # both have one
    block[place] = wrapper


class _Rewriter(ast.NodeTransformer):
    """Puts the same in another way."""

    changed = 0

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if node.orelse and not isinstance(node.orelse[0], ast.If):
            self.changed += 1
            return ast.If(_negated(node.test), node.orelse, node.body)
        if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And) and not node.orelse:
            self.changed += 1
            first, *rest = node.test.values
            return ast.If(
                first, [ast.If(rest[0] if len(rest) == 1 else ast.BoolOp(ast.And(), rest), node.body, [])], []
            )
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.IfExp):
            self.changed += 1
            return ast.If(node.value.test, [ast.Return(node.value.body)], [ast.Return(node.value.orelse)])
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        value, target = node.value, node.targets[0]
        if isinstance(value, ast.ListComp) and len(value.generators) == 1 and isinstance(target, ast.Name):
            self.changed += 1
            return _as_loop(value, target.id)
        if isinstance(value, ast.IfExp):
            self.changed += 1
            return ast.If(value.test, [ast.Assign([target], value.body)], [ast.Assign([target], value.orelse)])
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self.changed += 1
            return ast.Assign([node.target], ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value))
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        turned = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
        if len(node.ops) == 1 and type(node.ops[0]) in turned:
            self.changed += 1
            return ast.Compare(node.comparators[0], [turned[type(node.ops[0])]()], [node.left])
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        is_text = isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        if isinstance(node.op, ast.Mod) and is_text and "%(" not in node.left.value:  # type: ignore[attr-defined]  # it is text
            values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            parts = node.left.value.replace("%r", "%s").replace("%d", "%s").split("%s")  # type: ignore[attr-defined]
            if len(parts) == len(values) + 1 and not any("%" in part for part in parts):
                self.changed += 1
                return ast.Call(
                    ast.Attribute(
                        ast.Constant("{}".join(part.replace("{", "").replace("}", "") for part in parts)),
                        "format",
                        ast.Load(),
                    ),
                    list(values),
                    [],
                )
        return node


def _negated(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    opposite = {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn}
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in opposite:
        return ast.Compare(test.left, [opposite[type(test.ops[0])]()], test.comparators)
    return ast.UnaryOp(ast.Not(), test)


def _as_loop(value: ast.ListComp, name: str) -> list[ast.stmt]:
    generator = value.generators[0]
    collect: ast.stmt = ast.Expr(
        ast.Call(ast.Attribute(ast.Name(name, ast.Load()), "append", ast.Load()), [value.elt], [])
    )
    for condition in reversed(generator.ifs):
        collect = ast.If(condition, [collect], [])
    return [
        ast.Assign([ast.Name(name, ast.Store())], ast.List([], ast.Load())),
        ast.For(generator.target, generator.iter, [collect], []),
    ]


def _otherwise(function: Function, chance: random.Random) -> str:  # noqa: ARG001  what a maker takes
    rewriter = _Rewriter()
    made = rewriter.visit(copy.deepcopy(function))
    return ast.unparse(ast.fix_missing_locations(made)) if rewriter.changed else ""


_MAKERS: dict[str, Callable[[Function, random.Random], str]] = {
    "exact": _exact,
    "renamed": _renamed,
    "near": _near,
    "otherwise": _otherwise,
}


# What only looks alike, and what is alike though it is short.


def _lookalikes(first: int, chance: random.Random) -> list[_Piece]:
    pieces: list[_Piece] = []
    for number, (kind, templates) in enumerate(_sections(), first):
        if kind == "wrapper":
            pieces += (_Piece(template, number, kind) for template in templates)
        else:
            pieces += (_Piece(_filled(one, chance), number, kind) for one in templates for _ in range(_OF_EACH))
    return pieces


def _sections() -> Iterator[tuple[str, list[str]]]:
    _, *sections = _LOOKALIKES.read_text(encoding="utf-8").split("\n== ")
    for section in sections:
        kind, _, templates = section.partition("\n")
        yield kind, [one.strip() for one in templates.split("\n--\n")]


def _filled(template: str, chance: random.Random) -> str:
    for sign, word in zip("ABCDEFGHIJ", chance.sample(_WORDS, 10), strict=True):
        name = f"{word}_{sign.lower()}"
        template = template.replace(f"${sign}", name).replace(f"^{sign}", name.title().replace("_", ""))
    return template
