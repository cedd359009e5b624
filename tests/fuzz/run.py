"""Many spoilt files for every reader, and a table of what became of them.

python tests/fuzz/run.py [SECONDS PER READER] [FILES PER READER]
"""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "io"))
from fuzzed import READERS, outcome
from mutations import mutated

_SLOW = 5.0  # seconds that no file of a kilobyte takes


def main(seconds: float = 60, n_files: int = 5000) -> int:
    """Fuzz every reader for so long at most; the number of faults."""
    n_faults = 0
    print(f"{'reader':<28}{'files':>8}{'read':>8}{'refused':>9}{'faults':>8}{'slow':>6}{'slowest':>9}")
    for number, (name, reader) in enumerate(READERS.items()):
        counts: Counter[str] = Counter()
        slowest, began = 0.0, time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            for i in range(n_files):
                if time.monotonic() - began > seconds:
                    break
                data = mutated(reader.seed, Random(number * 1_000_003 + i))
                start = time.process_time()
                try:
                    counts[outcome(reader, data, Path(folder))] += 1
                except Exception:  # noqa: BLE001 - whatever comes is what is looked for
                    counts["fault"] += 1
                    if counts["fault"] <= 2:
                        traceback.print_exc(limit=-4)
                        print(repr(data[-300:]))
                taken = time.process_time() - start
                slowest = max(slowest, taken)
                counts["slow"] += taken > _SLOW
        n = counts["read"] + counts["refused"] + counts["fault"]
        print(
            f"{name:<28}{n:>8}{counts['read']:>8}{counts['refused']:>9}{counts['fault']:>8}{counts['slow']:>6}"
            f"{slowest:>8.2f}s",
            flush=True,
        )
        n_faults += counts["fault"] + counts["slow"]
    return n_faults


if __name__ == "__main__":
    sys.exit(min(1, main(*(kind(text) for kind, text in zip((float, int), sys.argv[1:], strict=False)))))
