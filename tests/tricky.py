"""A project whose files are hard to point at: each of them imports an internal past its gateway."""

from __future__ import annotations

from pathlib import Path

from tests.projects import write

SETTINGS = """\
docs-url = "https://docs.example.com/rules/{code}-{name}"
[components.gate]
gateway = "gate"
internals = ["gate_core", "gate_more"]
"""
OFFENCE = "import gate_core"
FILES: dict[str, str | bytes] = {
    "after_accents.py": f"A = 'é日本'; {OFFENCE}\n",
    "after_astral.py": f"A = '😀𝄞'; {OFFENCE}\n",
    "after_combining.py": f"A = 'e\u0301'; {OFFENCE}\n",
    "after_form_feed.py": f"A = 1\n\x0c\n{OFFENCE}\n",
    "after_separators.py": f"A = 'a\u2028b\u2029c\x85d\x1ce'\n{OFFENCE}\n",
    "after_tabs.py": f"if True:\n\tA = 1;\t{OFFENCE}\n",
    "bom.py": b"\xef\xbb\xbf" + f"{OFFENCE}\nA = 1; {OFFENCE}\n".encode(),
    "bom_crlf.py": b"\xef\xbb\xbf" + f"A = 1\r\n{OFFENCE}\r\n".encode(),
    "continued.py": f"from gate_core import (\n    a,\n    b,\n)\n{OFFENCE}, \\\n    gate_more\n",
    "cr.py": f"A = 1\rif A:\r    {OFFENCE}\r",
    "crlf.py": f"A = 1\r\n\r\nif A:\r\n    {OFFENCE}\r\n",
    "latin_1.py": f"# -*- coding: latin-1 -*-\nA = 'é'; {OFFENCE}\n".encode("latin-1"),
    "mixed_ends.py": f"A = 1\r\nB = 2\rC = 3\n\r{OFFENCE}\n",
    "no_end.py": f"A = 1\n{OFFENCE}",
    "twenty.py": f"{OFFENCE}\n" * 20,
    "two.py": f"{OFFENCE}; {OFFENCE}\n",
    "a:colon.py": OFFENCE,
    "folder with blanks/a b.py": OFFENCE,
    "hash#tag.py": OFFENCE,
    "100%41.py": OFFENCE,
    "question?.py": OFFENCE,
    "plus+amp&.py": OFFENCE,
    "quo'te\".py": OFFENCE,
    "back\\slash.py": OFFENCE,
    "[brackets](1).py": OFFENCE,
    "back`tick.py": OFFENCE,
    "pi|pe.py": OFFENCE,
    "<b>.py": OFFENCE,
    "new\nline.py": OFFENCE,
    "\x1b[31m.py": OFFENCE,
    "größe.py": OFFENCE,
    "👍.py": OFFENCE,
    "broken.py": f"{OFFENCE}\ndef",
    "broken_at_end.py": f"{OFFENCE}\nA = (",
    "silent.py": f"{OFFENCE}  # gwlint: ignore[GW101] for [a](1) `test`\n",
    "idle.py": "A = '#'  # gwlint: ignore[GW101] nothing to silence\n",
    "os.py": "# What is about a whole file\n\nA = 1\n",
    "sub/class.py": "",
}


def tricky(folder: Path) -> Path:
    """Write the project as a repository of its own."""
    internals = {"gate.py": "from gate_core import a, b\n", "gate_core.py": "a = b = 1\n", "gate_more.py": ""}
    return write(folder, {**FILES, **internals, "gwlint.toml": SETTINGS, ".git/HEAD": ""})
