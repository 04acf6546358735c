"""Bytes of one file -> its facts. Only this package knows tree-sitter, and no syntax tree leaves it."""

from gwlint import syntax
from gwlint.model import Facts, Import, UnknownImport
from gwlint.parse import dynamic, grammar, regions
from gwlint.parse.conduct import conduct
from gwlint.parse.courses import courses
from gwlint.parse.fingerprints import functions
from gwlint.parse.loading import loading
from gwlint.parse.outline import Outline
from gwlint.parse.parts import parts
from gwlint.parse.recover import statements
from gwlint.parse.source import Source
from gwlint.parse.suppressions import suppressions

__all__ = ["conduct", "courses", "functions", "loading", "parse", "parts"]


def parse(raw: bytes) -> Facts:
    """Return all that a file says. Never raises: what can't be read is told in `Facts.error`."""
    source = Source(raw)
    error = source.error or syntax.check(source.data)
    tree = grammar.tree_of(source.data)
    # A tree that is too deep for the interpreter would take queries quadratic time: such a file is read as text.
    captures = {"error": [tree.root_node]} if error is syntax.TOO_DEEP else grammar.structure(tree)
    read = statements(source, captures.get("import", ()), captures.get("error", ()), valid=error is None)
    meanings = {name: meaning for one in read for clause in one.clauses for name, meaning in clause.bindings}
    effects = [*regions.of_tries(captures.get("try", ()))]
    if regions.matter(source.data):
        found = grammar.conditions(tree)
        effects += regions.of_withs(found.get("with", ()))
        effects += regions.of_ifs(found.get("if", ()), meanings)
    outline = Outline(source, captures, read, effects)
    by_string = [*dynamic.imports(source, tree, outline.dotted_calls)] if dynamic.matter(source.data) else []
    imports = [*outline.imports, *(one for one in by_string if isinstance(one, Import))]
    return Facts(
        lines=source.lines,
        imports=tuple(sorted(imports, key=lambda one: (one.at, one.level, one.module))),
        unknown=tuple(one for one in by_string if isinstance(one, UnknownImport)),
        names=tuple(sorted(outline.names)),
        exports=outline.exports,
        uses=tuple(outline.uses()),
        definitions=tuple(outline.definitions),
        calls=tuple(outline.calls()),
        data=tuple(outline.data),
        suppressions=tuple(suppressions(source, tree)),
        error=error,
        handlers=tuple(outline.handlers),
    )
