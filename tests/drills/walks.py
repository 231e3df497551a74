"""The tests marked long: each operation, each deed, each table in turn; how real processes begin, wait and die.

The same files as `make test`, run by pytest on real servers. The short form, for every submission, leaves out two that
take minutes and that hold what changes rarely; the long one makes more of everything that is drawn.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MORE = {"TONGJIAN_CONTRACT_EXAMPLES": "5", "TONGJIAN_LIVES_HTTP": "200"}
MINUTES = ("test_schemathesis", "test_demo")  # whoever changes the document or the demo runs them
FEWEST = {False: 1_800, True: 1_500}  # tests, by form: some of them go over each operation


async def drill(short: bool) -> None:
    """Runs them; AssertionError when one fails, or when hardly any was found."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "3", "--dist", "loadfile", "-m", "long"]
    if short:
        command += ["-k", " and ".join(f"not {each}" for each in MINUTES)]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env={**({} if short else MORE), **os.environ}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    last = ""
    async for line in process.stdout:
        last = line.decode()
        print(last, end="", flush=True)
    assert await process.wait() == 0, "a walk failed: its report stands above"
    passed = re.search(r"(\d+) passed", last)
    assert passed and int(passed[1]) >= FEWEST[short], f"hardly any long test was found: {last}"
