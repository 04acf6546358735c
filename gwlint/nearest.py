"""The word that somebody may have meant."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the most similar of some words, the first in order of several; empty where none is similar."""
    import difflib  # takes longer to load than most of what asks it, and is for mistakes only

    return next(iter(difflib.get_close_matches(word, sorted(known), n=1)), "")
