"""Settings written on the command line."""

from pathlib import Path

import pytest
from hypothesis import given

from gwlint.config import Config, ConfigError, load
from gwlint.config.show import settings
from tests.projects import gwlint, write
from tests.test_config_sources import configs


def of(folder: Path, *inline: str, isolated: bool = False) -> Config:
    return load(folder, isolated=isolated, inline=inline, codes=["GW101", "GW103"])


def problems(folder: Path, *inline: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as error:
        of(folder, *inline)
    return error.value.problems


def test_a_setting_goes_before_that_of_the_file_and_leaves_the_others(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": 'layout = "flat"\nfail-on = "note"\n'})
    config = of(tmp_path, 'fail-on="error"')

    assert config == Config(tmp_path, "gwlint.toml", layout="flat", fail_on="error")
    assert config.sources == (("layout", "gwlint.toml"), ("fail_on", "--config"))


def test_a_key_of_a_table_leaves_the_others_of_the_table(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": '[severity]\nGW101 = "note"\nGW103 = "note"\n'})
    config = of(tmp_path, 'severity.GW103="off"')

    assert config.severity == (("GW101", "note"), ("GW103", "off"))
    assert config.sources == (("severity", "gwlint.toml and --config"),)


def test_the_last_word_counts(tmp_path: Path) -> None:
    assert of(tmp_path, "infer=false", "infer=true").infer


def test_isolated_leaves_out_the_file_alone(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": 'layout = "flat"\n'})

    assert of(tmp_path, "infer=false", isolated=True) == Config(tmp_path, "--config", infer=False)


@given(configs())
def test_whatever_is_shown_can_be_written_on_the_command_line(config: Config) -> None:
    written = tuple(setting.text and f"{setting.key} = {setting.text}" for setting in settings(config))
    read = load(config.project, isolated=True, inline=tuple(filter(None, written)))

    assert tuple(setting.text and f"{setting.key} = {setting.text}" for setting in settings(read)) == written


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("infer=yes", "--config: 'infer=yes' is no setting; put the value in quotes, and all of it: 'infer=\"yes\"'"),
        ("lay out=1", "--config: 'lay out=1' is no setting; write it as in TOML, like 'fail-on=\"error\"'"),
        ("layuot='flat'", "--config: unknown key 'layuot'; did you mean 'layout'?"),
        ("layout='flatt'", "--config: 'layout' can't be 'flatt'; choose from auto, package, flat"),
        ("roots=['gone']", "--config: 'roots' holds 'gone', which does not exist; create it or correct the path"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_the_words_for_files(tmp_path: Path, text: str, told: str) -> None:
    assert problems(tmp_path, text) == (told,)


def test_mistakes_in_the_file_are_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": "infer = 1\n"})

    assert problems(tmp_path, "layout='x'") == (
        "gwlint.toml: 'infer' must be true or false, not 1; write one of them, without quotes",
        "--config: 'layout' can't be 'x'; choose from auto, package, flat",
    )


def test_a_file_may_have_an_equals_sign_in_its_name(tmp_path: Path) -> None:
    write(tmp_path, {"a=b.toml": 'fail-on = "never"\n', "gwlint.toml": ""})
    ran = gwlint("check", "--config", "a=b.toml", "--config", "infer=false", "--show-settings", cwd=tmp_path)

    assert (ran.code, [line for line in ran.out.splitlines() if "default" not in line]) == (
        0,
        ["infer = false  # from --config", 'fail-on = "never"  # from a=b.toml'],
    )


def test_two_files_are_one_too_many(tmp_path: Path) -> None:
    assert gwlint("check", "--config", "a.toml", "--config", "b.toml", cwd=tmp_path) == (
        2,
        "",
        "gwlint: error: --config: a.toml and b.toml are two files; name one\n",
    )


def test_a_file_and_isolation_exclude_one_another(tmp_path: Path) -> None:
    assert gwlint("check", "--config", "a.toml", "--isolated", cwd=tmp_path) == (
        2,
        "",
        "gwlint: error: --config FILE and --isolated exclude one another; choose one\n",
    )
