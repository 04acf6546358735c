"""Findings that are known stay known when their files get other names, and new ones are new all the same."""

from typing import NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st

from gwlint.baseline import Baseline, Entry
from gwlint.finding import FIRST_LINE, Finding

NOWHERE = "elsewhere"

paths = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(lambda parts: f"{'/'.join(parts)}.py")


class Said(NamedTuple):
    """What a rule says of a file: with a text of its own, of another file, or as a set of files."""

    rule: str
    path: str
    text: str = ""
    others: tuple[str, ...] = ()

    def finding(self, times: int = 0) -> Finding:
        names_itself = self.rule == "GW201"
        identity = " ".join(sorted({self.path, *self.others}) if names_itself else (*self.others, *self.text.split()))
        fingerprint = f"{self.rule}|{self.path}|{identity}|{times}"
        return Finding(self.rule, "error", "", self.path, FIRST_LINE, identity, fingerprint=fingerprint)

    def after(self, old: str, new: str) -> "Said":
        """What is said when a file or a folder has another name."""
        return self._replace(
            path=renamed(self.path, old, new), others=tuple(renamed(path, old, new) for path in self.others)
        )


NOTHING = st.just("")
NOBODY: st.SearchStrategy[tuple[str, ...]] = st.just(())
said = st.one_of(
    st.builds(Said, st.just("GW101"), paths, NOTHING, st.tuples(paths)),
    st.builds(Said, st.just("GW106"), paths, st.sampled_from(["_x", "_x, _y"]), st.tuples(paths.map("{}:".format))),
    st.builds(Said, st.just("GW112"), paths, st.sampled_from(["load(a)", "from .a import b"]), NOBODY),
    st.builds(Said, st.just("GW001"), paths, NOTHING, NOBODY),
    st.builds(Said, st.just("GW201"), paths, NOTHING, st.lists(paths, min_size=1, max_size=3).map(tuple)),
)
projects = st.lists(said, min_size=1, max_size=8, unique_by=lambda one: one.finding().fingerprint)


def renamed(path: str, old: str, new: str) -> str:
    """Return a path, or one with a colon, after a file or a folder was renamed."""
    if path.rstrip(":") == old:
        return path.replace(old, new)
    return new + path[len(old) :] if path.startswith(f"{old}/") else path


def files(*told: Said) -> set[str]:
    return {path.rstrip(":") for one in told for path in (one.path, *one.others)}


def baseline(*told: Said) -> Baseline:
    return Baseline("known.json", b"", tuple(Entry.of(one.finding()) for one in told))


def new(before: list[Said], after: list[Said]) -> list[Said]:
    """Return what is new after a baseline was made."""
    match = baseline(*before).matched([one.finding() for one in after], files(*after))
    return [one for one in after if one.finding() in match.new]


@given(projects)
def test_what_has_not_changed_is_known(project: list[Said]) -> None:
    assert new(project, project) == []


@given(projects, st.data())
def test_a_file_with_a_new_name_has_nothing_new(project: list[Said], data: st.DataObject) -> None:
    old = data.draw(st.sampled_from(sorted(files(*project))))
    name = data.draw(st.sampled_from([f"{NOWHERE}.py", f"{old[:-3]}_{NOWHERE}.py", f"{NOWHERE}/{old}"]))

    assert new(project, [one.after(old, name) for one in project]) == []


@given(projects, st.data())
def test_a_folder_with_a_new_name_has_nothing_new(project: list[Said], data: st.DataObject) -> None:
    folders = {path.rpartition("/")[0] for path in files(*project)} - {""}
    assume(folders)
    old = data.draw(st.sampled_from(sorted(folders)))
    name = data.draw(st.sampled_from([NOWHERE, f"{old}_{NOWHERE}", f"a/{NOWHERE}", f"{NOWHERE}/{old}"]))

    assert new(project, [one.after(old, name) for one in project]) == []


@given(projects, st.data())
def test_what_is_really_new_is_new_and_nothing_else(project: list[Said], data: st.DataObject) -> None:
    old = data.draw(st.sampled_from(sorted(files(*project))))
    after = [one.after(old, f"{NOWHERE}.py") for one in project]
    fresh = Said("GW114", data.draw(st.sampled_from(sorted(files(*after)))), "of its own")

    assert new(project, [*after, fresh]) == [fresh]
    assert new(project, [fresh, *after]) == [fresh]


@given(projects, st.data())
def test_what_is_gone_hides_nothing_that_is_not_like_it(project: list[Said], data: st.DataObject) -> None:
    left = data.draw(st.lists(st.sampled_from(project), unique=True))
    fresh = Said("GW112", f"{NOWHERE}.py", "load(of_its_own)")

    assert new(project, [*left, fresh]) == [fresh]


BYPASS, SAME = Said("GW101", "a.py", others=("core.py",)), Said("GW101", "b.py", others=("core.py",))
CYCLE = Said("GW201", "a.py", others=("b.py", "c.py", "d.py"))


def test_a_file_that_has_moved_keeps_as_many_findings_as_it_had() -> None:
    again = BYPASS.after("a.py", "x.py")
    match = baseline(BYPASS).matched([again.finding(), again.finding(1)], {"x.py", "core.py"})

    assert (match.new, match.idle) == ((again.finding(1),), ())


def test_where_two_files_could_be_the_one_that_is_gone_neither_is() -> None:
    after = [BYPASS.after("a.py", "x.py"), BYPASS.after("a.py", "y.py")]

    assert new([BYPASS], after) == after


def test_the_file_in_the_same_folder_is_the_likeliest() -> None:
    before = BYPASS.after("a.py", "app/a.py")
    after = [BYPASS.after("a.py", "app/x.py"), BYPASS.after("a.py", "jobs/y.py")]

    assert new([before], after) == after[1:]


def test_the_file_about_which_most_of_the_same_is_said_is_the_likeliest() -> None:
    before = [BYPASS, Said("GW112", "a.py", "load(a)")]
    after = [SAME, *(one.after("a.py", "x.py") for one in before)]

    assert new(before, after) == [SAME]


def test_a_file_that_is_still_there_has_not_moved() -> None:
    match = baseline(BYPASS).matched([SAME.finding()], {"a.py", "b.py", "core.py"})

    assert match.new == (SAME.finding(),)


def test_a_file_about_which_something_was_known_is_no_new_name_for_another_one() -> None:
    before = [BYPASS, Said("GW112", "b.py", "load(b)")]

    assert new(before, [SAME, before[1]]) == [SAME]


def test_two_files_that_become_one_have_nothing_new() -> None:
    before = [Said("GW112", "a.py", "load(a)"), Said("GW112", "b.py", "load(a)")]
    match = baseline(*before).matched([before[0].after("a.py", "x.py").finding()], {"x.py"})

    assert (match.new, len(match.idle)) == ((), 1)


def test_the_words_of_a_text_have_an_order() -> None:
    before, after = Said("GW204", "a.py", "from b import c"), Said("GW204", "a.py", "from c import b")

    assert new([before], [after]) == [after]


def test_a_cycle_that_is_cut_elsewhere_is_the_same() -> None:
    assert new([CYCLE], [CYCLE._replace(path="b.py", others=("a.py", "c.py", "d.py"))]) == []


def test_what_is_left_of_a_cycle_is_known() -> None:
    assert new([CYCLE], [Said("GW201", "a.py", others=("b.py",)), Said("GW201", "c.py", others=("d.py",))]) == []


def test_what_is_left_of_a_cycle_whose_files_have_moved_is_known() -> None:
    after = [Said("GW201", "x/a.py", others=("x/b.py",)), Said("GW101", "x/a.py", others=("core.py",))]

    assert new([CYCLE, BYPASS, Said("GW101", "b.py", others=("a.py",))], after)[1:] == []


def test_a_cycle_that_grows_is_new() -> None:
    grown = CYCLE._replace(others=(*CYCLE.others, "e.py"))

    assert new([CYCLE], [grown]) == [grown]


def test_a_cycle_of_another_kind_is_new() -> None:
    match = baseline(CYCLE).matched([msg := CYCLE._replace(rule="GW202").finding()], files(CYCLE))

    assert match.new == (msg,)


def test_a_thousand_files_move_at_once() -> None:
    before = [Said("GW101", f"old/p{number}/__init__.py", others=("core.py",)) for number in range(1000)]

    assert new(before, [one.after("old", "new/home") for one in before]) == []


def test_nobody_is_found_in_a_crowd() -> None:
    before = [Said("GW101", f"a{number}.py", others=("core.py",)) for number in range(200)]
    after = [Said("GW101", f"x{number}.py", others=("core.py",)) for number in range(200)]

    assert new(before, after) == after
