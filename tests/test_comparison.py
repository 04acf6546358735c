"""The kept index of copies: brought up to date, it is what it would have been from the start."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwlint import analysis
from gwlint.analysis import Survey
from gwlint.cache import FOLDER, Cache
from gwlint.clones import NO_INDEX, CloneClass, Index, Limits, candidates, classes, indexed, sketches, weights
from gwlint.clones.weights import Form, Weights
from gwlint.comparison import Comparison
from gwlint.config import Config, Duplicates
from gwlint.model import Function, Functions, Span
from gwlint.parse import functions
from tests.projects import edit, gwlint, write
from tests.test_clones import REQUEST, WORK

OTHER = WORK.replace("deleted", "sent").replace("age", "price").replace("source", "owner").replace("put", "queue")
SHORT = "def {name}(a):\n    return table('orders').get_item(Key={{'id': a}}, Consistent=True)\n"
SOURCES = [
    change(source).format(name="work")
    for source in (WORK, OTHER)
    for change in (
        str,
        lambda source: source.replace("len(kept)", "len(kept), True"),
        lambda source: source.replace("        kept.append", "        row.tag(limit)\n        kept.append"),
        lambda source: source.replace("rows", "items").replace("row", "item"),
        lambda source: source.replace("{name}", "test_{name}"),
        lambda source: f"async {source}",
    )
]
SOURCES += [SHORT.format(name="work"), *(REQUEST.format("work", name) for name in ("attach", "detach", "other"))]
POOL = [one for source in SOURCES for one in functions(source.encode()).functions]
LIMITS = Limits(3, 0.82)
ANY = Duplicates()

Files = Mapping[str, tuple[Function, ...]]


def placed(function: Function, line: int) -> Function:
    return msgspec.structs.replace(function, at=Span(line, 1, line, 9), end_line=line + 5)


def file_of(numbers: Sequence[int]) -> tuple[Function, ...]:
    return tuple(placed(POOL[number], 10 * place + 1) for place, number in enumerate(numbers))


numbers = st.lists(st.integers(0, len(POOL) - 1), max_size=4)
projects = st.dictionaries(st.sampled_from("abcdefgh"), numbers.map(file_of))


def compared(before: Index, files: Files) -> tuple[Index, list[CloneClass]]:
    sketched = {path: sketches(said, LIMITS) for path, said in files.items()}
    index = indexed(before, sketched, lambda _paths: files, LIMITS)
    return index, classes(sketched, index.links, lambda _paths: files, LIMITS)


def content(index: Index) -> tuple[object, ...]:
    return index.forms, index.frequencies, {(frozenset((one.one, one.other)), one.similarity) for one in index.links}


@settings(deadline=None)
@given(st.lists(projects, min_size=2, max_size=6), st.sampled_from([2, 3, 40]), st.sampled_from([1, 512]))
def test_an_index_that_is_brought_up_to_date_is_as_a_new_one(
    series: list[Files], most_frequent: int, fewest_bodies: int
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(weights, "_MOST_FREQUENT", most_frequent)
        monkeypatch.setattr(weights, "_FEWEST_BODIES", fewest_bodies)
        monkeypatch.setattr(candidates, "_LEAST_MASS", 100)
        index = NO_INDEX
        for files in series:
            index, found = compared(index, files)
            new, expected = compared(NO_INDEX, files)
            assert (content(index), found) == (content(new), expected)


FEATURES = range(1, 13)


def form(own: Iterable[int]) -> Form:
    return Form(array("I", own).tobytes(), 30)


forms = st.dictionaries(st.integers(1, 30), st.sets(st.sampled_from(FEATURES)).map(sorted).map(form))


def weighed(among: Weights) -> dict[int, tuple[int, dict[int, int]]]:
    return {one: (among.total(form([one])), among.telling([one])) for one in among.frequencies}


NONE = Weights(0, {})


@given(forms, forms, st.sampled_from([1, 16]))
def test_weights_are_brought_up_to_date_and_say_which_have_changed(
    old: dict[int, Form], new: dict[int, Form], scale: int
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(weights, "_MOST_FREQUENT", 3)
        monkeypatch.setattr(weights, "_FEWEST_BODIES", 1)
        monkeypatch.setattr(weights, "SCALE", scale)
        gone = [one for number, one in old.items() if new.get(number) != one]
        added = [one for number, one in new.items() if old.get(number) != one]
        before = NONE.after((), old.values())
        after = before.after(gone, added)
        first, second = weighed(before), weighed(after)
        changed = {feature for feature in first.keys() & second.keys() if first[feature] != second[feature]}

        assert second == weighed(NONE.after((), new.values()))
        assert after.differing(before, (*gone, *added)) >= changed


@given(forms, st.sets(st.integers(1, 30)))
def test_some_bodies_have_the_candidates_that_they_have_among_all(found: dict[int, Form], asked: set[int]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(candidates, "_LEAST_MASS", 100)
        among = NONE.after((), found.values())
        some, of_all = (
            sorted(tuple(sorted(pair)) for pair in candidates.candidates(found, numbers, among))
            for numbers in (asked, found.keys())
        )

    assert some == [pair for pair in of_all if not asked.isdisjoint(pair)]


def test_bodies_that_stay_leave_the_index_as_it_is() -> None:
    before, _ = compared(NO_INDEX, {"a": file_of([0, 2]), "b": file_of([0, 1])})
    after, _ = compared(before, {"b": file_of([2, 1]), "c": file_of([0])})

    assert after is before


BASE = {
    "a.py": SOURCES[0],
    "b.py": SOURCES[1],
    "c.py": SOURCES[6],
    "d.py": SOURCES[12],
    "e.py": "def twice(): ...\ndef twice(): ...\n",
}
EDITS: list[Mapping[str, str | None]] = [
    {},
    {"b.py": f"# moved\n{SOURCES[1]}"},
    {"b.py": SOURCES[7]},
    {"d.py": SOURCES[0], "f.py": SOURCES[2]},
    {"a.py": None, "e.py": ""},
]


def survey(folder: Path, cache: Cache, config: Config) -> Survey:
    return Survey(config, cache, 1, lambda _done, _total: None)


def said(folder: Path, duplicates: Duplicates = ANY, *, cached: bool = True) -> tuple[list[CloneClass], object]:
    config = Config(folder, duplicates=duplicates)
    with closing(Cache(folder / FOLDER if cached else None)) as cache:
        comparison = Comparison(survey(folder, cache, config), cache, config)
        return comparison.classes, comparison.redefinitions


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose files are believed to be as old as they would be in a longer test."""
    monkeypatch.setattr(analysis, "_TICK_NS", -3_600_000_000_000)
    return write(tmp_path / "project", BASE)


def test_after_edits_a_cache_says_what_a_run_without_one_says(project: Path) -> None:
    for changes in (*EDITS, BASE):
        edit(project, changes)

        assert said(project) == said(project, cached=False)


def test_after_other_settings_a_cache_says_what_a_run_without_one_says(project: Path) -> None:
    for chosen in (Duplicates(exclude=("b.py",)), Duplicates(threshold=0.99), Duplicates(kinds=("exact",))):
        said(project)

        assert said(project, chosen) == said(project, chosen, cached=False)


def test_only_what_has_changed_or_is_a_copy_is_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said(project)
    edit(project, {"c.py": f"# moved\n{BASE['c.py']}"})
    asked: list[str] = []
    read = Survey.duplication

    def watched(self: Survey, paths: Sequence[str]) -> dict[str, Functions]:
        asked.extend(sorted(paths))
        return read(self, paths)

    monkeypatch.setattr(Survey, "duplication", watched)
    said(project)

    assert asked == ["c.py", "a.py", "b.py"]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "truncated": lambda content: content[: len(content) // 2],
    "a bit flipped": lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
}


@pytest.mark.parametrize("name", ["functions", "clones"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_made_again(project: Path, name: str, damage: str) -> None:
    said(project)
    file = project / FOLDER / f"{name}.run"
    kept = file.read_bytes()
    file.write_bytes(DAMAGE[damage](kept))

    assert said(project) == said(project, cached=False)
    assert file.read_bytes() == kept


@pytest.mark.parametrize("name", ["functions", "clones"])
@pytest.mark.parametrize("foreign", [b"\xa1\xff", msgspec.msgpack.encode((b"other", (1, 2)))])
def test_what_other_code_has_kept_is_not_believed(project: Path, name: str, foreign: bytes) -> None:
    said(project)
    with closing(Cache(project / FOLDER)) as cache:
        cache.keep_run(name, foreign)

    assert said(project) == said(project, cached=False)


@pytest.mark.parametrize("content", ["", SOURCES[2], None])
def test_a_file_that_changes_when_its_facts_are_lost_is_read_as_it_is(project: Path, content: str | None) -> None:
    said(project)
    (project / FOLDER / "facts.sqlite").unlink()
    config = Config(project)
    with closing(Cache(project / FOLDER)) as cache:
        looked = survey(project, cache, config)
        edit(project, {"b.py": content})
        found = Comparison(looked, cache, config).classes

    assert found == said(project, cached=False)[0]
    assert said(project) == said(project, cached=False)


def test_no_hash_seed_no_number_of_processes_and_no_cache_changes_a_byte(tmp_path: Path) -> None:
    many = {
        f"{number:02}.py": SOURCES[number % len(SOURCES)].replace("get", f"get{number // 9}") for number in range(60)
    }
    write(tmp_path, many)
    options = (("--jobs", "1", "--no-cache"), ("--jobs", "2"), ("--jobs", "1"), ("--jobs", "3", "--no-cache"))
    runs = [
        gwlint("duplicates", "--format", "json", *jobs, cwd=tmp_path, PYTHONHASHSEED=str(seed))
        for seed, jobs in enumerate(options)
    ]

    assert runs == [runs[0]] * len(options)
    assert (runs[0].code, runs[0].err) == (0, "")
