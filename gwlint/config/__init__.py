"""Settings: `gwlint.toml`, or `[tool.gwlint]` in `pyproject.toml`, as a `Config` or refused with every mistake."""

from gwlint.config.files import OWN_FILE, SHARED_FILE, files_with_settings, find_project, project_of
from gwlint.config.inline import is_inline
from gwlint.config.loading import defaults, load, overridden, understood
from gwlint.config.model import (
    BASELINE,
    BudgetSettings,
    Config,
    ConfigError,
    DeclaredComponent,
    DeclaredFunction,
    Duplicates,
    FailOn,
    LayersContract,
    Preset,
)
from gwlint.config.options import option_codes, overriding

__all__ = [
    "BASELINE",
    "OWN_FILE",
    "SHARED_FILE",
    "BudgetSettings",
    "Config",
    "ConfigError",
    "DeclaredComponent",
    "DeclaredFunction",
    "Duplicates",
    "FailOn",
    "LayersContract",
    "Preset",
    "defaults",
    "files_with_settings",
    "find_project",
    "is_inline",
    "load",
    "option_codes",
    "overridden",
    "overriding",
    "project_of",
    "understood",
]
