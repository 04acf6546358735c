"""Real code, read in three independent ways."""

import asyncio
import concurrent
import email
import importlib
import unittest
from functools import cache
from pathlib import Path
from types import ModuleType

import _pytest
import click
import hypothesis.internal
import jsonschema
import libcst.helpers
import libcst.metadata
import packaging
import pytest
import rich
import yaml
from networkx import classes, utils

from gwlint.model import Facts, Import
from gwlint.parse import parse
from tests.reference import Statement, by_ast, by_libcst

EVERYTHING = [
    asyncio, classes, click, concurrent, email, hypothesis.internal, importlib, jsonschema, libcst.helpers,
    libcst.metadata, packaging, _pytest, rich, unittest, utils, yaml,
]  # fmt: skip
SOME = [libcst.helpers, packaging]


@cache
def sources(package: ModuleType) -> dict[Path, bytes]:
    paths = sorted(Path(package.__path__[0]).rglob("*.py"))
    return {path: path.read_bytes() for path in paths if "tests" not in path.parts}


@cache
def facts(package: ModuleType) -> dict[Path, Facts]:
    return {path: parse(source) for path, source in sources(package).items()}


def by_gwlint(package: ModuleType) -> dict[Path, list[Statement]]:
    return {path: sorted(map(statement, found_in(read))) for path, read in facts(package).items()}


def found_in(read: Facts) -> list[Import]:
    return [one for one in read.imports if not one.text]


def statement(one: Import) -> Statement:
    return Statement(one.at.line, one.module, one.level, one.names, one.kind, one.guarded)


def without_kind(statements: list[Statement]) -> list[Statement]:
    return sorted(one._replace(guarded=False, kind="") for one in statements)


@pytest.mark.parametrize("package", EVERYTHING, ids=lambda package: package.__name__)
def test_reads_the_imports_that_ast_reads(package: ModuleType) -> None:
    assert by_gwlint(package) == {path: by_ast(source) for path, source in sources(package).items()}


@pytest.mark.parametrize("package", EVERYTHING, ids=lambda package: package.__name__)
def test_finds_no_fault_with_code_that_runs(package: ModuleType) -> None:
    assert [path for path, read in facts(package).items() if read.error] == []


@pytest.mark.parametrize("package", SOME, ids=lambda package: package.__name__)
def test_reads_the_imports_that_a_plain_libcst_visitor_reads(package: ModuleType) -> None:
    got = {path: without_kind(statements) for path, statements in by_gwlint(package).items()}

    assert got == {path: without_kind(by_libcst(source)) for path, source in sources(package).items()}


def test_agrees_with_a_plain_libcst_visitor_on_when_an_import_runs() -> None:
    plain = {path: source for path, source in sources(packaging).items() if b"__main__" not in source}
    got = {path: sorted(one._replace(guarded=False) for one in by_gwlint(packaging)[path]) for path in plain}

    assert got == {path: by_libcst(source) for path, source in plain.items()}
