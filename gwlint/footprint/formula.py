"""What files cost when they are loaded, by what they are made of: for what no table knows.

The coefficients were fitted to some 220 import statements over 130 packages on CPython 3.12, each in an interpreter of
its own. With all that shares a package with a statement left out of the fit, the error on what the import adds has a
median of 4 %, and is above 17 % for one in ten. More features were tried, and brought nothing that lasted.
"""

import re
from typing import Final

from gwlint.footprint.binaries import Binary
from gwlint.model import Fact

_KB = 1024

_MODEL = re.compile(rb"^[ \t]*class \w+\([^)\n]*(?:Model|Schema)\b", re.MULTILINE)
_RECORD = re.compile(rb"^[ \t]*@(?:\w+\.)*(?:dataclass|define|frozen|mutable|attrs|attributes|s)\b(?!\.)", re.MULTILINE)
_CLASS = re.compile(rb"^[ \t]*class ", re.MULTILINE)


class Cost(Fact, frozen=True):
    """Memory in KiB, and time in ms of CPU."""

    memory_kb: float
    cpu_ms: float

    def plus(self, other: "Cost") -> "Cost":
        """Add two of them."""
        return Cost(self.memory_kb + other.memory_kb, self.cpu_ms + other.cpu_ms)

    def times(self, memory: float, cpu: float) -> "Cost":
        """Multiply both, each with a factor of its own."""
        return Cost(self.memory_kb * memory, self.cpu_ms * cpu)


NOTHING: Final = Cost(0.0, 0.0)
CPP_RUNTIME: Final = Cost(950.0, 0.9)
"""The runtime library of C++, which the first extension that needs it brings into memory."""


def module_cost(bytecode: int, content: bytes, *, with_classes: bool = True) -> Cost:
    """Return the cost of a module with so many bytes of valid bytecode and this source, which may be unknown.

    Classes that make more of themselves than others, models and dataclasses, count unless they are priced elsewhere.
    """
    documented = min(sum(map(len, content.split(b'"""')[1::2])), round(bytecode * 0.9))
    plain = code_cost(bytecode - documented).plus(Cost(1.67 * documented / _KB, 0.0))
    classes = plain.plus(Cost(2.2 * len(_CLASS.findall(content)), 0.0))
    return classes.plus(_made_classes(content)) if with_classes else classes


def code_cost(bytecode: int) -> Cost:
    """Return the cost of a module by the size of its bytecode, documentation left out."""
    return Cost(5.0 + 2.68 * bytecode / _KB, 0.13 + 0.016 * bytecode / _KB)


def _made_classes(content: bytes) -> Cost:
    models, records = len(_MODEL.findall(content)), len(_RECORD.findall(content))
    return Cost(2.8 * models + 19.7 * records, 0.15 * models + 0.5 * records)


def extension_cost(binary: Binary) -> Cost:
    """Return the cost of an extension module, without the libraries that it needs."""
    memory = (
        13.0
        + 0.118 * min(binary.code / _KB, 1500)
        + 2.30 * min(binary.constant / _KB, 300)
        + 2.15 * min(binary.data / _KB, 300)
        + 2.33 * binary.relocated / _KB
        + 0.448 * min(binary.zeroed / _KB, 3000)
        + 3.70 * binary.linking / _KB
    )
    return Cost(memory, 0.55)


def library_cost(binary: Binary) -> Cost:
    """Return the cost of a shared library that some extension is the first to need."""
    written = min(binary.data / _KB, 300) + binary.relocated / _KB
    return Cost(70.0 + 0.12 * min(binary.code / _KB, 20_000) + 2.0 * written, 0.25)


def compiling_ms(source: int) -> float:
    """Return the time it takes to compile so many bytes of source."""
    return 0.104 * source / _KB


def workspace_kb(source: int) -> float:
    """Return the memory that compiling so many bytes of source takes for a while."""
    return 35.0 * source / _KB


REUSED: Final = 0.3
"""Which part of what is loaded after a module was compiled finds room in what compiling took."""
