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


def address(docs_url: str | None, rule_id: str, name: str) -> str | None:
    """Return where the page of a rule can be read, if the settings say where pages are."""
    if docs_url is None:
        return None
    if "{code}" in docs_url or "{name}" in docs_url:
        return docs_url.replace("{code}", rule_id).replace("{name}", name)
    return f"{docs_url.removesuffix('/')}/{rule_id}-{name}.md"


def home(docs_url: str | None) -> str | None:
    """Return where all pages are to be found, if the settings say where pages are."""
    if docs_url is None:
        return None
    before, placeholder, _ = docs_url.partition("{")
    return f"{before.rpartition('/')[0]}/" if placeholder else docs_url
