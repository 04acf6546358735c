"""Stacks and services in YAML or JSON."""

from collections.abc import Callable

from gwlint.templates.cdk import assets_beside, is_synthesised, with_code
from gwlint.templates.cloudformation import describe
from gwlint.templates.evaluation import Evaluation
from gwlint.templates.facts import Template, Tool
from gwlint.templates.intrinsics import Given, Stack
from gwlint.templates.literals import listed, mapping, text
from gwlint.templates.parse_yaml import parse
from gwlint.templates.sam import transformed_resources
from gwlint.templates.serverless import service_resources
from gwlint.templates.values import Document, Mapping, Value
from gwlint.templates.variables import Service


def read(path: str, source: bytes, others: Callable[[str], bytes], given: Given, *, is_service: bool) -> Template:
    """Return what a stack says or, where it is called like one and is no stack after all, a service."""
    document = parse(source)
    root = mapping(document.root)
    if is_service and root.get("Resources") is None:
        service = Service(path, root, others)
        said = Evaluation(path, "serverless", document.complete, service.resolve)
        return describe(said, service_resources(root, said), document.problem)
    return _stack(path, document, root, others, given)


def _stack(path: str, document: Document, root: Mapping, others: Callable[[str], bytes], given: Given) -> Template:
    said = Evaluation(path, _tool(path, root), document.complete, Stack(root, given).resolve)
    resources = transformed_resources(root, said)
    if said.tool == "cdk":
        assets = assets_beside(path, others)
        return describe(said, (with_code(one, assets, said) for one in resources), document.problem)
    return describe(said, resources, document.problem)


def _tool(path: str, root: Mapping) -> Tool:
    if is_synthesised(path):
        return "cdk"
    types = (text(mapping(value).get("Type")) for _, (value, _, _) in mapping(root.get("Resources")).items())
    transforms: tuple[Value | None, ...] = (root.get("Transform"), *listed(root.get("Transform")))
    named = (*map(text, transforms), *types)
    return "sam" if any((name or "").startswith("AWS::Serverless") for name in named) else "cloudformation"
