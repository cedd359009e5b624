"""Spoilt files that are chosen by what they reach in the readers, with atheris.

    python tests/fuzz/guided.py [SECONDS PER READER]

It needs the extra ``fuzz``; without it this says so and does nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "io"))
_SEEDS = 20  # files to begin with


def main(seconds: int = 30) -> int:
    """Fuzz every reader in a process of its own, since the library ends the one that it runs in."""
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("atheris is not installed (pip install 'motifnet[fuzz]'): no guided fuzzing")
        return 0
    from fuzzed import READERS

    faulty = [name for name in READERS if _fuzz_apart(name, seconds)]
    print(f"{len(READERS)} readers, {len(faulty)} with faults: {', '.join(faulty) or 'none'}")
    return min(1, len(faulty))


def _fuzz_apart(name: str, seconds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "MOTIFNET_FUZZ": name, "TMPDIR": folder}
        return subprocess.run(
            [sys.executable, __file__, str(seconds)], env=environment, check=False, timeout=10 * seconds + 300
        ).returncode


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one reader; the process ends with it."""
    from random import Random

    import atheris

    with atheris.instrument_imports(include=["motifnet.io"]):
        from fuzzed import READERS, outcome
    from mutations import mutated

    reader, folder = READERS[name], tempfile.mkdtemp()
    corpus = Path(folder, "corpus")
    corpus.mkdir()
    for i in range(_SEEDS):
        (corpus / str(i)).write_bytes(mutated(reader.seed, Random(i)) if i else reader.seed)
    limits = [
        f"-max_total_time={seconds}",
        "-max_len=4096",
        "-timeout=10",
        "-rss_limit_mb=4096",
        "-verbosity=0",
    ]
    atheris.Setup(
        [sys.argv[0], str(corpus), *limits, "-print_final_stats=1"],
        lambda data: outcome(reader, data, Path(folder)),
    )
    print(name, flush=True)
    atheris.Fuzz()


if __name__ == "__main__":
    given = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    if "MOTIFNET_FUZZ" in os.environ:
        fuzz(os.environ["MOTIFNET_FUZZ"], given)
    else:
        sys.exit(main(given))
