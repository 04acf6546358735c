"""What the CDK has synthesised: plain templates, whose code lies in folders beside them."""

import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from gwlint.templates.cloudformation import FUNCTION, LAYER_VERSION, Resource
from gwlint.templates.evaluation import Evaluation
from gwlint.templates.literals import literal, mapping, text
from gwlint.templates.values import Scalar

OUTPUT = "cdk.out"
_SUFFIX = ".template.json"
_HASH = re.compile(r"[0-9a-f]{64}")
_CODE = {FUNCTION: "Code", LAYER_VERSION: "Content"}

Assets = Mapping[str, str]
"""The folders of assets by their hash, relative to the template."""


def is_synthesised(path: str) -> bool:
    """Tell whether a template is output of the CDK, by where it lies."""
    return OUTPUT in path.split("/")[:-1] and path.endswith(_SUFFIX)


def assets_beside(path: str, others: Callable[[str], bytes]) -> Assets:
    """Return the assets of the stack whose template is at `path`."""
    try:
        manifest = json.loads(others(f"{path.removesuffix(_SUFFIX)}.assets.json") or b"{}")
        return dict(_listed(manifest["files"]))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        return {}


def _listed(files: dict[str, dict[str, dict[str, object]]]) -> Iterator[tuple[str, str]]:
    for name, file in files.items():
        path = file["source"]["path"]
        if isinstance(path, str) and file["source"].get("packaging") == "zip":
            yield name, path


def with_code(resource: Resource, assets: Assets, said: Evaluation) -> Resource:
    """Return a function or a layer whose code is the folder of its asset."""
    key = _CODE.get(resource.type or "")
    if key is None:
        return resource
    code = mapping(said.value(resource.properties, key))
    content_hash = posixpath.basename(literal(said.value(code, "S3Key")) or "").partition(".")[0]
    place = assets.get(content_hash) or text(resource.metadata.get("aws:asset:path")) or _conventional(content_hash)
    if place is None:
        return resource
    return resource._replace(properties=resource.properties.having(**{key: Scalar(place)}))


def _conventional(content_hash: str) -> str | None:
    """Return what the folder of an asset is called where neither manifest nor metadata say so."""
    return f"asset.{content_hash}" if _HASH.fullmatch(content_hash) else None
