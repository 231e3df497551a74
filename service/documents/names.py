"""What a file may be called: what its name shows is what it is, and opening it starts nothing."""

from __future__ import annotations

import re
import unicodedata

# Endings that run something on a desktop (Windows, UOS, Kylin), or make one fetch or mount something.
_RUNS = frozenset(
    re.findall(
        r"\S+",
        """
        exe com scr pif bat cmd ps1 psm1 vbs vbe js jse wsf wsh wsc hta msi msp mst lnk jar cpl dll sys ocx reg scf url
        chm hlp inf gadget application appref-ms msc job iso img vhd vhdx udf apk deb rpm run sh bash csh ksh bin elf so
        dylib desktop py pyc pyw pl rb php asp aspx jsp xll xlam xla wll ppam ppa dotm docm xlsm xltm xlsb pptm potm
        ppsm sldm library-ms search-ms settingcontent-ms diagcab theme themepack appx msix cab vb swf class
        """,
    )
)
# Inside a name these are no abbreviations of anything else.
_RUNS_INSIDE = frozenset(
    {
        "exe",
        "scr",
        "pif",
        "bat",
        "cmd",
        "vbs",
        "vbe",
        "jse",
        "wsf",
        "hta",
        "msi",
        "lnk",
        "jar",
        "cpl",
        "dll",
        "ps1",
    }
)
_DOCUMENTS = frozenset(
    {
        "pdf",
        "ofd",
        "doc",
        "docx",
        "wps",
        "wpt",
        "xls",
        "xlsx",
        "et",
        "ppt",
        "pptx",
        "dps",
        "txt",
        "rtf",
        "odt",
        "ods",
        "odp",
        "csv",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "bmp",
        "tif",
        "tiff",
        "webp",
    }
)
_RENDERS = frozenset({"html", "htm", "xhtml", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "eml"})
_ENDING = re.compile(r"\.([A-Za-z0-9-]{1,20})\s*(?=\.|$)")
_BLANK = "\u115f\u1160\u3164\uffa0\u2800\u00ad\u034f\u17b4\u17b5"
_VARIANTS = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")

# Endings by media type; a name without one of the known endings promises nothing.
_OF = {
    "application/pdf": "pdf",
    "application/ofd": "ofd",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx doc dotx dot wps wpt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx xls xltx xlt et ett",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx ppt ppsx potx pps dps dpt",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": "xlsb xls",
    "application/vnd.oasis.opendocument.text": "odt ott",
    "application/vnd.oasis.opendocument.spreadsheet": "ods ots",
    "application/vnd.oasis.opendocument.presentation": "odp otp",
    "application/vnd.oasis.opendocument.graphics": "odg otg",
    "application/x-ole-storage": "doc dot xls xlt ppt pps wps wpt et ett dps dpt msg vsd mpp docx xlsx pptx",
    "application/rtf": "rtf doc wps",
    "application/xml": "xml doc docx xls fodt fods fodp fodg mm txt",
    "image/svg+xml": "svg xml",
    "text/html": "html htm xhtml shtml xls doc txt",
    "message/rfc822": "eml mht mhtml txt",
    "application/zip": "zip",
    "image/png": "png",
    "image/jpeg": "jpg jpeg jpe jfif",
    "image/gif": "gif",
    "image/bmp": "bmp dib",
    "image/tiff": "tif tiff",
    "image/webp": "webp",
    "image/heic": "heic heif",
    "text/plain": "txt csv tsv md log json yaml yml ini text sql markdown srt tex",
}
_KNOWN = {ending: media for media, endings in _OF.items() for ending in endings.split()}


def unseen(name: str) -> bool:
    """Whether the name holds characters that show nothing or turn the direction of writing."""
    return any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or char in _BLANK
        for char in name
    ) or bool(_VARIANTS.search(name))


def dangerous(name: str) -> str | None:
    """The code of the refusal when a file of this name runs, or hides that it does; None for an honest name."""
    folded = unicodedata.normalize("NFKC", name).strip().rstrip(". ").lower()
    if "::$" in folded or (
        re.search(r":[^:\\/]*$", folded) and _RUNS & set(_endings(folded.replace(":", ".")))
    ):
        return "executable_name"
    endings = _endings(folded)
    if not endings:
        return None
    if endings[-1] in _RUNS:
        return "double_ending" if _DOCUMENTS & set(endings[:-1]) else "executable_name"
    if _RUNS_INSIDE & set(endings[:-1]):
        return "double_ending"
    if endings[-1] in _RENDERS and len(endings) > 1 and endings[-2] in _DOCUMENTS | {"zip"}:
        return "double_ending"
    return None


def renders(name: str) -> bool:
    """Whether what opens files of this name shows more than their letters."""
    endings = _endings(name.strip().lower())
    return bool(endings) and endings[-1] in _RENDERS


def _endings(name: str) -> list[str]:
    return _ENDING.findall(name)


def disagrees(name: str, media: str) -> bool:
    """Whether the name's ending promises another kind of file than this is."""
    endings = _endings(unicodedata.normalize("NFKC", name).strip().lower())
    if not endings or endings[-1] not in _KNOWN:
        return False
    return endings[-1] not in _OF.get(media.removesuffix("-template"), endings[-1]).split()


def stem(name: str) -> str:
    """The name without its ending: 机密级文件 of 机密级文件.docx."""
    return re.sub(r"\.[A-Za-z0-9]{1,8}$", "", name)
