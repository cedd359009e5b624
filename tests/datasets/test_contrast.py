"""Targets and all of their controls, for every kind of controls."""

import numpy as np
import pytest
from fake_genome import FakeGenome

from motifnet.config.reading import ControlOptions, ReadingOptions
from motifnet.datasets.contrast import contrast
from motifnet.datasets.controls import (
    GenomeControls,
    GivenControls,
    ShuffledControls,
    choose_controls,
)
from motifnet.errors import TooFewControls, TooFewSequences
from motifnet.io import write_fasta
from motifnet.symbols import Interval, Sequences

GENOME = FakeGenome.random({"c1": 40_000, "c2": 40_000})
PEAKS = GENOME.fetch([Interval(f"c{i % 2 + 1}", 700 * i, 700 * i + 100) for i in range(40)])
OTHERS = Sequences.from_text(["ACGTTGCATT", "TTTTTTACGA"], names=["a", "b"])


@pytest.mark.parametrize(
    ("maker", "n_controls"),
    [
        (ShuffledControls(per_target=3), 120),
        (GivenControls(OTHERS, match=False), 2),
        (GenomeControls(GENOME, 1), 40),
    ],
)
def test_targets_come_first_and_controls_are_others(maker, n_controls):
    made = contrast(PEAKS, maker, seed=1)
    assert (made.n_targets, made.n_controls) == (40, n_controls)
    np.testing.assert_array_equal(made.sequences.select(made.is_target).codes, PEAKS.codes)
    texts = [made.sequences.text(i) for i in range(len(made.sequences))]
    assert not {*texts[:40]} & {*texts[40:]}
    assert f"{n_controls:,}" in made.source


def test_the_same_seed_gives_the_same_controls():
    one, same, other = (
        contrast(PEAKS, GenomeControls(GENOME, 1), seed=seed).sequences.codes for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_what_is_missing_is_said():
    with pytest.raises(TooFewSequences, match=r"targets: 0 sequences.*1 only unknown bases"):
        contrast(Sequences.from_text(["NNNN"]), GivenControls(OTHERS))
    with pytest.raises(TooFewControls, match="controls in the control file"):
        contrast(OTHERS, GivenControls(OTHERS))


def test_the_best_kind_of_controls_is_chosen(tmp_path):
    given = tmp_path / "controls.fa"
    write_fasta(given, OTHERS)
    reading = ReadingOptions()
    for options, genome, kind in [
        (ControlOptions(), None, ShuffledControls),
        (ControlOptions(), GENOME, GenomeControls),
        (ControlOptions(control=given), GENOME, GivenControls),
    ]:
        assert isinstance(choose_controls([], [PEAKS], reading, options, genome), kind)
    assert isinstance(choose_controls([], [OTHERS], reading, ControlOptions(), GENOME), ShuffledControls)
