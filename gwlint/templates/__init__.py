"""What deploys the functions of a project, and how: templates and settings of all tools, as far as they are literal."""

from gwlint.templates.facts import (
    FunctionTemplate,
    LayerTemplate,
    Setting,
    StackTemplate,
    Template,
    Tool,
    handler_module,
)
from gwlint.templates.reader import Others, is_terraform, looks_like_template, read

__all__ = [
    "FunctionTemplate",
    "LayerTemplate",
    "Others",
    "Setting",
    "StackTemplate",
    "Template",
    "Tool",
    "handler_module",
    "is_terraform",
    "looks_like_template",
    "read",
]
