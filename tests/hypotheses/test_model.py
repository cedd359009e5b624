"""Is a tie of a trained network found to cost accuracy where it does, and only there?"""

from dataclasses import replace

import numpy as np
import pytest
import torch

import motifnet
from motifnet.cli import main
from motifnet.config.simulate import SimulateConfig
from motifnet.config.tie_tests import ModelTestConfig
from motifnet.config.train import ModelOptions, TrainConfig
from motifnet.datasets.compose import compose
from motifnet.datasets.controls import GivenControls
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.discovery.learn import candidates
from motifnet.errors import InvalidValue, TooFewSequences, UnknownName
from motifnet.hypotheses import untyings
from motifnet.hypotheses.heads import _cut
from motifnet.hypotheses.model_test import _worth, model
from motifnet.models.build import build
from motifnet.motifs.compare import similarity
from motifnet.runs.test_model import model as test_model
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from motifnet.ties.tested import Intervals, TieVerdict, Trends
from motifnet.training.evaluate import by_part, everything

test_model.__test__ = False  # the function of a run, and none of ours

FLAT = np.full(4, 0.25)
QUICK = (
    TrainConfig()
    .with_options("split", cross_fit_below=0)
    .with_options("model", n_filters=2, filter_width=8, strand="both")
    .with_options("training", max_epochs=2, device="cpu")
    .with_options("discovery", n_motifs=1)
)


def planted(words=("CCGGAAGTGA",), n=160, length=50):
    """Targets with a motif on either strand at any place, one set for each word, and controls."""
    sets = {}
    for i, word in enumerate(words):
        how = {"n_targets": n, "n_controls": n, "length": length, "seed": i}
        made = simulate([Planted(motif_from_word(word), 0.8)], Background.from_gc(0.5), **how)
        sets[f"set{i}"] = made.targets
    return compose(sets, GivenControls(made.controls), QUICK.split).dataset


def panel(n=400, length=30):
    """Alleles of neighbouring markers depend on each other; the label depends on those of one marker."""
    rng = np.random.default_rng(2)
    noise = rng.normal(size=(6 * n, length))
    codes = (noise + np.roll(noise, 1, axis=1) > 0).astype(np.uint8)
    is_target = rng.random(len(codes)) < np.where(codes[:, 12], 0.8, 0.2)
    some = [Sequences.from_codes(list(codes[is_target == kind][:n])) for kind in (True, False)]
    return compose({"panel": some[0]}, GivenControls(some[1]), QUICK.split).dataset


@pytest.fixture(scope="module")
def of_motif():
    return planted()


def test_the_tie_of_positions_is_rejected_where_a_position_tells():
    (found,) = model(panel(), FLAT, QUICK, ["position"], n_seeds=1)
    assert found.verdict is TieVerdict.REJECTED
    assert found.p < 0.01
    assert found.gain.low > 0
    assert found.effect.low > 0
    assert "costs accuracy" in found.sentence


def test_ties_that_hold_are_not_rejected(of_motif):
    tests = model(of_motif, FLAT, QUICK, ["strand", "position"], n_seeds=2)
    assert [one.subject for one in tests] == ["strand", "position"]
    for found in tests:
        assert found.verdict is not TieVerdict.REJECTED
        assert found.effect.low < 0.01
        assert found.gain.n == int(of_motif.counted[by_part(of_motif)[0].held].sum()) == found.n
        curve, runs = found.pictures
        assert isinstance(curve, Trends)
        assert list(curve.lines) == ["tied", "untied"]
        assert curve.x.tolist() == sorted(curve.x)
        assert isinstance(runs, Intervals)
        assert list(runs.names) == ["seed 1", "seed 2"]
        assert found.notes[0].startswith("The tie is worth")


def test_a_small_set_is_judged_by_folds(of_motif):
    few = QUICK.with_options("split", cross_fit_below=1000, n_folds=3).with_options("training", max_epochs=1)
    (found,) = model(of_motif, FLAT, few, ["strand"], n_seeds=1)
    assert "Nadeau" in found.method
    assert found.gain.n == int(of_motif.counted.sum())
    assert [name for name in found.pictures[1].names if "fold" in name]
    assert found.df == sum("fold" in name for name in found.pictures[1].names) - 1


def test_each_task_may_have_a_network_of_its_own():
    dataset = planted(("CCGGAAGTGA", "TGACTCAG"), n=100)
    (found,) = model(dataset, FLAT, QUICK, ["tasks"], n_seeds=1)
    assert found.subject == "tasks"
    assert 0 <= found.p <= 1
    learner = untyings.Learner(dataset, everything(dataset), FLAT, QUICK)
    pair = untyings.UNTYINGS["tasks"].fits(learner)(0)
    assert pair.untied(np.arange(5)).shape == pair.tied(np.arange(5)).shape == (5, 2)


def test_columns_are_untied(of_motif):
    tied = QUICK.with_options("model", tie=("palindrome",))
    learner = untyings.Learner(of_motif, everything(of_motif), FLAT, tied)
    assert all(one.candidate.is_tied for one in learner.found)
    pair = untyings.UNTYINGS["columns"].fits(learner)(0)
    assert np.abs(pair.tied(np.arange(9)) - pair.untied(np.arange(9))).max() > 0.01


def test_filters_of_one_strand_start_in_either_direction(of_motif, monkeypatch):
    learner = untyings.Learner(of_motif, everything(of_motif), FLAT, QUICK)
    started = {}
    network = untyings.Learner.network

    def noted(self, seed, model=None, start=None):
        started[model and model.settled_strand] = model, start
        return network(self, seed, model, start)

    monkeypatch.setattr(untyings.Learner, "network", noted)
    untyings.UNTYINGS["strand"].fits(learner)(0)
    options, start = started[Strand.SINGLE]
    assert options.n_filters == 2 * QUICK.model.n_filters
    (found,) = learner.found
    turned = found.candidate.probabilities[::-1, ::-1]
    for either in (found.candidate.probabilities, turned):
        alike = [similarity(one.candidate.probabilities, either, FLAT, strand=Strand.SINGLE) for one in start]
        assert max(alike) > 0.85


def test_ties_of_columns_grow_with_the_filters():
    found = untyings._multiplied(ModelOptions(tie=("palindrome:2", "repeat,unit=4"), n_filters=5), 2)
    assert (found.tie, found.n_filters) == (("palindrome:4", "repeat,unit=4"), 10)


@pytest.mark.parametrize(
    ("options", "name", "reason"),
    [
        ({"strand": "single"}, "strand", "--strand single"),
        ({}, "columns", "no --tie"),
        ({}, "tasks", "one task"),
        ({}, "depth", "weights of its own"),
        ({}, "dilation", "weights of their own"),
    ],
)
def test_a_tie_that_is_not_there_is_refused_with_those_that_are(options, name, reason):
    config = QUICK.with_options("model", **options)
    with pytest.raises(InvalidValue, match=reason) as refused:
        untyings.check_untied([name], config, ["peaks"])
    assert all(one in str(refused.value) for one in untyings.ties_of(config, ["peaks"]))


def test_an_unknown_tie_is_refused():
    with pytest.raises(UnknownName, match="did you mean 'strand'"):
        untyings.check_untied(["strnd"], QUICK, ["peaks"])


def test_one_group_tells_nothing_of_others(of_motif):
    alone = replace(of_motif, groups=np.zeros(len(of_motif), np.int64))
    with pytest.raises(TooFewSequences, match="in groups"):
        model(alone, FLAT, QUICK, ["strand"], n_seeds=1)


def test_every_window_lies_in_one_stretch():
    network = build(ModelOptions(n_filters=3, filter_width=6, strand="both"), 1)
    torch.manual_seed(0)
    codes = torch.randint(0, 4, (2, 40), dtype=torch.uint8)
    lengths = torch.tensor([40, 23])
    codes[1, 23:] = 4

    def total(codes, lengths):
        return (lengths - 5)[:, None] * network.log_ratio(codes, lengths).exp()

    pieces = sum(total(*piece) for piece in _cut(codes, lengths, 6, 4))
    torch.testing.assert_close(pieces, total(codes, lengths), rtol=1e-5, atol=1e-3)


def test_what_a_tie_is_worth():
    tied = np.array([0.3, 0.4, 0.5])
    losses = np.stack(
        [np.stack([tied, tied + 0.1], 1), np.stack([tied + 0.1, tied], 1), np.stack([tied, tied], 1)]
    )
    np.testing.assert_allclose(_worth(losses), [2, 0.5, 1])


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with the run of a network, and one of another command."""
    folder = tmp_path_factory.mktemp("finished")
    motifnet.simulate(folder / "made", SimulateConfig().with_options("simulation", n_targets=60, length=40))
    motifnet.train(folder / "made/targets.fa", folder / "run", QUICK)
    return folder


def test_a_run_is_tested_and_read_again(finished, tmp_path):
    asked = ModelTestConfig().with_options("untying", untie=("strand", "strand"), n_seeds=1)
    found = test_model(finished / "run", tmp_path / "test", asked)
    assert [one.subject for one in found.tests] == ["strand"]
    again = motifnet.read_run(tmp_path / "test")
    assert again.data.digest == motifnet.read_run(finished / "run").data.digest
    assert len(again.targets) == 60
    assert again.config.untying.untie == ("strand",)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("made", "is a run of motifnet simulate, which has no network"),
        ("made/targets.fa", "holds no finished run of motifnet"),
        ("none", "none does not exist"),
        ("run --untie tasks", "a tie that the network of the run has (position, strand): it has one task"),
        ("run --untie depth", "each of its layers has weights of its own"),
        ("run --untie strnd", "did you mean 'strand'"),
    ],
)
def test_what_cannot_be_asked_is_one_line(finished, monkeypatch, tmp_path, capsys, arguments, sentence):
    monkeypatch.chdir(finished)
    with pytest.raises(SystemExit) as stop:
        main(["test", "model", *arguments.split(), "-o", str(tmp_path / "out"), "-q"])
    assert stop.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert sentence in line
    assert not (tmp_path / "out").exists()


def test_candidates_are_those_that_training_starts_from(of_motif):
    first, again = (candidates(of_motif, everything(of_motif), FLAT, QUICK) for _ in range(2))
    np.testing.assert_array_equal(first[0].candidate.probabilities, again[0].candidate.probabilities)
