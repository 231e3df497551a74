"""The OpenAPI 3.1 document, derived from the Specs of the registered routes and from nothing else.

`build(routes)` takes Litestar handlers carrying `opt["spec"]`; `render` is deterministic, so that the committed
`openapi/openapi.json` can be compared byte by byte (`check`).
"""

from __future__ import annotations

import inspect
import json
import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.docs import problems
from service.docs.codes import told_as
from service.docs.described import described
from service.docs.events import webhooks
from service.docs.recorded import shown
from service.docs.schemas import Schemas as Schemas
from service.docs.schemas import used
from service.docs.texts import GOING, HEADERS, INFO, PARAMETERS, SECURITY_SCHEMES, SEVERAL, TAGS
from service.kit.api import Spec
from service.kit.authz import Policy
from service.kit.query import FORMS
from service.kit.xlsxout import MEDIA_TYPE as XLSX
from service.projects import schemas as project_schemas
from service.vocabulary import names

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "openapi" / "openapi.json"
EXAMPLES = ROOT / "openapi" / "examples"
RECORDED = ROOT / "openapi" / "recorded.json"  # answers of a real run: `make examples`
PREFIX = "/api/v1"
FORM = "application/x-www-form-urlencoded"
Json = dict[str, Any]

_PARAMETER = re.compile(r"\{([a-z_]+):([a-z]+)\}")


def specs(routes: Iterable[HTTPRouteHandler]) -> list[tuple[str, Spec]]:
    """(path, spec) of every documented route, sorted by path and method."""
    found = []
    for handler in routes:
        spec = handler.opt.get("spec")
        if isinstance(spec, Spec):
            prefix = "" if handler.opt.get("root") else PREFIX
            found.append((prefix + _PARAMETER.sub(r"{\1}", spec.path), spec))
    return sorted(found, key=lambda each: (each[0], each[1].method))


def routes_of(app: Any) -> list[HTTPRouteHandler]:
    """The handlers of a running Litestar application, for the document it serves."""
    handlers = (handler for route in app.routes for handler in getattr(route, "route_handlers", ()))
    return list({handler.name: handler for handler in handlers if "spec" in handler.opt}.values())


def build(routes: Iterable[HTTPRouteHandler]) -> Json:
    """The document as a dictionary."""
    listed = specs(routes)
    schemas = Schemas(listed)
    responses: Json = {}
    roles = _roles()
    paths: Json = {}
    for path, spec in listed:
        methods = paths.setdefault(path, {})
        if methods.setdefault(spec.method.lower(), None) is not None:
            raise ValueError(f"registered twice: {spec.method} {path}")
        methods[spec.method.lower()] = _operation(spec, schemas, responses, roles)
    tags = sorted({spec.tag for _, spec in listed})
    told = webhooks()
    document = {
        "openapi": "3.1.0",
        "info": {**INFO, "version": _version()},
        "servers": [{"url": "/", "description": "本服务"}],
        "tags": [{"name": tag, "description": TAGS.get(tag, tag)} for tag in tags],
        "security": [{"bearer": []}, {"clientCredentials": []}],
        "paths": paths,
        "webhooks": told,
        "components": {
            "schemas": used(schemas.components, paths, told, responses),
            "responses": responses,
            "parameters": PARAMETERS,
            "headers": {
                name: told
                for name, told in HEADERS.items()
                if name not in GOING or any(spec.deprecated for _, spec in listed)
            },
            "securitySchemes": SECURITY_SCHEMES,
        },
    }
    return shown(described(document), RECORDED)


def render(document: Json) -> bytes:
    """The bytes that are committed and served: sorted keys, two spaces, a final newline."""
    told = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
    return msgspec.json.format(told, indent=2) + b"\n"  # json's own indenting takes ten times as long


def check(routes: Iterable[HTTPRouteHandler], path: Path = COMMITTED) -> list[str]:
    """The differences between the committed file and what the routes say; empty when they agree."""
    new = render(build(routes))
    old = path.read_bytes() if path.exists() else b""
    if new == old:
        return []
    try:
        found = _differences(json.loads(old or b"{}"), json.loads(new), "")
    except ValueError:
        return ["not JSON"]
    return found or ["formatting"]


def _differences(old: Any, new: Any, pointer: str) -> list[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        found = [f"{pointer}/{key}: no longer there" for key in sorted(old.keys() - new.keys())]
        found += [f"{pointer}/{key}: new" for key in sorted(new.keys() - old.keys())]
        for key in sorted(old.keys() & new.keys()):
            found += _differences(
                old[key], new[key], f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            )
        return found
    return [] if old == new else [f"{pointer}: changed"]


def _version() -> str:
    project = ROOT / "pyproject.toml"
    if project.exists():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return installed_version("tongjian")


def _roles() -> dict[str, list[str]]:
    """Who may, by the policy: `<tier>.<role>` per permission."""
    found: dict[str, list[str]] = {}
    for line in Policy().lines:
        found.setdefault(f"{line.obj}/{line.act}", []).append(f"{line.tier}.{line.role}")
    return {pair: sorted(roles) for pair, roles in found.items()}


def _operation(spec: Spec, schemas: Schemas, responses: Json, roles: dict[str, list[str]]) -> Json:
    made: Json = {
        "operationId": spec.operation_id,
        "summary": spec.summary,
        "tags": [spec.tag],
        "responses": _responses(spec, schemas, responses),
    }
    if spec.deprecated:
        made["deprecated"] = True
    if spec.description:
        made["description"] = inspect.cleandoc(spec.description)
    if parameters := _parameters(spec, schemas):
        made["parameters"] = parameters
    if spec.body is not None:
        media = FORM if spec.form else "application/json"
        content: Json = {"schema": schemas.of(spec.body)}
        example = EXAMPLES / f"{spec.operation_id}.json"
        if example.exists():
            content["example"] = json.loads(example.read_text(encoding="utf-8"))
        made["requestBody"] = {"required": True, "content": {media: content}}
    if spec.upload:
        binary: Json = {"schema": {"type": "string", "format": "binary"}}
        made["requestBody"] = {
            "required": True,
            "content": dict.fromkeys(spec.upload.split(", "), binary),
        }
    if spec.resource:
        made["x-permission"] = f"{spec.resource}/{spec.action}"
        made["x-roles"] = roles.get(made["x-permission"], [])
    else:
        made["security"] = [*([{"clientBasic": []}] if spec.form else []), {}]
        if spec.method != "GET" and not spec.form:
            made["security"].insert(0, {"bearer": []})
    return made


def _parameters(spec: Spec, schemas: Schemas) -> list[Json]:
    found: list[Json] = []
    for name, kind in _PARAMETER.findall(spec.path):
        found.append({"name": name, "in": "path", "required": True, "schema": _path_schema(spec, name, kind)})
    if spec.query is not None:
        given = schemas.components[schemas.of(spec.query)["$ref"].rpartition("/")[2]]
        for name, shown in given["properties"].items():
            required, schema = name in given.get("required", ()), _not_null(shown)
            several = SEVERAL if schema.get("type") == "array" else {}
            found.append({"name": name, "in": "query", "required": required, "schema": schema, **several})
    if spec.media_type.startswith("text/csv"):
        form = {"type": "string", "enum": list(FORMS), "default": "csv"} | told_as("export_format")
        found.append({"name": "format", "in": "query", "required": False, "schema": form})
    if spec.cached:
        found.append({"$ref": "#/components/parameters/IfNoneMatch"})
    if spec.if_match:
        found.append({"$ref": "#/components/parameters/IfMatch"})
    if spec.unsafe and spec.resource:
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    return found


def _path_schema(spec: Spec, name: str, kind: str) -> Json:
    if kind == "int":
        return {"type": "integer", "format": "int32", "minimum": 1}
    if name == "ref" and spec.resource in ("client", "issuer"):
        return {"type": "string", "pattern": r"^[0-9A-Za-z]{2,16}\.[a-z][a-z0-9-]{0,38}[a-z0-9]$"}
    if name == "ref":
        return {"type": "string", "pattern": f"^[0-9A-Za-z]{{2,16}}-{project_schemas.UUID_PATTERN[1:]}"}
    if name == "number":
        return {"type": "string", "pattern": "^[0-9A-Za-z]{2,16}-[0-9]{4}-B[0-9]{4,9}$"}
    if name == "operation_id":
        return {"type": "string", "pattern": "^[a-z_]{3,80}$"}
    if name in ("role", "action"):
        return {"type": "string", "pattern": "^[a-z_]{2,40}$"}
    if name == "kind":  # of drafts
        return {"type": "string", "enum": list(names("draft"))} | told_as("draft")
    before = {"document": "([0-9A-Za-z]{2,16}-)?", "delivery": "(msg_)?"}.get(name, "")
    return {"type": "string", "pattern": f"^{before}{project_schemas.UUID_PATTERN[1:]}"}


def _not_null(schema: Json) -> Json:
    """A query parameter is there or not, but never null."""
    kept = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    rest = {
        key: value for key, value in schema.items() if key != "anyOf" and (key, value) != ("default", None)
    }
    return {**rest, **(kept[0] if len(kept) == 1 else {"anyOf": kept} if kept else {})}


def _responses(spec: Spec, schemas: Schemas, shared: Json) -> Json:
    made: Json = {str(status): _success(spec, schemas) for status in (spec.status, *spec.also)}
    if spec.cached:
        tag = {"ETag": {"$ref": "#/components/headers/ContentTag"}}
        made["304"] = {"description": "内容未变", "headers": tag}
    for status, errors in problems.errors_of(spec).items():
        name = problems.component_name(status, errors, spec)
        made[str(status)] = problems.response(status, errors)
        if name is not None:
            shared[name] = made[str(status)]
            made[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return made


def _success(spec: Spec, schemas: Schemas) -> Json:
    versioned = "version" in getattr(spec.answer, "__struct_fields__", ())
    names = ["X-Request-Id"]
    tagged = versioned or spec.tagged or (spec.if_match and spec.answer is not None)
    names += ["ETag"] if tagged else []
    names += ["Location"] if spec.status in (201, 202) else []
    names += ["Link"] if spec.paged else []
    names += ["Deprecation", "Sunset"] if spec.deprecated else []
    names += ["Idempotent-Replayed"] if spec.unsafe and spec.resource else []
    made: Json = {
        "description": "成功",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
    }
    if spec.cached:
        made["headers"]["ETag"] = {"$ref": "#/components/headers/ContentTag"}
    if spec.answer is bytes:
        # What is YAML is a document to a reader's tool, whatever bytes it is to us.
        plain: Json = {"type": "string"}
        if not spec.media_type.startswith(("text/plain", "text/calendar")):
            plain["format"] = "binary"
        schema = {} if spec.media_type == "application/yaml" else plain
        made["content"] = {spec.media_type: {"schema": schema}}
        if spec.media_type.startswith("text/csv"):
            made["content"][XLSX] = {"schema": schema}
    elif spec.answer is not None:
        made["content"] = {spec.media_type: {"schema": schemas.of(spec.answer)}}
    return made
