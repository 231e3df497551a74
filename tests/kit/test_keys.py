"""The key file: private, never half written, never overwritten, rotated without losing anybody."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.kit import keys

START = 1_800_000_000.0


def test_the_key_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    kid = keys.generate(file, START)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keys.generate(file, START)
    assert keys.load(file).signing_kid == kid
    keys.rotate(file, START)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"], "no key material left beside it"
    assert all("d" not in jwk and "created" not in jwk for jwk in keys.load(file).jwks["keys"])


def test_keys_are_dropped_by_the_end_of_their_use(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first = keys.generate(file, 0.0)
    second = keys.rotate(file, 100_000.0, drop_after=3600)
    assert set(keys.load(file).verify) == {first, second}, "the first has signed until this moment"
    third = keys.rotate(file, 104_000.0, drop_after=3600)
    assert set(keys.load(file).verify) == {second, third}


@pytest.mark.parametrize("content", ["", "{}", '{"keys": []}', "[]", '{"keys": [{"kty": "RSA"}]}', "SECRET"])
def test_a_broken_key_file_keeps_the_last_good_keys_and_says_so(tmp_path: Path, content: str) -> None:
    file, now = tmp_path / "keys.json", [START]
    keys.generate(file, START)
    source = keys.KeySource(file, lambda: now[0])
    good = source.current()
    file.write_text(content)
    assert source.current() is good and source.error is None, "not looked at within two seconds"
    now[0] += 2
    assert source.current() is good
    assert source.error is not None and "SECRET" not in source.error
    with pytest.raises(ValueError, match="not a private key file"):
        keys.KeySource(file, lambda: now[0])
    file.unlink()
    now[0] += 2
    assert source.current() is good and "FileNotFound" in str(source.error)


def test_a_key_pair_that_does_not_match_is_not_loaded(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.generate(file, START)
    content = json.loads(file.read_text())
    keys.rotate(file, START)
    content["keys"][0]["x"] = json.loads(file.read_text())["keys"][1]["x"]
    file.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="differ"):
        keys.load(file)


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone gives files away")
def test_a_file_stays_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.generate(file, 1.0)
    os.chown(file, 10_001, 10_002)
    keys.rotate(file, 2.0)
    found = file.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (10_001, 10_002, 0o600)


def test_two_rotations_at_once_lose_no_key(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    made = {keys.generate(file, START)}
    with ThreadPoolExecutor(4) as pool:
        made |= set(pool.map(lambda _: keys.rotate(file, START), range(8)))
    assert set(keys.load(file).verify) == made and len(made) == 9
