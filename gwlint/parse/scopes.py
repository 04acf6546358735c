"""Which import a name means, where it is used."""

from __future__ import annotations


class Scope:
    """The names of a module, class, function or comprehension.

    A name that a scope both imports and binds otherwise (`try: import x` … `except ImportError: x = None`)
    counts as imported there.
    """

    __slots__ = ("_imported", "_is_class", "_outer", "_rebound")

    def __init__(self, outer: Scope | None = None, *, is_class: bool = False) -> None:
        """Open a scope inside `outer`."""
        self._outer = outer
        self._is_class = is_class
        self._imported: dict[str, str] = {}
        self._rebound: set[str] = set()

    def imports(self, name: str, meaning: str) -> None:
        """Bind a name by an import; the first one wins, for the others are fallbacks."""
        self._imported.setdefault(name, meaning)

    def binds(self, name: str) -> None:
        """Bind a name by something else: a parameter, an assignment, a definition."""
        self._rebound.add(name)

    def meaning(self, name: str) -> str | None:
        """Return what an imported name stands for, written out, or None for any other name."""
        scope: Scope | None = self
        while scope is not None:
            # The names of a class are out of reach for the functions inside it.
            if not scope._is_class or scope is self:
                if name in scope._imported:
                    return scope._imported[name]
                if name in scope._rebound:
                    return None
            scope = scope._outer
        return None

    def written_out(self, dotted: str) -> str | None:
        """Return a dotted name with its imported root replaced by what it stands for, or None."""
        root, dot, rest = dotted.partition(".")
        meaning = self.meaning(root)
        return None if meaning is None else meaning + dot + rest
