"""The bill of materials of what runs, as CycloneDX 1.6."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from tests.bundle.locked import Pin, runtime

# Needed by other patches of this Python only, so not installed here; as their own metadata have it.
_ELSEWHERE = {"async-timeout": "Apache 2"}


def licence(name: str) -> str:
    """What a package says of its licence, in its newest way of saying it; "" where it says nothing."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return _ELSEWHERE.get(name, "")
    if text := told.get("License-Expression"):
        return str(text)
    classified = [
        each.rpartition(" :: ")[2] for each in told.get_all("Classifier", []) if each.startswith("License")
    ]
    named = (told.get("License") or "").strip().splitlines()
    return " / ".join(classified) or (named[0][:80] if named else "")


def _component(pin: Pin) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{pin.name}@{pin.version}",
        "name": pin.name,
        "version": pin.version,
        "purl": f"pkg:pypi/{pin.name}@{pin.version}",
    }
    if text := licence(pin.name):
        found["licenses"] = [{"license": {"name": text}}]
    return found


def bill(version: str) -> dict[str, Any]:
    """The document; the same lock gives the same one."""
    components = [_component(each) for each in runtime()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "tongjian",
                "name": "tongjian",
                "version": version,
            }
        },
        "components": components,
        "dependencies": [{"ref": "tongjian", "dependsOn": [each["bom-ref"] for each in components]}],
    }


if __name__ == "__main__":
    print(json.dumps(bill("0.1.0"), ensure_ascii=False, indent=1))
