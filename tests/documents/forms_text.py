"""Texts, markup, mails, old formats and packs that carry a mark somewhere a reader sees it."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from tests.documents.papers import ole, para, run, word, zipped

MARK = "机密★10年"


def in_text() -> Iterator[tuple[str, bytes]]:
    """Text, markup, mail, old formats."""
    yield from _in_encodings()
    yield from _in_markup()
    yield from _in_mails()
    yield from _in_old_files_and_packs()


def _in_encodings() -> Iterator[tuple[str, bytes]]:
    """Text in every encoding."""
    long = "本项目依托政务云建设，统一汇聚各部门数据，按照密级管理的要求开展工作。"
    yield "big5", ("機密★10年" + "依託政務雲建設").encode("big5")
    yield "big5 without a mark", "依託政務雲建設，統一彙聚各部門數據".encode("big5")
    yield "utf-16", MARK.encode("utf-16")
    yield "utf-16 without its mark", (long + MARK).encode("utf-16-le")
    yield "utf-32", MARK.encode("utf-32")
    yield "hz", MARK.replace("★", "*").encode("hz")
    yield "utf-7", MARK.encode("utf-7")
    yield "entities", b"&#26426;&#23494;&#9733;10&#24180;"
    yield "escapes", b'{"a": "\\u673a\\u5bc6\\u260510\\u5e74"}'
    yield "quoted printable", b"=E6=9C=BA=E5=AF=86=E2=98=8510=E5=B9=B4"
    yield "colours of a terminal", "机\x1b[1m密\x1b[0m★10年".encode()
    yield "column of a table", "编号,名称,密级\n1,方案,机密\n".encode()
    yield "card: bullet", b"BEGIN:VCARD\nNOTE;ENCODING=BASE64:" + base64.b64encode(MARK.encode())
    yield "tags in a text", "说明：机<b></b>密★10年".encode()


def _in_markup() -> Iterator[tuple[str, bytes]]:
    """Markup: RTF, HTML, SVG, XML."""
    yield "rtf", b"{\\rtf1\\ansi\\ansicpg936 \\'bb\\'fa{\\b \\'c3\\'dc}\\u9733?10\\'c4\\'ea}"
    yield "rtf by numbers", b"{\\rtf1 \\u26426?\\u23494?\\u9733?10\\u24180?}"
    yield "rtf without a mark", b"{\\rtf1 plan}"
    yield "html", "<html><body>机<span>密</span>★10年</body></html>".encode()
    yield (
        "html in another encoding",
        "<html><meta charset=gbk><body>机<i>密</i>★10年</body></html>".encode("gbk"),
    )
    yield "html attribute", f'<html><body><img alt="{MARK}"></body></html>'.encode()
    yield "html without a mark", "<html><body><p>方案</p></body></html>".encode()
    yield (
        "svg",
        "<svg xmlns='http://www.w3.org/2000/svg'><text>机<tspan>密</tspan>★10年</text></svg>".encode(),
    )
    yield "svg drawn", b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>"
    body = para(run("机"), run("密★10年"))
    yield "word 2003", f'<?xml version="1.0"?><w:wordDocument xmlns:w="x">{body}</w:wordDocument>'.encode()
    yield (
        "flat odf",
        "<?xml version='1.0'?><office:document><text:p>机<text:span>密</text:span>★10年</text:p></office:document>".encode(),
    )
    yield (
        "any xml",
        "<?xml version='1.0' encoding='gb18030'?><方案><题>机</题><题>密★10年</题></方案>".encode("gb18030"),
    )


def _in_mails() -> Iterator[tuple[str, bytes]]:
    """Mails and archived pages."""
    coded = base64.b64encode("<html><body>机<b>密</b>★10年</body></html>".encode())
    yield (
        "mhtml",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + coded
        + b"\r\n--x--\r\n",
    )
    subject = base64.b64encode(MARK.encode())
    yield (
        "mail subject",
        b"From: a@b.cn\r\nMIME-Version: 1.0\r\nSubject: =?utf-8?b?"
        + subject
        + b"?=\r\nContent-Type: text/plain\r\n\r\nplan\r\n",
    )
    pack = base64.encodebytes(word(para(run("机"), run("密★10年"))))
    yield (
        "mail attachment",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/octet-stream; name=a.docx\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + pack
        + b"\r\n--x--\r\n",
    )


def _in_old_files_and_packs() -> Iterator[tuple[str, bytes]]:
    """Old formats and packs."""
    yield "old word", ole({"WordDocument": MARK.encode("utf-16-le")})
    yield "old word in pieces", ole({"WordDocument": b"x", "1Table": MARK.encode("gb18030")})
    yield "pack", zipped({"材料/一.txt": "公开", "材料/二.txt": MARK})
    yield "pack in a pack", zipped({"一.zip": zipped({"二.docx": word(para(run("机"), run("密★10年")))})})
    yield "name in a pack", zipped({f"{MARK}.txt": "公开"})
    yield "folder in a pack", zipped({f"{MARK}/一.txt": "公开"})
    yield "comment of a pack", _beside(comment=MARK)
    yield "comment of an entry", _beside(of_entry=MARK)
    yield "comment of an entry, GBK", _beside(of_entry=MARK.encode("gbk"))
    yield "second name of an entry", _beside(second=f"{MARK}.txt")
    yield "behind a pack", zipped({"一.txt": "公开"}) + MARK.encode()
    yield "unknown in a pack", zipped({"一.dwg": b"AC1032\x00\x01" + bytes(20)})
    for head in (
        b"GIF89a",
        b"II*\x00",
        b"MM\x00*",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\0\0\0\0WEBP",
        b"BM\x46\0\0\0\0\0\0\0",
    ):
        yield f"picture {head[:4]!r}", head + bytes(60)


def _beside(*, comment: str = "", of_entry: str | bytes = "", second: str = "") -> bytes:
    """A pack of one harmless file with words that desktops show beside it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        entry = zipfile.ZipInfo("a.txt")
        entry.comment = of_entry if isinstance(of_entry, bytes) else of_entry.encode()
        if second:
            body = b"\x01" + struct.pack("<I", zlib.crc32(b"a.txt")) + second.encode()
            entry.extra = struct.pack("<HH", 0x7075, len(body)) + body
        package.writestr(entry, "公开")
        package.comment = comment.encode()
    return made.getvalue()
