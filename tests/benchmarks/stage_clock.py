"""``motifnet`` with a clock for every stage, which :mod:`tests.benchmarks.stages` runs as a process.

``python -m tests.benchmarks.stage_clock FILE train ...`` does what ``motifnet train ...`` does and writes
the CPU seconds of each stage to FILE. The entry functions of stages are wrapped where their callers look
them up; a stage within a stage counts for itself alone. The clock is that of the process, with all its
threads, and starts with it.
"""

from __future__ import annotations

import functools
import importlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from motifnet.cli import main

START, REST = "start-up and imports", "rest"
MAIN = "motifnet.runs.train:train"
"""The function that begins when all is imported."""
STAGES = {
    "reading": (
        "motifnet.runs.job:inputs_of",
        "motifnet.runs.read:read_targets",
        "motifnet.runs.train:load_database",
    ),
    "controls and split": ("motifnet.runs.read:compose",),
    "search": ("motifnet.discovery.learn:search",),
    "training": ("motifnet.discovery.learn:fit",),
    "reading filters": ("motifnet.discovery.learn:_read",),
    "judging": ("motifnet.discovery.evaluate:judge", "motifnet.discovery.evaluate:predict"),
    "naming": ("motifnet.runs.train:annotate",),
    "logos": ("motifnet.runs.write:save_logo",),
    "report": ("motifnet.runs.write:render_run",),
}
"""The entry functions of every stage, as ``module:name`` of where they are looked up."""


class Clock:
    """Shares out a running total among stages that may lie within each other.

    Parameters
    ----------
    now : callable
        The total so far, in seconds.

    Examples
    --------
    >>> ticks = iter([1.0, 4.0, 6.0])
    >>> clock = Clock(lambda: next(ticks))
    >>> inner = clock.timed("inner", lambda: None)
    >>> inner()
    >>> clock.finish(), dict(clock.seconds)
    (None, {'rest': 3.0, 'inner': 3.0})
    """

    def __init__(self, now: Callable[[], float] = time.process_time) -> None:
        self._now, self._stack, self._last = now, [REST], 0.0
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, stage: str, function: Callable) -> Callable:
        """The function, its time charged to a stage."""

        @functools.wraps(function)
        def wrapped(*arguments, **named):
            self._charge()
            self._stack.append(stage)
            try:
                return function(*arguments, **named)
            finally:
                self._charge()
                self._stack.pop()

        return wrapped

    def restart(self, stage: str) -> None:
        """Charge all so far to a stage."""
        self._charge()
        self.seconds = defaultdict(float, {stage: sum(self.seconds.values())})

    def finish(self) -> None:
        """Charge what is left."""
        self._charge()

    def _charge(self) -> None:
        now = self._now()
        self.seconds[self._stack[-1]] += now - self._last
        self._last = now


def wrap(place: str, wrapper: Callable[[Callable], Callable]) -> None:
    """Put a wrapped function in the place of a function, given as ``module:name``."""
    module_name, name = place.split(":")
    module = importlib.import_module(module_name)
    setattr(module, name, wrapper(getattr(module, name)))


def _begun(clock: Clock, function: Callable) -> Callable:
    """The main job, before which is the start."""

    @functools.wraps(function)
    def begun(*arguments, **named):
        clock.restart(START)
        return function(*arguments, **named)

    return begun


def run(path: Path, arguments: list[str]) -> None:
    """Run the command line and write the seconds of each stage."""
    clock = Clock()
    for stage, places in STAGES.items():
        for place in places:
            wrap(place, functools.partial(clock.timed, stage))
    wrap(MAIN, functools.partial(_begun, clock))
    main(arguments)
    clock.finish()
    path.write_text(json.dumps(clock.seconds))


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2:])
