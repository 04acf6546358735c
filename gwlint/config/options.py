"""Settings that options of the command line replace."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from gwlint.config.model import Config, ConfigError
from gwlint.config.wording import shown


def option_codes(option: str, given: Iterable[str], codes: Collection[str]) -> tuple[str, ...]:
    """Return the codes of rules, or their beginnings, that an option names: `GW1,GW201`, and that more than once.

    `codes` are those of all rules. Raises `ConfigError` with everything that is none of them.
    """
    from gwlint.config.faults import code_fault  # only for those who use such an option

    fault = code_fault(codes)
    named = dict.fromkeys(code.strip() for text in given for code in text.split(","))
    problems = [f"{option} holds {shown(code)}, which {found}" for code in named if code and (found := fault(code))]
    if "" in named or not named:
        problems.append(f"{option} holds an empty string; name codes like 'GW101', separated by commas")
    if problems:
        raise ConfigError(tuple(problems))
    return tuple(named)


def overriding(config: Config, option: str, **fields: object) -> Config:
    """Return settings with some fields replaced by what an option says."""
    kept = tuple((field, source) for field, source in config.sources if field not in fields)
    sources = (*kept, *((field, option) for field in fields))
    return replace(config, sources=sources, **fields)  # type: ignore[arg-type]  # which fields, the caller knows
