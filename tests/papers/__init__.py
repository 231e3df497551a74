"""What tests of papers share: a receipt as it is given, and the text of a PDF."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pypdf

from service.filings.schemas import Receipt


def told(**changes: Any) -> Receipt:
    plain: dict[str, Any] = {
        "filing_number": "360100-2026-0001",
        "project_id": "360100-1",
        "project_name": "城管业务系统",
        "owner_name": "南昌市城市管理局",
        "tenant": "360100",
        "tenant_name": "南昌市",
        "approved_amount_yuan": "3900000.00",
        "document_number": "洪发改〔2026〕12号",
        "document_date": date(2026, 2, 1),
        "document_digest": "0" * 64,
        "filed_with": "省领导小组办公室",
        "filed_at": datetime(2026, 11, 30, 1, 5, tzinfo=UTC),
        "articles": [23],
        "note": "",
        "digest": "1" * 64,
    }
    return Receipt(**{**plain, **changes})


def text_of(raw: bytes) -> str:
    """The text that a reader of the PDF can copy, without breaks and gaps."""
    found = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages)
    return "".join(found.split()).replace("\u200b", "")
