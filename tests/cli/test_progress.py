"""Lines of progress where there is no terminal: every tenth, with the time that is left."""

from motifnet.cli import progress


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
