"""What the scan finds and what it wrongly finds, on labelled texts: those it was tuned on, and those kept out of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.cli.commands import main
from service.secrecy.trials import WHOLE, is_found, read_labelled, try_secrecy

DATA = Path(__file__).parent / "data"
FILES = ["secrecy_tuned.jsonl", "secrecy_held_out.jsonl"]


@pytest.mark.parametrize("name", FILES)
def test_figures_hold(name: str) -> None:
    labelled = read_labelled(DATA / name)
    marked = [one for one in labelled if one.marked]
    assert len(marked) > 200 and len(labelled) - len(marked) > 100
    missed = [one for one in marked if not is_found(one.text)]
    assert not [one for one in missed if one.form in WHOLE]
    for form in {one.form for one in marked}:
        share = sum(one.form == form for one in missed) / sum(one.form == form for one in marked)
        assert share <= 0.05, (form, [one.text for one in missed if one.form == form])
    assert not [one.text for one in labelled if not one.marked and is_found(one.text)]


def test_nothing_tuned_is_among_what_was_kept_out() -> None:
    tuned, held_out = ({one.text for one in read_labelled(DATA / name)} for name in FILES)
    assert not tuned & held_out


def test_the_command_tells_figures_and_ends_by_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "secrecy", *(str(DATA / name) for name in FILES)]) == 0
    assert "precision 1.000" in capsys.readouterr().out
    laws = tmp_path / "laws"
    laws.mkdir()
    (laws / "a.txt").write_text(
        "国家秘密的密级分为绝密、机密、秘密三级。\n普通密码保护信息的最高密级为机密级。"
    )
    assert main(["check", "secrecy", str(laws)]) == 0
    assert "0 false alarms over 1 plain texts" in capsys.readouterr().out
    (laws / "b.txt").write_text("第一行。\n机密★10年")
    assert main(["check", "secrecy", str(laws)]) == 1
    assert "false alarm in b.txt: 机密★10年" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "good"),
    [
        ([("机密★", True, "canonical"), ("非密", False, "")], True),
        ([("机密★", True, "canonical"), ("没有标志", True, "canonical")], False),
        ([("机密★", False, "")], False),
        ([*([("密级：机密", True, "stated")] * 19), ("某种说法", True, "stated")], True),
        ([*([("密级：机密", True, "stated")] * 18), ("某种说法", True, "stated")], False),
    ],
)
def test_too_few_found_or_a_false_alarm_is_not_good(
    tmp_path: Path, rows: list[tuple[str, bool, str]], good: bool
) -> None:
    path = tmp_path / "labelled.jsonl"
    # Equal texts are one: each gets a tail of its own.
    lines = [
        {"text": f"{text}\n{i}", "marked": marked, "form": form}
        for i, (text, marked, form) in enumerate(rows)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    assert try_secrecy([path]).good is good


def test_a_file_that_is_not_labelled_right_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "x"}')
    with pytest.raises(SystemExit, match="line 1"):
        main(["check", "secrecy", str(path)])
    with pytest.raises(SystemExit, match="name a FILE"):
        main(["check", "secrecy"])
