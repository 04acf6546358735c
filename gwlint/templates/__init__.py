"""Deployment templates, as far as they are literal: SAM, CloudFormation and the Serverless Framework."""

from gwlint.templates.facts import FunctionTemplate, LayerTemplate, Template, handler_module
from gwlint.templates.reader import looks_like_template, read

__all__ = ["FunctionTemplate", "LayerTemplate", "Template", "handler_module", "looks_like_template", "read"]
