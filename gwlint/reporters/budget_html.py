"""What functions take, as one page for a browser: it needs no network, and little without a script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path

import msgspec

from gwlint import __version__
from gwlint.footprint.estimates import Contributor, Estimate
from gwlint.prices import Use
from gwlint.reporters.bars import UNICODE
from gwlint.reporters.budget_figures import Figure, Row, described, verdict_of
from gwlint.reporters.budget_text import HEADINGS, assumed, interval, nothing, summary
from gwlint.reporters.controls import harmless
from gwlint.reporters.measured import Measured, error_of
from gwlint.reporters.wording import counted, dollars, number, percent

_HERE = Path(__file__).parent
_PAGE = _HERE / "page"
_CHARTS = _HERE / "vendor" / "echarts" / "echarts.min.js"
_KB = 1024
_LISTED = 60
_FIGURES = ("memory", "init", "package")
_KINDS = {
    "package": "packages",
    "project": "project",
    "standard": "standard library",
    "constructor": "constructors",
    "data": "data",
    "library": "shared libraries",
    "runtime": "runtime",
}
_BAR = 1000
_BAR_LIMIT = 0.75


def render(
    project: str, rows: Sequence[Row], use: Use, measured: Mapping[int, Measured] | None = None
) -> Iterator[bytes]:
    """Yield the pieces of the page. What was measured is known by the places of the rows."""
    style = (_PAGE / "budget.css").read_text(encoding="utf-8")
    scripts = [file.read_text(encoding="utf-8") for file in (_CHARTS, _PAGE / "budget.js")]
    yield "\n".join(_head(project, style, scripts)).encode()
    yield "\n".join(_body(project, rows, use, measured or {})).encode()
    yield b'<script type="application/json" id="data">' + _data(rows) + b"</script>\n"
    for script in scripts:
        yield f"<script>{script}</script>\n".encode()
    yield b"</body>\n</html>\n"


def _head(project: str, style: str, scripts: Sequence[str]) -> Iterator[str]:
    allowed = " ".join(map(_digest, scripts))
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield (
        '<meta http-equiv="Content-Security-Policy" content="'
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; img-src data:;"
        " base-uri 'none'; form-action 'none'\">"
    )
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>Budgets of {_text(project)}</title>"
    yield f"<style>{style}</style>"
    yield "</head>"
    yield "<body>\n"


def _digest(content: str) -> str:
    """Return what a content security policy calls a script or a style sheet that it allows."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _body(project: str, rows: Sequence[Row], use: Use, measured: Mapping[int, Measured]) -> Iterator[str]:
    yield "<header>"
    yield f"<h1>Lambda budgets of {_text(project)}</h1>"
    yield from (f"<p>{_text(line)}</p>" for line in ([summary(rows, {})] if rows else nothing()) if line)
    yield "</header>"
    yield "<main>"
    if rows:
        yield from _table(rows)
        yield from (f'<p class="faint">{_text(line)}</p>' for line in assumed(rows, use))
    for place, row in enumerate(rows):
        yield from _section(place, row, use, measured.get(place))
    yield "</main>"
    yield f'<footer><p class="faint">gwlint {_text(__version__)}; charts by Apache ECharts</p></footer>\n'


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield '<div class="scroll" role="region" aria-labelledby="functions" tabindex="0">'
    yield '<table class="functions">'
    yield '<caption id="functions">Functions, what they take, and what they may take</caption>'
    headings = "".join(f'<th scope="col">{heading}</th>' for heading in ("Function", *HEADINGS))
    yield f'<thead><tr>{headings}<th scope="col" class="right">a month</th></tr></thead>'
    yield "<tbody>"
    for place, row in enumerate(rows):
        yield f'<tr><th scope="row"><a href="#f-{place}">{_text(row.function.name)}</a></th>'
        for heading, figure in zip(HEADINGS, row.figures, strict=True):
            yield f'<td class="figure" data-label="{heading}">{_figure(figure)}</td>'
        yield f'<td class="right" data-label="a month">{_cost(row)}</td></tr>'
    yield "</tbody></table></div>"


def _figure(figure: Figure | None) -> str:
    verdict = verdict_of(figure)
    if figure is None:
        return f'<span class="verdict {_class(verdict)}">{verdict}</span>'
    limit = f" of {number(figure.limit)}" if figure.limit is not None else ""
    said = f'{interval(figure, UNICODE)}{limit} <span class="verdict">{verdict}</span>'
    return f'<div class="{_class(verdict)}"><span>{said}</span>{_bar(figure)}</div>'


def _class(verdict: str) -> str:
    return verdict.replace(" ", "-")


def _bar(figure: Figure) -> str:
    """Return a bar as a drawing: solid to the lower end of the interval, light to the upper one, a line for the limit.

    Where the limit is beyond what there is room for, so is the bar: it says by how much only in words.
    """
    whole = figure.limit / _BAR_LIMIT if figure.limit else figure.high / _BAR_LIMIT
    whole = max(whole, figure.high)
    low, estimate, high = (round(value / whole * _BAR) if whole else 0 for value in figure[:3])
    parts = [
        f'<rect class="ground" width="{_BAR}" height="10"/>',
        f'<rect class="unsure" x="{low}" width="{high - low}" height="10"/>',
        f'<rect class="sure" width="{low}" height="10"/>',
        f'<path class="estimate" d="M{estimate} 0V10"/>',
    ]
    if figure.limit is not None:
        limit = round(figure.limit / whole * _BAR) if whole else 0
        parts.append(f'<path class="limit" d="M{limit} 0V10"/>')
    drawing = "".join(parts)
    return f'<svg class="bar" viewBox="0 0 {_BAR} 10" preserveAspectRatio="none" aria-hidden="true">{drawing}</svg>'


def _cost(row: Row) -> str:
    return dollars(row.cost.usd) if row.cost is not None else "unknown"


def _section(place: int, row: Row, use: Use, measured: Measured | None) -> Iterator[str]:
    function, estimate = row.function, row.function.estimate
    yield f'<section class="function" id="f-{place}" aria-labelledby="h-{place}">'
    yield f'<h2 id="h-{place}" tabindex="-1">{_text(function.name)}</h2>'
    yield f'<p class="faint">{"; ".join(map(_text, described(function)))}</p>'
    yield '<dl class="facts">'
    for name, heading, figure in zip(_FIGURES, HEADINGS, row.figures, strict=True):
        yield f'<div><dt>{heading}</dt><dd data-figure="{name}">{_figure(figure)}</dd></div>'
    yield f"<div><dt>a month</dt><dd>{_text(_month(row, use))}</dd></div>"
    if measured is not None and estimate is not None:
        yield f"<div><dt>measured</dt><dd>{_text(error_of(measured, estimate, UNICODE))}</dd></div>"
    yield "</dl>"
    if estimate is not None:
        yield from _treemap(place)
        yield from _contributors(place, estimate)
    if function.parts:
        sizes = ((name, f"{number(size)} MiB") for name, size in function.parts)
        yield "<h3>Biggest parts of the package</h3>"
        yield f"<ul>{''.join(f'<li>{_text(name)}: {size}</li>' for name, size in sizes)}</ul>"
    if row.notes:
        yield "<h3>Notes</h3>"
        yield f"<ul>{''.join(f'<li>{_text(note)}</li>' for note in row.notes)}</ul>"
    yield "</section>"


def _month(row: Row, use: Use) -> str:
    if row.cost is None:
        return "unknown, for the memory size is"
    said = f"{dollars(row.cost.usd)} for {counted(use.invocations, 'invocation')} of {use.duration_ms:,} ms"
    if row.smaller is None:
        return said
    smaller = f"{dollars(row.smaller.cost.usd)} with {row.smaller.memory_size_mb:,} MB"
    return f"{said}; {smaller}, if it takes as long"


def _treemap(place: int) -> Iterator[str]:
    yield "<div data-script hidden>"
    yield "<h3>What it loads, as a map</h3>"
    yield "<fieldset><legend>areas are</legend>"
    for value, words in (("memory", "memory"), ("init", "time to start")):
        checked = " checked" if value == "memory" else ""
        yield (
            f'<label><input type="radio" name="measure-{place}" value="{value}" data-measure{checked}>'
            f"<span>{words}</span></label>"
        )
    yield "</fieldset>"
    yield '<div class="treemap" role="img" aria-label="Treemap"></div>'
    keys = (
        f'<li data-kind="{kind}"><svg viewBox="0 0 1 1" aria-hidden="true"><rect data-kind="{kind}" width="1"'
        f' height="1"/></svg>{words}</li>'
        for kind, words in _KINDS.items()
    )
    yield f'<ul class="key">{"".join(keys)}</ul>'
    yield "</div>"


def _contributors(place: int, estimate: Estimate) -> Iterator[str]:
    memory, cpu = (amount.estimate - amount.base for amount in (estimate.memory_mb, estimate.init_ms))
    yield f'<div class="scroll" role="region" aria-labelledby="c-{place}" tabindex="0">'
    yield "<table>"
    yield f'<caption id="c-{place}">What it loads, and what brings that in</caption>'
    headings = ("Name", "Kind", "MiB", "share", "ms", "share", "Basis", "saved without it", "Chain")
    cells = (
        f'<th scope="col"{_RIGHT if heading in ("MiB", "ms", "share") else ""}>{heading}</th>' for heading in headings
    )
    yield f"<thead><tr>{''.join(cells)}</tr></thead>"
    yield "<tbody>"
    for one in estimate.contributors[:_LISTED]:
        yield _contributor(one, memory, cpu)
    rest = estimate.contributors[_LISTED:]
    if rest:
        sums = sum(one.memory_kb for one in rest) / _KB, sum(one.cpu_ms for one in rest)
        figures = _shares(*sums, memory, cpu)
        yield f'<tr><th scope="row">{len(rest)} smaller ones</th><td></td>{figures}<td></td><td></td><td></td></tr>'
    yield "</tbody></table></div>"


_RIGHT = ' class="right"'


def _contributor(one: Contributor, memory_mb: float, cpu_ms: float) -> str:
    modules = f", {counted(one.modules, 'module')}" if one.modules > 1 else ""
    saved = f"{number(one.saving_kb / _KB)} MiB, {number(one.saving_ms)} ms" if one.saving_kb or one.saving_ms else ""
    return (
        f'<tr><th scope="row">{_text(one.name)}</th><td>{one.kind}{modules}</td>'
        f"{_shares(one.memory_kb / _KB, one.cpu_ms, memory_mb, cpu_ms)}<td>{one.basis}</td>"
        f'<td{_RIGHT}>{saved}</td><td class="chain">{_text(" → ".join(one.chain))}</td></tr>'
    )


def _shares(memory: float, cpu: float, all_memory: float, all_cpu: float) -> str:
    cells = (number(memory), percent(memory, all_memory), number(cpu), percent(cpu, all_cpu))
    return "".join(f"<td{_RIGHT}>{cell}</td>" for cell in cells)


def _text(text: str) -> str:
    return escape(harmless(text))


class _ContributorRecord(msgspec.Struct):
    name: str
    kind: str
    memory_kb: float
    cpu_ms: float
    saving_kb: float
    saving_ms: float
    basis: str
    chain: list[str]


class _FunctionRecord(msgspec.Struct):
    memory_base_mb: float
    init_base_ms: float
    contributors: list[_ContributorRecord]


class _Data(msgspec.Struct):
    functions: list[_FunctionRecord]


def _data(rows: Sequence[Row]) -> bytes:
    """Return what the script goes by as JSON that no tag can end."""
    found = msgspec.json.encode(_Data([_record(row.function.estimate) for row in rows]))
    for character in (b"<", b">", b"&"):
        found = found.replace(character, b"\\u%04x" % ord(character))
    return found


def _record(estimate: Estimate | None) -> _FunctionRecord:
    if estimate is None:
        return _FunctionRecord(0, 0, [])
    contributors = [
        _ContributorRecord(
            harmless(one.name),
            one.kind,
            round(one.memory_kb, 1),
            round(one.cpu_ms, 2),
            round(one.saving_kb, 1),
            round(one.saving_ms, 2),
            one.basis,
            list(map(harmless, one.chain)),
        )
        for one in estimate.contributors
    ]
    return _FunctionRecord(round(estimate.memory_mb.base, 2), round(estimate.init_ms.base, 2), contributors)
