"""What GitHub's code scanning wants of a SARIF file, checked against the sources that the file is about."""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft4Validator

Object = dict[str, Any]  # Any: what a document of somebody else may hold

SCHEMA = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0.json").read_bytes())
_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\\]|\\.)*\]\((\d+)\)")
_LEVELS = ("note", "warning", "error")


def complaints(log: Object, root: Path) -> list[str]:
    """Return everything that is wrong."""
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    return [
        *(error.message for error in Draft4Validator(SCHEMA).iter_errors(log)),
        *_with(run, "columnKind", "unicodeCodePoints"),
        *(f"{rule['id']}: {wrong}" for rule in rules for wrong in _of_rule(rule)),
        *(f"{rule} is described twice" for rule, times in Counter(rule["id"] for rule in rules).items() if times > 1),
        *(f"{result['message']['text']}: {wrong}" for result in run["results"] for wrong in _of(result, rules, root)),
        *_in_order(run["results"]),
    ]


def _with(record: Object, key: str, value: object) -> Iterator[str]:
    if record.get(key) != value:
        yield f"{key} is {record.get(key)!r}"


def _of_rule(rule: Object) -> Iterator[str]:
    for key in ("shortDescription", "fullDescription"):
        if not 0 < len(rule[key]["text"]) <= 1024:
            yield f"{key} of {len(rule[key]['text'])} characters"
    if not (rule["help"]["text"].strip() and rule["help"]["markdown"].strip()):
        yield "no help"
    properties = rule["properties"]
    if not 0 < len(properties["tags"]) <= 10 or "security" in properties["tags"]:
        yield f"tags {properties['tags']}"
    if properties["precision"] not in ("very-high", "high", "medium", "low"):
        yield f"precision {properties['precision']}"
    if properties["problem.severity"] not in ("error", "warning", "recommendation"):
        yield f"problem.severity {properties['problem.severity']}"
    if rule["defaultConfiguration"]["level"] not in _LEVELS:
        yield f"level {rule['defaultConfiguration']['level']}"


def _of(result: Object, rules: list[Object], root: Path) -> Iterator[str]:
    text, places = result["message"]["text"], result.get("relatedLocations", [])
    yield from _with(rules[result["ruleIndex"]], "id", result["ruleId"])
    if result["level"] not in _LEVELS:
        yield f"level {result['level']}"
    if any(character < " " for character in text):
        yield "control characters"
    if [int(number) for number in _LINK.findall(text)] != [place["id"] for place in places]:
        yield "links and places differ"
    if len(result["locations"]) != 1:
        yield f"{len(result['locations'])} locations"
    flows = [flow["locations"] for code in result.get("codeFlows", []) for flow in code["threadFlows"]]
    steps = [step["location"] for flow in flows for step in flow]
    yield from (f"no message at {place}" for place in (*places, *steps) if not place["message"]["text"])
    for place in (*result["locations"], *places, *steps):
        yield from _of_place(place["physicalLocation"], root)
    where = result["locations"][0]["physicalLocation"]
    content = (root / unquote(where["artifactLocation"]["uri"])).read_bytes()
    yield from _with(
        result["partialFingerprints"],
        "primaryLocationLineHash",
        line_hashes(content)[where["region"]["startLine"]],
    )


def _of_place(place: Object, root: Path) -> Iterator[str]:
    uri, region = place["artifactLocation"]["uri"], place["region"]
    yield from _with(place["artifactLocation"], "uriBaseId", "%SRCROOT%")
    if re.search(r"[^A-Za-z0-9._~/%-]|%(?![0-9A-F]{2})", uri) or uri.startswith(("/", "./", "../")):
        yield f"uri {uri}"
    if not (root / unquote(uri)).is_file():
        yield f"there is no {uri}"
        return
    lines = lines_of((root / unquote(uri)).read_bytes())
    start, end = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
    for line, column in (start, end):
        if not 0 < line <= len(lines) or not 0 < column <= len(lines[line - 1]) + 1:
            yield f"{line}:{column} is not in {uri}"
            return
    if start > end:
        yield f"{uri}: {start} is behind {end}"
    if "snippet" in region:
        yield from _with(region["snippet"], "text", _between(lines, start, end))


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    taken = lines[start[0] - 1 : end[0]]
    taken[-1] = taken[-1][: end[1] - 1]
    taken[0] = taken[0][start[1] - 1 :]
    return "\n".join(taken)


def _in_order(results: list[Object]) -> Iterator[str]:
    places = [one["locations"][0]["physicalLocation"] for one in results]
    order = [(place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in places]
    if order != sorted(order):
        yield "results are not in order"
    if len({json.dumps(one, sort_keys=True) for one in results}) < len(results):
        yield "a result is there twice"


def lines_of(content: bytes) -> list[str]:
    """Return the lines of a file as SARIF counts them: a byte order mark is no part of the text."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(re.sub(rb"\r\n?", b"\n", content)).readline)
    except SyntaxError:
        encoding = "utf-8"
    text = content.removeprefix(b"\xef\xbb\xbf").decode(encoding.removesuffix("-sig"), "replace")
    return re.split(r"\r\n|\r|\n", text)


def line_hashes(content: bytes) -> dict[int, str]:
    """Return GitHub's hash of every line, worked out unit by unit as its description has it."""
    encoded = content.decode("utf-8", "replace").encode("utf-16-le")
    units = [int.from_bytes(encoded[place : place + 2], "little") for place in range(0, len(encoded), 2)]
    window: list[int] = [0] * 100
    starts: list[int | None] = [None] * 100
    found: list[tuple[int, int]] = []
    rolling, line = 0, 0
    for unit, is_start in (*_kept(units), *((0, False) for _ in range(100))):
        oldest, first = starts.pop(0), window.pop(0)
        if oldest is not None:
            found.append((oldest, rolling))
        line += is_start
        starts.append(line if is_start else None)
        window.append(unit)
        rolling = (rolling * 37 + unit - first * 37**100) % 2**64
    times: Counter[int] = Counter()
    hashes = {}
    for number, value in found:
        times[value] += 1
        hashes[number] = f"{value:x}:{times[value]}"
    return hashes


def _kept(units: Iterable[int]) -> Iterator[tuple[int, bool]]:
    """Yield the units that count, the end of the file included, and whether each is the first of a line."""
    is_after_return, is_start = False, True
    for unit in (*units, 65535):
        is_rest = is_after_return and unit == ord("\n")
        is_after_return = unit == ord("\r")
        if is_rest or unit in (ord(" "), ord("\t")):
            continue
        kept = ord("\n") if is_after_return else unit
        yield kept, is_start
        is_start = kept == ord("\n")
