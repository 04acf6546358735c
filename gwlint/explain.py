"""The pages of the rules: what each reports, why, and what to do instead."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "pages"
_CHECKOUT = Path(__file__).parents[1] / "rules"


def page(rule_id: str) -> str:
    """Return the page of a rule, in Markdown."""
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    (file,) = folder.glob(f"{rule_id}-*.md")
    return file.read_text(encoding="utf-8")
