"""Whatever an app contains survives its way into YAML and back."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.catalogue import publiccode_reading, publiccode_writing, publiccode_yaml
from service.catalogue.schemas import AppContent, Paper, Release, Rights, Support
from tests.catalogue.publiccode_files import PLACE, whole_file

lines = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Zs", "Zl", "Zp", "Cf"]), min_size=1
)
prose = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=200)
supports = st.builds(
    Support, name=st.sampled_from(["", "运维值班"]), phone=st.sampled_from(["", "0791-88880000转8012"])
)
releases = st.builds(
    Release,
    number=st.sampled_from(["1.0", "1.10", "2.0"]),
    released_on=st.dates(),
    notes=st.sampled_from(["", "修订"]),
)
contents = st.builds(
    AppContent,
    category=st.sampled_from(["map", "seal", "other", "grid", "government_service"]),
    summary=st.one_of(prose, st.just("一" * 180)),
    description=st.one_of(prose, st.just("说明" * 3000)),
    functions=st.lists(lines.map(lambda line: line[:50]), max_size=4),
    security_level=st.integers(1, 4),
    service_terms=st.sampled_from(
        ["", "yes", "2025-01-01", "1.0", "null", "a: b", "- x", "*", "&a", "是\n否"]
    ),
    support=supports,
    contacts=st.lists(supports, max_size=2),
    versions=st.lists(releases, max_size=2),
    software_version=st.sampled_from(["", "2.0", "1.10", "1.0"]),
    address=st.sampled_from(["", "https://map.example.gov.cn/"]),
    repository=st.sampled_from(["", "ssh://git.example.gov.cn/map.git"]),
    software_type=st.sampled_from([None, "standalone/mobile", "library"]),
    platforms=st.lists(st.sampled_from(["web", "android", "统信 UOS"]), max_size=3),
    networks=st.lists(st.sampled_from(["internet", "government_extranet"]), max_size=2),
    languages=st.lists(st.sampled_from(["zh-CN", "en"]), max_size=2),
    rights=st.builds(
        Rights,
        licence=st.sampled_from(["", "MulanPSL-2.0"]),
        owner=st.sampled_from(["", "某市数据局"]),
        terms=st.sampled_from(["", "仅限本省各级机关使用"]),
    ),
    papers=st.lists(st.just(Paper("首页截图", "https://example.gov.cn/1.png", "screenshot")), max_size=1),
    further=st.sampled_from(
        [
            "",
            "usedBy:\n- 某县\n",
            "legal:\n  authorsFile: AUTHORS\n",
            "description:\n  en:\n    shortDescription: A map\n",
        ]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents, lines)
def test_any_content_survives_the_round(made: AppContent, name: str) -> None:
    text = publiccode_writing.dump(name[:100], "pilot", "tenant", made, **PLACE).decode()
    whole_file(publiccode_yaml.load(text))
    read = publiccode_reading.read(publiccode_yaml.load(text))
    assert read.name == name[:100]
    assert read.content == made
    again = publiccode_writing.dump(read.name, "pilot", read.reach, read.content, **PLACE).decode()
    assert again == text
