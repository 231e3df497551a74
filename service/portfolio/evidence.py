"""GET /projects/{id}/evidence: the whole history of one project as one file (arts 39, 42)."""

from __future__ import annotations

import asyncio
import tempfile
import zipfile
from collections.abc import AsyncGenerator, Mapping
from typing import IO, Any
from urllib.parse import quote

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.documents.storage import Storage
from service.identity.people import People
from service.kit.api import Answer, Call, Error, operation
from service.kit.digest import sm3
from service.kit.errors import ServiceError
from service.kit.ids import parse_ref
from service.kit.naming import PersonView
from service.portfolio.evidence_cover import actors, called, page, timeline
from service.portfolio.evidence_reading import Whole, whole
from service.portfolio.evidence_tables import LEFT_OUT, PARTS
from service.projects.schemas_out import ProjectView
from service.projects.views import view

MAX_BYTES = 2 * 1024**3  # of attachments in one pack
_CHUNK = 256 * 1024
_LIMIT = Error(413, "evidence_too_large", "附件合计超过一个证据包的上限，请分别下载附件")
_DAMAGED = "附件 {0}（{1}）未能读取，或与登记的摘要不符"


@operation(
    "GET",
    "/projects/{ref:str}/evidence",
    resource="evidence",
    action="read",
    summary="证据包",
    tag="evidence",
    where="cases",
    answer=bytes,
    media_type="application/zip",
    errors=(_LIMIT,),
)
async def read(call: Call) -> Answer:
    """一个项目的全部经过打成一个 ZIP：封面（谁在何时依据哪一条办了什么）、经手人员、封存版本、经过、登记、批复、备案、
    评审、整改、期限、审计记录及其链上位置、附件，并附各文件的
    SM3 摘要清单；清单自身的摘要在响应头 tongjian-manifest-sm3。
    """
    found = await whole(call, parse_ref(call.path("ref")))
    total = sum(row["size"] for row in found.tables["documents"] if row["removed_at"] is None)
    if total > MAX_BYTES:
        raise ServiceError(413, _LIMIT.code, f"附件合计 {total} 字节，超过一个证据包的上限 {MAX_BYTES} 字节")
    people = await call.service(People).named(call.door, actors(found, call.principal.actor))
    spool, digest = await asyncio.to_thread(
        _packed, call.services.shelf[Storage], found, view(found.case, call), call, people
    )
    name = quote(f"证据包-{found.case.ref}.zip")
    headers = {
        "content-disposition": f"attachment; filename=\"evidence.zip\"; filename*=UTF-8''{name}",
        "tongjian-manifest-sm3": digest,
    }
    return Answer(_sent(spool), headers=headers)


async def _sent(spool: IO[bytes]) -> AsyncGenerator[bytes, None]:
    try:
        while part := await asyncio.to_thread(spool.read, _CHUNK):
            yield part
    finally:
        spool.close()


class _Pack:
    """A ZIP on its way to disk, and the digest of every file in it."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED)
        self.files: list[dict[str, Any]] = []

    def add(self, path: str, content: bytes) -> None:
        self._zip.writestr(path, content)
        self.files.append({"path": path, "sm3": sm3(content), "size": len(content)})

    def close(self, manifest: bytes) -> None:
        self._zip.writestr("manifest.json", manifest)
        self._zip.close()


def _packed(
    storage: Storage, found: Whole, shown: ProjectView, call: Call, people: Mapping[str, PersonView]
) -> tuple[IO[bytes], str]:
    """Writes the pack to a temporary file; returns it rewound, and the manifest's digest."""
    spool = tempfile.TemporaryFile(prefix="tongjian-evidence-")  # noqa: SIM115 - closed by whoever sends it
    try:
        pack = _Pack(spool)
        problems = _attachments(pack, storage, found)
        pack.add("case.json", _json(shown))
        for version in found.tables["project_versions"]:
            pack.add(f"versions/{version['number']:04}.json", _json(version))
        for name, rows in found.tables.items():
            pack.add(f"tables/{name}.json", _json(rows))
        pack.add("audit.json", _json(found.audit))
        pack.add("people.json", _json(sorted(people.values(), key=lambda each: each.id)))
        events = timeline(found, people)
        by = call.principal.actor
        pack.add("cover.html", page(found, events, len(pack.files), problems, call.now, called(people, by)))
        manifest = _json(
            {
                "project": str(found.case.ref),
                "version": found.case.version,
                "made_at": call.now,
                "made_by": by,
                "files": sorted(pack.files, key=lambda each: each["path"]),
                "withheld": found.withheld,
                "left_out": dict(LEFT_OUT),
                "problems": problems,
                "titles": {name: part.title for name, part in PARTS.items()},
            }
        )
        pack.close(manifest)
        spool.seek(0)
        return spool, sm3(manifest)
    except BaseException:
        spool.close()
        raise


def _attachments(pack: _Pack, storage: Storage, found: Whole) -> list[str]:
    """The bytes as handed in; what cannot be had is told, and the rest goes on."""
    problems = []
    for row in found.tables["documents"]:
        if row["removed_at"] is not None:
            continue
        raw = storage.get(row["tenant_id"], row["id"])
        if raw is None or sm3(raw) != row["digest"]:
            problems.append(_DAMAGED.format(row["id"], row["name"]))
        else:
            pack.add(f"documents/{row['id']}/{row['name']}", raw)
    return problems


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)


EVIDENCE_ROUTES: list[HTTPRouteHandler] = [read]
