"""The audit trail's checks as pure code: chain rows, entries and anchors in, findings out.

Purging may later replace the `summary` of an old entry. The chain holds digests only, so it goes on
verifying; what no longer recomputes is that one entry's own digest. The way left open: the purge is itself an
entry, sealed like any other, whose summary maps each purged entry's id to the digest of its row *after* the purge.
`Verifier.finish` would then drop an `entry_edited` finding when the row recomputes to the digest that a sealed
purge entry gives for it; whoever edits a row without such an entry, or edits it once more, is still found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from service.audit.actions import entry_digest
from service.kit.digest import canonical, sm3

# An unsealed entry of this age is strange: the sealer runs every few seconds and reaches back an hour.
PATIENCE = timedelta(minutes=10)
WINDOW = timedelta(hours=1)
KEPT_FINDINGS = 1000


class Finding(NamedTuple):
    """One discovery. `seq` is the place in the chain, `line` the line of the anchor file."""

    code: str
    tenant: str | None
    detail: str
    seq: int | None = None
    entry_id: str | None = None
    line: int | None = None


class Anchor(NamedTuple):
    """A head that was signed and kept outside the database."""

    tenant: str
    seq: int
    head: str
    at: str
    line: int
    numbers: Mapping[str, int] = MappingProxyType({})
    resumes: bool = False


class ChainRow(NamedTuple):
    """One row of the chain and the entry it seals (None = the entry is gone)."""

    seq: int
    entry_id: str
    entry_digest: str
    head: str
    sealed_at: datetime
    entry: Mapping[str, Any] | None


class AnchorLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of anchors.jsonl. `prev` is the SM3 of the line before it, so that none can be dropped between.

    `numbers`: how far the tenant's counters had come (counter's name → number last given). `resumes`: the database
    was restored, and the tenant's chain goes on from here; heads beyond it in earlier lines are declared lost.
    `fence`: of the lease it was written under (kit/held); it never falls from one line to the next.
    """

    tenant: str
    seq: int
    head: str
    at: str
    kid: str
    prev: str
    numbers: dict[str, int] = {}
    resumes: bool = False
    fence: int = 0
    signature: str = ""

    def members(self) -> dict[str, Any]:
        """The line's members; what came later only where it says something, as lines of before have none of it."""
        told = msgspec.structs.asdict(self)
        later = ("numbers", "resumes", "fence")
        return {name: value for name, value in told.items() if value or name not in later}

    def payload(self) -> bytes:
        """What the signature covers: all but itself, under a name of its own."""
        unsigned = {name: value for name, value in self.members().items() if name != "signature"}
        return b"tongjian audit anchor 1\n" + canonical(unsigned)


NO_LINE = "0" * 64


@dataclass
class Verdict:
    """What was looked at in one tenant, and what was found. `problems` counts all, `findings` keeps the first."""

    tenant: str
    sealed: int
    unsealed: int
    head: str
    last_anchor: Anchor | None
    findings: list[Finding]
    problems: int
    cases: int = 0
    cases_not_checked: int = 0


def genesis(tenant: str) -> str:
    """The head before the first row; it names the tenant, so a whole chain cannot pass for another tenant's."""
    return sm3(f"tongjian audit chain 1\n{tenant}".encode())


def next_head(head: str, seq: int, entry_id: str, digest: str) -> str:
    """SM3(previous head ‖ number ‖ entry ‖ its digest); the separator keeps the parts apart."""
    return sm3(f"{head}|{seq}|{entry_id}|{digest}".encode())


class Verifier:
    """Follows one tenant's chain row by row, in pages if need be: `feed`, then `finish` once."""

    def __init__(self, tenant: str, anchors: Iterable[Anchor] = ()) -> None:
        self.tenant = tenant
        self.seq = 0
        self.head = genesis(tenant)
        self._anchors: dict[int, list[Anchor]] = {}
        self._last_anchor: Anchor | None = None
        for anchor in anchors:
            if anchor.tenant == tenant:
                self._anchors.setdefault(anchor.seq, []).append(anchor)
                if self._last_anchor is None or anchor.seq >= self._last_anchor.seq:
                    self._last_anchor = anchor
        self._reach: datetime | None = None
        self._count = 0
        self._problems = 0
        self._findings: list[Finding] = []

    def feed(self, rows: Iterable[ChainRow]) -> None:
        """Checks rows in ascending `seq`, following those fed before."""
        for row in rows:
            self._link(row)
            self._entry(row)
            self._anchored(row)
            self._count += 1

    def _link(self, row: ChainRow) -> None:
        if row.seq != self.seq + 1:
            self._found("chain_gap", f"链上第 {self.seq + 1} 号起缺失或被改号，其后为第 {row.seq} 号", row)
        if row.head != next_head(self.head, row.seq, row.entry_id, row.entry_digest):
            self._found("chain_broken", "链值与前一环不符：链上记录被调换、改号或改写", row)
        # Going on from the recorded head shows where it broke instead of breaking everything after it.
        self.seq, self.head = row.seq, row.head

    def _entry(self, row: ChainRow) -> None:
        entry = row.entry
        if entry is None:
            self._found("entry_deleted", "审计记录已被删除，链上仍有其摘要", row)
            return
        if entry["digest"] != row.entry_digest or recomputed(entry) != row.entry_digest:
            self._found("entry_edited", "审计记录的内容与入链时的摘要不符", row)
        at: datetime = min(entry["at"], row.sealed_at)  # a time in the future must not accuse all that follow
        if self._reach is not None and at < self._reach - WINDOW:
            self._found("entry_backdated", "审计记录的时间远早于其入链位置，疑为事后补入", row)
        self._reach = at if self._reach is None else max(self._reach, at)

    def _anchored(self, row: ChainRow) -> None:
        for anchor in self._anchors.get(row.seq, ()):
            if anchor.head != row.head:
                self._found(
                    "anchor_mismatch", f"链值与库外锚点（第 {anchor.line} 行）不符：链被整体改写", row
                )

    def finish(self, unsealed: Sequence[tuple[str, datetime]], now: datetime) -> Verdict:
        """Adds what only the end can tell: tail cuts up to the last anchor, entries long unsealed."""
        cut = [anchor for seq, anchors in self._anchors.items() if seq > self.seq for anchor in anchors]
        if cut:
            last = max(cut, key=lambda anchor: anchor.seq)
            detail = f"库外锚点记到第 {last.seq} 号，链只到第 {self.seq} 号：链尾被截断"
            self._note(Finding("tail_cut", self.tenant, detail, last.seq, line=last.line))
        for entry_id, at in unsealed:
            if not now - PATIENCE <= at <= now + PATIENCE:
                detail = f"审计记录（{at.isoformat(timespec='seconds')}）长时间未入链，疑为事后补入"
                self._note(Finding("entry_unsealed", self.tenant, detail, entry_id=entry_id))
        return Verdict(
            self.tenant,
            self._count,
            len(unsealed),
            self.head,
            self._last_anchor,
            self._findings,
            self._problems,
        )

    def _found(self, code: str, detail: str, row: ChainRow) -> None:
        self._note(Finding(code, self.tenant, detail, row.seq, row.entry_id))

    def _note(self, finding: Finding) -> None:
        self._problems += 1
        if len(self._findings) < KEPT_FINDINGS:
            self._findings.append(finding)


def recomputed(entry: Mapping[str, Any]) -> str | None:
    """The digest of an entry as it stands; None when tampering left what canonical JSON cannot carry."""
    try:
        return entry_digest(dict(entry))
    except (ValueError, TypeError):
        return None


def verify(
    tenant: str,
    rows: Iterable[ChainRow],
    anchors: Iterable[Anchor],
    unsealed: Sequence[tuple[str, datetime]],
    now: datetime,
) -> Verdict:
    """The whole check of one tenant at once."""
    verifier = Verifier(tenant, anchors)
    verifier.feed(rows)
    return verifier.finish(unsealed, now)


def read_anchors(
    lines: Iterable[bytes], keys: Mapping[str, Ed25519PublicKey] | None
) -> tuple[list[Anchor], list[Finding]]:
    """The anchors of a file's complete lines that can be trusted, and what is wrong with the others.

    `keys` None = signatures are not checked. A line of a retired key counts where a later, validly signed line
    follows it in an unbroken row: that signature covers `prev`, and so everything before.
    """
    good: list[Anchor] = []
    findings: list[Finding] = []
    waiting: list[Anchor] = []
    prev, fence = NO_LINE, 0
    for number, raw in enumerate(lines, 1):
        try:
            line = msgspec.json.decode(raw, type=AnchorLine)
        except (msgspec.DecodeError, UnicodeDecodeError):
            findings.append(Finding("anchor_unreadable", None, "锚点文件的这一行无法读取", line=number))
            prev = sm3(raw)
            continue
        anchor = Anchor(line.tenant, line.seq, line.head, line.at, number, line.numbers, line.resumes)
        if line.prev != prev:
            findings.append(
                _line_fault("anchor_lines_missing", anchor, "与上一行不相接：其前有行被删除或改写")
            )
            findings += [_unknown(each) for each in waiting]
            waiting = []
        if line.fence < fence:
            findings.append(
                _line_fault("anchor_fence", anchor, "写入时已由另一进程接手：锚点目录的文件锁不可靠")
            )
        prev, fence = sm3(raw), max(fence, line.fence)
        trust = True if keys is None else _signed(line, keys)
        if trust:
            good += [*waiting, anchor]
            waiting = []
        elif trust is None:
            waiting.append(anchor)
        else:
            findings.append(_line_fault("anchor_forged", anchor, "签名无效：锚点是伪造或被改写的"))
    return good, findings + [_unknown(each) for each in waiting]


def in_force(anchors: Iterable[Anchor]) -> list[Anchor]:
    """Without the heads that a signed line after them declares lost with a restore (`tongjian restore declare`)."""
    kept: list[Anchor] = []
    for anchor in anchors:
        if anchor.resumes:
            kept = [each for each in kept if each.tenant != anchor.tenant or each.seq <= anchor.seq]
        kept.append(anchor)
    return kept


def _signed(line: AnchorLine, keys: Mapping[str, Ed25519PublicKey]) -> bool | None:
    """Whether the line is signed by its key; None when that key is not known here."""
    key = keys.get(line.kid)
    if key is None:
        return None
    try:
        key.verify(bytes.fromhex(line.signature), line.payload())
    except (InvalidSignature, ValueError):
        return False
    return True


def _line_fault(code: str, anchor: Anchor, detail: str) -> Finding:
    return Finding(code, anchor.tenant, detail, anchor.seq, line=anchor.line)


def _unknown(anchor: Anchor) -> Finding:
    return _line_fault("anchor_key_unknown", anchor, "签名所用密钥不在密钥文件中，也没有后续有效签名为其作证")
