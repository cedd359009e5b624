"""A network slid along a genome says of each window what it says of that sequence by itself."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from motifnet.cli import main
from motifnet.config.train import ModelOptions
from motifnet.errors import CheckpointError, MissingExtra
from motifnet.io.genome import Genome
from motifnet.io.tracks import Segments, write_bigwig
from motifnet.models.build import build
from motifnet.models.saved import TrainedModel, write_trained
from motifnet.runs.scan_model import read_model
from motifnet.scanning import model_track
from motifnet.scanning.model_track import Window, segment_edges, track, track_sites, window_starts
from motifnet.symbols import Interval

SIZES = {"a": 1000, "tiny": 9, "b": 150}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A genome, a stretch of which is unknown, and a run folder with a network of random weights."""
    path, rng = tmp_path_factory.mktemp("slid"), np.random.default_rng(0)
    letters = {name: rng.choice(list("ACGT"), size) for name, size in SIZES.items()}
    letters["a"][300:600] = "N"
    (path / "genome.fa").write_text("".join(f">{n}\n{''.join(t)}\n" for n, t in letters.items()))
    (path / "run").mkdir()
    torch.manual_seed(0)
    options = ModelOptions(n_filters=4, filter_width=12)
    network, background = build(options, 2).eval(), np.full(4, 0.25)
    trained = TrainedModel(network, options, ("one", "two"), 100, background, "binary")
    write_trained(path / "run" / "model.pt", trained)
    return path


def slid(folder, *options, output="track.bedgraph"):
    arguments = [folder / "run", folder / "genome.fa", "--network", "-o", folder / output, "-q", *options]
    main(["scan", *map(str, arguments)])
    return [line.split("\t") for line in (folder / output).read_text().splitlines()]


@given(st.integers(1, 300), st.integers(1, 40), st.integers(1, 60))
def test_windows_cover_a_contig(size, length, stride):
    window = Window(length, stride)
    starts = window_starts(size, window)
    assert starts[0] == 0
    assert (np.diff(starts) <= stride).all()
    assert starts[-1] + length >= size
    assert starts[-1] == 0 or starts[-1] + length == size
    edges = segment_edges(starts, size, window)
    assert (edges[0], edges[-1]) == (0, size)
    assert (np.diff(edges) >= 0).all()


@pytest.mark.parametrize("at_once", [1, 1 << 20])
def test_a_window_scores_as_its_sequence_does(at_once, folder, monkeypatch):
    monkeypatch.setattr(model_track, "_AT_ONCE", at_once)
    model, window = read_model(folder / "run").network, Window(100, 30)
    with Genome(folder / "genome.fa") as genome:
        parts = list(track(model, genome, "a", window, task=1, batch_size=3))
        starts = window_starts(1000, window)
        windows = genome.fetch([Interval("a", start, start + 100) for start in starts.tolist()])
    known = (windows.codes.reshape(-1, 100) < 4).mean(1) >= 0.5
    codes, lengths = windows.padded(np.arange(len(starts)), margin=model.width // 2)
    with torch.no_grad():
        wanted = model(torch.from_numpy(codes), torch.from_numpy(lengths))[:, 1].numpy()
    np.testing.assert_allclose(np.concatenate([part.score for part in parts]), wanted[known], rtol=1e-5)
    edges = segment_edges(starts, 1000, window)
    assert np.concatenate([part.start for part in parts]).tolist() == edges[:-1][known].tolist()
    assert 0 < known.sum() < len(known)


@given(st.lists(st.lists(st.floats(-2, 2), max_size=6), max_size=4))
def test_sites_are_where_the_score_stays_high(scores):
    parts, place = [], 0
    for part in scores:
        start = place + 10 * np.arange(len(part))
        parts.append(Segments("a", start, start + 10, np.array(part)))
        place += 10 * len(part)
    values = np.array([value for part in scores for value in part])
    high = np.repeat(values >= 0.5, 10)
    covered = np.zeros(len(high), bool)
    for site in track_sites(parts, 0.5):
        within = slice(site.where.start, site.where.end)
        covered[within] = True
        assert (
            site.score
            == np.repeat(values, 10)[within].max()
            == values[(site.where.start + site.summit) // 10]
        )
    np.testing.assert_array_equal(covered, high)


def test_a_track_and_its_sites(folder, capsys):
    rows = slid(folder, "--stride", "50", "--task", "2")
    assert {row[0] for row in rows} == {"a", "b"}
    assert (rows[0][1], rows[-1][2]) == ("0", "150")
    assert f"{len(rows)} lines in" in capsys.readouterr().out
    threshold = str(np.median([float(row[3]) for row in rows]))
    narrow = slid(
        folder, "--stride", "50", "--task", "2", "--min-logit", threshold, output="sites.narrowPeak"
    )
    plain = slid(folder, "--stride", "50", "--task", "2", "--min-logit", threshold, output="sites.bed")
    assert [row[:7] for row in narrow] == plain
    assert 0 < len(plain) < len(rows)
    assert all(float(row[6]) >= float(threshold) - 1e-4 for row in plain)


def test_big_wig(folder):
    parts = [Segments("a", np.array([0, 50]), np.array([50, 90]), np.array([1.5, -2.0], np.float32))]
    if importlib.util.find_spec("pyBigWig") is None:
        with pytest.raises(MissingExtra, match="pip install"):
            write_bigwig(folder / "track.bw", SIZES, parts)
        assert not (folder / "track.bw").exists()
        return
    import pyBigWig

    write_bigwig(folder / "track.bw", SIZES, parts)
    with pyBigWig.open(str(folder / "track.bw")) as file:
        assert file.chroms() == SIZES
        assert file.intervals("a") == ((0, 50, 1.5), (50, 90, -2.0))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--network-length", "5"], "network_length is 5; expected at least 12"),
        (["--task", "3"], "task is 3; expected at most 2"),
        (["--format", "gff3"], "expected .bedgraph or .bw for a track, .bed or .narrowPeak for sites"),
    ],
)
def test_options_that_make_no_sense(options, said, folder, capsys):
    with pytest.raises(SystemExit):
        slid(folder, *options, output="none.bedgraph")
    assert said in capsys.readouterr().err
    assert not (folder / "none.bedgraph").exists()


def test_a_folder_without_a_network(tmp_path):
    (tmp_path / "model.pt").write_text("no checkpoint")
    with pytest.raises(CheckpointError):
        read_model(tmp_path)
