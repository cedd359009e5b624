"""The lowest versions that pyproject.toml allows, as constraints for pip: `make lowest` installs them."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def lowest(text: str, installed: str) -> list[str]:
    """One constraint for each dependency of the package itself; torch is the one that is installed."""
    found = [
        re.fullmatch(r"([\w-]+)>=([\d.]+)", one) for one in tomllib.loads(text)["project"]["dependencies"]
    ]
    pins = [one.groups() for one in found if one is not None]
    assert len(pins) == len(found)
    return [*(f"{name}=={version}" for name, version in pins if name != "torch"), installed]


if __name__ == "__main__":
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = next(line for line in pins if line.startswith("torch"))
    sys.stdout.write("\n".join(lowest((ROOT / "pyproject.toml").read_text(), pinned)) + "\n")
