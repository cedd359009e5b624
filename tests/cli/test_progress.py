"""Lines of progress where there is no terminal, and what is told of kernels that are compiled."""

import io

import numba
import rich.console

import motifnet.kernels.compiling  # noqa: F401 -- hears of what is compiled
from motifnet.cli import progress
from motifnet.progress import Silent, compilation


def test_a_long_stage_tells_the_time_that_is_left(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(progress.time, "perf_counter", lambda: now[0])
    with progress.Plain().stage("test", 100) as stage:
        for _ in range(100):
            now[0] += 3
            stage.advance()
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["test 10/100, about 270 s left", "test 20/100, about 240 s left"]
    assert lines[-2:] == ["test 100/100", "test done in 300.0 s"]


def test_a_short_one_does_not(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(progress.time, "perf_counter", lambda: now[0])
    with progress.Plain().stage("fold", 2) as stage:
        for number in range(2):
            now[0] += 3
            stage.advance(f"motif {number}")
    assert capsys.readouterr().err.splitlines() == [
        "fold 1/2 motif 0",
        "fold 2/2 motif 1",
        "fold done in 6.0 s",
    ]


def test_one_that_is_over_at_once_says_nothing(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(progress.time, "perf_counter", lambda: now[0])
    with progress.Plain().stage("read files", 2) as stage:
        for _ in range(2):
            now[0] += 0.4
            stage.advance()
    assert capsys.readouterr().err == ""


class Terminal(progress.Bars):
    """Bars on a terminal that keeps what it was told."""

    def __init__(self):
        super().__init__()
        self.out = io.StringIO()
        self._console = rich.console.Console(file=self.out, force_terminal=True, width=120)


def compiled_anew():
    """Compile a function, which is forgotten after."""

    @numba.njit
    def twice(x):
        return 2 * x

    assert twice(4) == 8
    assert twice(5) == 10


def test_kernels_that_are_compiled_are_told_once(capsys):
    with compilation.told_to(progress.Plain()):
        compiled_anew()
        compiled_anew()
    compiled_anew()
    assert capsys.readouterr().err.splitlines() == [progress._COMPILING]


def test_a_terminal_has_a_spinner_or_a_line_above_the_bars():
    terminal = Terminal()
    with compilation.told_to(terminal):
        compiled_anew()
    assert progress._COMPILING in terminal.out.getvalue()
    terminal = Terminal()
    with compilation.told_to(terminal), terminal.stage("round", 2) as stage:
        compiled_anew()
        stage.advance()
        compiled_anew()
    assert terminal.out.getvalue().count(progress._COMPILING) == 1


def test_who_is_told_of_nothing_sees_nothing(capsys):
    with compilation.told_to(Silent()):
        compiled_anew()
    assert capsys.readouterr() == ("", "")
