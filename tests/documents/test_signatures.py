"""「已签名，未验证」: signatures of attachments are counted and named as they name themselves, no more."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from service.documents.forms.look import MAX_SIGNER
from service.documents.judging import MOST_SIGNERS, judge_bytes
from tests import factories
from tests.documents.papers import odf, ofd, word, zipped
from tests.lives import good

_SIGNED = "document-signatures"

SIGNED_LIST = '<ofd:Signatures xmlns:ofd="o"><ofd:MaxSignId>{n}</ofd:MaxSignId>{each}</ofd:Signatures>'


def value(name: str | None = "张三", kind: str = "/Sig", **more: Any) -> DictionaryObject:
    """A signature's value as signers write it (ISO 32000-2, 12.8.1)."""
    made = DictionaryObject(
        {
            NameObject("/Type"): NameObject(kind),
            NameObject("/SubFilter"): NameObject("/adbe.pkcs7.detached"),
            NameObject("/ByteRange"): ArrayObject([NumberObject(each) for each in (0, 10, 20, 30)]),
            NameObject("/Contents"): ByteStringObject(b"\x30\x82" + b"\0" * 64),
        }
    )
    if name is not None:
        made[NameObject("/Name")] = TextStringObject(name)
    for key, said in more.items():
        made[NameObject(f"/{key}")] = said
    return made


def pdf(*values: DictionaryObject, password: str = "") -> bytes:
    """A PDF of a page whose form has a field for each signature."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    fields = ArrayObject()
    for at, each in enumerate(values):
        field = DictionaryObject(
            {
                NameObject("/FT"): NameObject("/Sig"),
                NameObject("/T"): TextStringObject(f"签名{at}"),
                NameObject("/V"): writer._add_object(each),
            }
        )
        fields.append(writer._add_object(field))
    form = DictionaryObject({NameObject("/Fields"): fields, NameObject("/SigFlags"): NumberObject(3)})
    writer._root_object[NameObject("/AcroForm")] = form
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def signed_ofd(count: int) -> bytes:
    each = "".join(f'<ofd:Signature ID="{at}" BaseLoc="Sign_{at}/Signature.xml"/>' for at in range(count))
    provider = '<ofd:SignedInfo><ofd:Provider ProviderName="某厂商"/></ofd:SignedInfo>'
    one = f'<ofd:Signature xmlns:ofd="o">{provider}</ofd:Signature>'
    parts = {f"Doc_0/Signs/Sign_{at}/Signature.xml": one for at in range(min(count, 3))}
    return ofd("", {"Doc_0/Signs/Signatures.xml": SIGNED_LIST.format(n=count, each=each), **parts})


OOXML_SIGNATURE = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>'


@pytest.mark.parametrize(
    ("raw", "count", "signers"),
    [
        (pdf(), 0, ()),
        (pdf(value()), 1, ("张三",)),
        (pdf(value(), value("李四"), value()), 3, ("张三", "李四")),
        (pdf(value(None)), 1, ()),
        (pdf(value("时间戳", "/DocTimeStamp")), 0, ()),
        (pdf(value("仍是签名", "/Sig"), value(None, "/DocTimeStamp")), 1, ("仍是签名",)),
        (signed_ofd(0), 0, ()),
        (signed_ofd(2), 2, ()),
        (ofd(""), 0, ()),
        (
            odf(
                "<text:p>正文</text:p>",
                parts={"META-INF/documentsignatures.xml": f"<{_SIGNED}><Signature/><Signature/></{_SIGNED}>"},
            ),
            2,
            (),
        ),
        (word("<w:p/>", _xmlsignatures__sig1_dot_xml=OOXML_SIGNATURE), 1, ()),
        (word("<w:p/>"), 0, ()),
        (zipped({"a.pdf": pdf(value()), "b.ofd": signed_ofd(1)}), 2, ("张三",)),
        (b"plain text: Signature", None, ()),
        (zipped({"a.txt": b"plain"}), None, ()),
        (pdf(value(), password="x"), None, ()),
        (pdf(value())[:-400], None, None),
    ],
)
def test_signatures_are_counted(raw: bytes, count: int | None, signers: tuple[str, ...] | None) -> None:
    told = judge_bytes(raw)
    assert not told.refused, told
    if signers is None:  # torn: what was still met is told, and never "none"
        assert told.signatures != 0
        return
    assert (told.signatures, told.signers) == (count, signers)


def test_what_is_written_to_mislead_is_bounded_and_plain() -> None:
    """Direction marks, line ends and endless names are no part of what is shown; a secrecy mark is refused as ever."""
    told = judge_bytes(pdf(value("张三\u202e四李\n\n已验证\x00" + "长" * 10_000)))
    assert (told.signatures, told.signers) == (1, ("张三 四李 已验证 " + "长" * (MAX_SIGNER - 10),))
    many = judge_bytes(pdf(*(value(f"人{at}") for at in range(300))))
    assert (many.signatures, len(many.signers)) == (300, MOST_SIGNERS)
    assert judge_bytes(signed_ofd(20_000)).signatures == 20_000
    assert judge_bytes(pdf(value("机密★10年"))).refused == "classified"
    nonsense = value(None, Name=ArrayObject([TextStringObject("甲")]))
    assert judge_bytes(pdf(nonsense)).signers == ()
    words = "<w:p><w:r><w:t>已签名 /Type /Sig Signature</w:t></w:r></w:p>"
    assert judge_bytes(word(words)).signatures == 0


async def test_the_list_of_materials_says_signed_not_verified(as_user: Any) -> None:
    portal = as_user("360100")
    case = good(await portal("POST", "/projects", factories.draft("360100"))).json()["id"]
    for name, raw in (("甲.pdf", pdf(value())), ("乙.ofd", signed_ofd(0)), ("丙.txt", b"words")):
        query = {"slot": "technical_plan", "name": name}
        good(await portal("POST", f"/projects/{case}/documents", params=query, content=raw))
    one, two, three = good(await portal("GET", f"/projects/{case}/documents")).json()["items"]
    assert one["signatures"] == {
        "count": 1,
        "signers": ["张三"],
        "detail": "已签名，未验证：有 1 处电子签名，自称由张三签署；本系统不验证签名的真伪和效力",
    }
    assert two["signatures"] == {"count": 0, "signers": [], "detail": "未见电子签名"}
    assert three["signatures"] is None
