"""What data costs that module-level code makes: written out, computed, or read from a file."""

from typing import Final

from gwlint.footprint.formula import Cost
from gwlint.footprint.loads import Made

_KB = 1024

# Bytes of each kind of thing on CPython 3.12, where memory comes in blocks of 16 bytes, with what goes to waste.
_BYTES: Final[dict[str, float]] = {
    "int": 33.0,
    "float": 30.0,
    "complex": 36.0,
    "string": 66.0,
    "string-bytes": 1.05,
    "bytes": 42.0,
    "bytes-bytes": 1.05,
    "list": 66.0,
    "tuple": 46.0,
    "set": 230.0,
    "dict": 130.0,
    "entry": 52.0,
    "element": 8.2,
    # What nobody can tell from the source: a short string or a number, more often than not.
    "object": 48.0,
}
_ELEMENT_OF_A_SET = 41.0
_IN_BYTECODE: Final[dict[str, float]] = {
    "int": 5.0,
    "float": 9.0,
    "string": 6.0,
    "string-bytes": 1.0,
    "bytes": 5.0,
    "bytes-bytes": 1.0,
    "tuple": 5.0,
    "list": 6.0,
    "set": 6.0,
    "dict": 6.0,
}
_NODES: Final = frozenset({"int", "float", "complex", "string", "bytes", "list", "tuple", "set", "dict"})
_WORKSPACE_OF_A_NODE_KB = 0.75
_COMPILING_A_NODE_MS = 0.002
_MADE_MS = 0.00012

_READERS: Final[dict[str, tuple[float, float]]] = {
    "json.load": (6.6, 20e-6),
    "json.loads": (6.6, 20e-6),
    "csv.reader": (9.2, 30e-6),
    "csv.DictReader": (16.0, 60e-6),
    "yaml.safe_load": (130.0, 6e-3),
    "yaml.load": (130.0, 6e-3),
    "tomllib.load": (8.0, 400e-6),
    "tomllib.loads": (8.0, 400e-6),
    "pickle.load": (6.0, 15e-6),
    "pickle.loads": (6.0, 15e-6),
    "pandas.read_csv": (3.0, 20e-6),
}
"""How many bytes of memory a byte of the file becomes, and how many ms it takes."""
_PLAIN = (1.0, 0.5e-6)
_UNTOUCHED: Final = frozenset({"zeros", "empty", "bytes", "zeros_like", "empty_like"})


def data_cost(made: Made, file_bytes: int) -> Cost:
    """Return the cost of data with valid bytecode. `file_bytes` is the size of the file it is read from."""
    if made.form == "file":
        memory, time = _READERS.get(made.reader, _PLAIN)
        return Cost(memory * file_bytes / _KB * made.times, time * file_bytes * made.times)
    if made.form == "array":
        return _array(made)
    size = sum(_size(kind, made) * count for kind, count in made.census)
    return Cost(size * made.times / _KB, _MADE_MS * _things(made) * made.times)


def _size(kind: str, made: Made) -> float:
    is_of_a_set = kind == "element" and {kind for kind, _ in made.census}.isdisjoint(("list", "tuple"))
    return _ELEMENT_OF_A_SET if is_of_a_set and ("set", 1) in made.census else _BYTES.get(kind, 0.0)


def bytes_in_bytecode(made: Made) -> int:
    """Return which part of its module's bytecode a literal takes, which is not to be priced twice."""
    if made.form != "literal":
        return 0
    return round(sum(_IN_BYTECODE.get(kind, 0.0) * count for kind, count in made.census))


def workspace_of(made: Made) -> float:
    """Return the memory in KiB that compiling a literal takes for a while, and hardly gives back."""
    return _WORKSPACE_OF_A_NODE_KB * _things(made) if made.form == "literal" else 0.0


def compiling_of(made: Made) -> float:
    """Return the time in ms that compiling a literal takes."""
    return _COMPILING_A_NODE_MS * _things(made) if made.form == "literal" else 0.0


def _things(made: Made) -> int:
    return sum(count for kind, count in made.census if kind in _NODES)


def _array(made: Made) -> Cost:
    if made.reader.rpartition(".")[2] in _UNTOUCHED:
        return Cost(0.0, 0.0)
    count = sum(count for _, count in made.census)
    width = 1 if made.reader == "bytearray" else 8
    return Cost(width * count * made.times / _KB, 1e-6 * count * made.times)
