"""Is this file valid Python, and if not, where and why.

tree-sitter answers neither: it accepts a missing block and rejects today's newest syntax. `symtable` is the
fastest real check of the standard library, as it builds no tree for Python. What the running interpreter
rejects on grounds of grammar may just be newer than it, so libcst, which knows today's grammar on every
interpreter, decides there. The message stays the interpreter's: it is the one people know.
"""

import ast
import re
import symtable
import warnings
from bisect import bisect_right

from gwlint.model import SourceError

LITERAL = re.compile(
    rb"""\#[^\n]*
       | (?:"{3}|'{3})                             # a triple-quoted string that never ends is one, too
         (?:(?<="{3})(?:[^"\\]|\\.|"(?!""))*(?:"{3}|\Z) | (?<='{3})(?:[^'\\]|\\.|'(?!''))*(?:'{3}|\Z))
       | "(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\Z)
       | '(?:[^'\\\n]|\\.)*(?:'|(?=\n)|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
"""A comment or a string in source that need not be valid, found without a parser."""

_LARGEST_FOR_LIBCST = 1_000_000
_DEEPEST_FOR_LIBCST = 300
"""libcst recurses: at three thousand levels it takes the interpreter down with it, and it is slow long before."""

_OUTERMOST = re.compile(rb"^[^\s#)\]}]", re.MULTILINE)
_SYMBOL = re.compile(rb"[^\w\s]|\n|\b(?:not|and|or|if|elif|for|lambda|await|case|del)\b")
_OPENING, _CLOSING = b"([{", b")]}"
_BACKTRACKED = (b"case", b"del")
_WEIGHT_OF_BACKTRACKING = 100
"""Every bracket in a pattern, or after `del`, doubles the time that libcst takes to find that it has no end."""

TOO_DEEP = SourceError("syntax", "too deeply nested to be compiled", 1, 1)


def check(data: bytes) -> SourceError | None:
    """Return what is wrong with a source in UTF-8, or None. Never raises."""
    if b"\0" in data:
        return _null_byte(data)
    rejection = _interpreter_says(data)
    if rejection in (None, TOO_DEEP):
        return rejection
    return _second_opinion(data, rejection)


def _second_opinion(data: bytes, rejection: SourceError | None) -> SourceError | None:
    """Let libcst judge the statements that the interpreter rejects for their grammar, and the interpreter the rest.

    libcst takes forty times longer, so it is given the whole file only where the statements can't be told apart.
    """
    rest = data
    while rejection is not None and rejection != TOO_DEEP and _is_about_grammar(rest):
        start, end = _statement_at(rest, rejection.line)
        statement = rest[start:end]
        if not statement.strip() or not _libcst_accepts(statement):
            return None if _libcst_accepts(data) else rejection
        rest = rest[:start] + b"\n" * statement.count(b"\n") + rest[end:]
        rejection = _interpreter_says(rest)
    return rejection


def _statement_at(data: bytes, line: int) -> tuple[int, int]:
    """Return where the statement at the outermost level begins and ends that has some line, by the indentation."""
    starts = [match.start() for match in _OUTERMOST.finditer(data)]
    offset = _offset_of(data, line)
    place = bisect_right(starts, offset)
    first = place - 1
    while first > 0 and data.startswith(b"@", starts[first - 1]):
        first -= 1
    return starts[first] if first >= 0 else 0, starts[place] if place < len(starts) else len(data)


def _offset_of(data: bytes, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        offset = data.find(b"\n", offset) + 1
    return offset


def _null_byte(data: bytes) -> SourceError:
    offset = data.index(b"\0")
    start = data.rfind(b"\n", 0, offset) + 1
    column = len(data[start:offset].decode()) + 1
    return SourceError("syntax", "source contains a null byte", data.count(b"\n", 0, offset) + 1, column)


def _interpreter_says(data: bytes) -> SourceError | None:
    # Bytes are obeyed down to their coding cookie, but these have been UTF-8 since they were decoded.
    source = data if data.isascii() else data.decode()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            symtable.symtable(source, "<source>", "exec")  # type: ignore[arg-type]  # typeshed omits bytes
    except SyntaxError as error:
        return SourceError("syntax", error.msg, max(error.lineno or 1, 1), max(error.offset or 1, 1))
    except (MemoryError, RecursionError):
        return TOO_DEEP
    return None


def _is_about_grammar(data: bytes) -> bool:
    """Tell a mistake of grammar from one about names, arguments or `__future__`, which libcst doesn't look for."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return True
    return False


def _libcst_accepts(data: bytes) -> bool:
    if len(data) > _LARGEST_FOR_LIBCST or _depth(LITERAL.sub(b"'", data)) > _DEEPEST_FOR_LIBCST:
        return False
    import libcst

    try:
        libcst.parse_module(data.decode())
    except Exception:
        # Whatever stops libcst, a syntax error or a defect of its own, the interpreter's rejection stands.
        return False
    return True


def _depth(code: bytes) -> int:
    """Return a bound on how deep the tree of some code can be that has no strings and comments.

    Every symbol may open a level inside what stands before it, up to the next comma, colon or line.
    """
    # What is open in every bracket; what a comma or a colon leaves open there: the bracket, and lambdas.
    levels, floors = [0], [0]
    weight, arms, depth, deepest = 1, 0, 0, 0
    for match in _SYMBOL.finditer(code):
        symbol = match[0]
        if symbol in _OPENING:
            levels.append(weight)
            floors.append(weight)
            depth += weight
        elif symbol in _CLOSING and len(levels) > 1:
            # What was closed is the operand of what follows: `a()()()` nests although no bracket stays open.
            depth -= levels.pop() - 1
            floors.pop()
            levels[-1] += 1
        elif symbol in b",:" or (symbol == b"\n" and len(levels) == 1):
            if symbol == b"\n":
                floors[-1], weight = 0, 1
            depth -= levels[-1] - floors[-1]
            levels[-1] = floors[-1]
        elif symbol == b"elif":
            arms += 1
        elif symbol in _BACKTRACKED:
            weight = _WEIGHT_OF_BACKTRACKING
        else:
            floors[-1] += symbol == b"lambda"
            levels[-1] += 1
            depth += 1
        deepest = max(deepest, depth)
    return deepest + arms
