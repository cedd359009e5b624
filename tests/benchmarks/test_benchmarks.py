"""The logic of the benchmarks: what is kept, what counts, and how time and errors are taken."""

from __future__ import annotations

import doctest
import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from motifnet.hmm.pair import PairHmm
from motifnet.motifs import Motif
from motifnet.scanning import Hits
from motifnet.symbols import Sequences
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.posterior import MatchPosterior
from tests.benchmarks import (
    aligners,
    kernel_arms,
    pages,
    pair_hmm_arms,
    pair_simulation,
    scan_arms,
    seeds,
    single,
    stage_clock,
)
from tests.benchmarks.benchmark import Benchmark, Case, Context, command_line, read_rows, write_rows
from tests.benchmarks.cofactors import sought
from tests.benchmarks.discovery import totals
from tests.benchmarks.jobs import Found, Known, rank_of_family, run
from tests.benchmarks.kernels import shapes
from tests.benchmarks.markdown import table
from tests.benchmarks.nulls import tables as tables_of_nulls
from tests.benchmarks.nulls import tilted
from tests.benchmarks.planted import chain, planted_motifs, recovered

N_BENCHMARKS = 28


def benchmark_of(measured: list[str], error: str = "") -> Benchmark:
    """A benchmark of three cases that notes what it measures."""

    def case(name: str) -> Case:
        def measure(context: Context) -> dict:
            assert list(context.scratch.iterdir()) == []
            measured.append(name)
            return {
                "value": len(measured),
                "extra": list(context.extra),
                **({"error": error} if error else {}),
            }

        return Case(name, measure)

    def cases():
        return [case(name) for name in ("a/1", "a/2", "b/1")]

    return Benchmark(
        "example", "An example", "What it is.", cases, lambda rows: table(rows, ("case", "value"))
    )


def found(name: str, *known: Known) -> Found:
    return Found(name, name, True, -10.0, 0.7, list(known))


def test_a_benchmark_goes_on_where_it_was_stopped(tmp_path, capsys):
    measured: list[str] = []
    path = tmp_path / "rows.json"
    command_line(benchmark_of(measured), ["--only", "^b", "--json", str(path)])
    command_line(benchmark_of(measured), ["--json", str(path), "--extra", "--seed 1", "--processes", "2"])
    assert sorted(measured) == ["a/1", "a/2", "b/1"]
    rows = read_rows(path)
    assert [row["case"] for row in rows] == ["a/1", "a/2", "b/1"]
    assert rows[0]["extra"] == ["--seed", "1"]
    assert "| b/1 | 1 |" in capsys.readouterr().out


def test_what_failed_is_measured_again_and_what_did_not_only_if_asked(tmp_path):
    measured: list[str] = []
    path = str(tmp_path / "rows.json")
    command_line(benchmark_of(measured, error="no"), ["--only", "a/1", "--json", path])
    command_line(benchmark_of(measured), ["--only", "a/1", "--json", path])
    command_line(benchmark_of(measured), ["--only", "a/1", "--json", path])
    assert len(measured) == 2
    command_line(benchmark_of(measured), ["--only", "a/1", "--json", path, "--again"])
    assert len(measured) == 3


def test_rows_of_cases_that_are_gone_are_dropped(tmp_path):
    path = tmp_path / "rows.json"
    write_rows(path, [{"case": "gone", "value": 0}])
    command_line(benchmark_of([]), ["--only", "b", "--json", str(path)])
    assert [row["case"] for row in read_rows(path)] == ["b/1"]


def test_a_job_tells_its_use_and_its_error(tmp_path):
    good = run([sys.executable, "-c", "print('here')"], tmp_path)
    assert (good.output, good.error) == ("here\n", "")
    assert good.usage["cpu_seconds"] > 0
    bad = run([sys.executable, "-c", "raise SystemExit('no such file')"], tmp_path)
    assert bad.error == "exit code 1: no such file"


def test_pages_have_a_section_for_every_benchmark(tmp_path, monkeypatch):
    benchmarks = [one for _, of_page, _ in pages.PAGES.values() for one in of_page]
    assert len(benchmarks) == N_BENCHMARKS
    for one in benchmarks:
        module = importlib.import_module(f"tests.benchmarks.{one.name}")
        assert any(value is one for value in vars(module).values())
    pages.main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(pages.PAGES)
    discovery = (tmp_path / "benchmarks.md").read_text()
    assert "python -m tests.benchmarks.discovery" in discovery


@pytest.mark.parametrize("one", [one for _, of_page, _ in pages.PAGES.values() for one in of_page])
def test_nothing_measured_is_no_miss_and_a_failure_no_crash(one):
    assert "missed" not in one.tables([])
    assert "nothing measured yet" in one.tables([]) or one.name in ("discovery", "stages", "kernels")
    one.tables([{"case": "tf/any/0", "error": "exit code 1: no"}])


def test_kept_rows_have_a_case_each():
    kept = sorted(Path(__file__).parent.glob("*.json"))
    assert kept
    for path in kept:
        names = [row["case"] for row in json.loads(path.read_text())]
        assert len(set(names)) == len(names) > 0


@pytest.mark.parametrize("name", ["markdown", "stage_clock", "decode"])
def test_examples(name):
    result = doctest.testmod(importlib.import_module(f"tests.benchmarks.{name}"))
    assert result.attempted >= 1
    assert result.failed == 0


def test_planted_motifs_are_recovered_once_each():
    ap1, degenerate = (planted.motif for planted in planted_motifs())
    assert recovered([ap1, degenerate.reverse_complement()])["passed"]
    assert not recovered([ap1])["passed"]
    assert not recovered([ap1, degenerate, ap1])["passed"]
    assert not recovered([])["passed"]
    assert recovered([degenerate, ap1])["rank_1"] == 2


def test_planted_motifs_and_their_background_are_as_described():
    ap1, degenerate = planted_motifs()
    assert (ap1.motif.width, degenerate.motif.width) == (9, 12)
    assert all((one.motif.counts.sum(0) == 100).all() for one in (ap1, degenerate))
    model = chain()
    np.testing.assert_allclose(model.transitions.sum(1), 1)
    assert 0.40 < model.probabilities[1:3].sum() < 0.42


def test_rank_of_family_is_that_of_the_first_motif_with_a_match():
    motifs = [found("AAA", Known("MA1 FOXA1", "AAA", 0.01)), found("CCC", Known("MA2 SPI1", "CCC", 0.01))]
    assert rank_of_family("SPI", motifs) == 2
    assert rank_of_family("GATA", motifs) is None
    assert rank_of_family("", motifs) is None


def test_a_cofactor_must_be_the_best_match():
    composite = Known("MA0140.2 GATA1::TAL1", "NTTATCWNNNNNNNNCAG", 0.02)
    plain = Known("MA0036.3 GATA2", "NTTATCTN", 0.001)
    assert sought("TAL1", [found("AGATAA", plain, composite)]) is None
    assert sought("TAL1", [found("AGATAA", plain), found("CTGNNNNNNNNNGATA", composite, plain)]) == 2
    assert sought("TAL1", [found("NNN")]) is None


def test_least_similarity_pairs_motifs_as_suits_them_best():
    first, second = np.eye(4)[:, [0, 1, 2, 3]], np.eye(4)[:, [0, 0, 1, 1]]
    assert seeds.least_similarity([first, second], [second, first]) == pytest.approx(1)
    assert seeds.least_similarity([first, second], [first, first]) < 0.9
    assert seeds.least_similarity([first], [first, second]) == 0
    assert seeds.least_similarity([], []) == 1


def test_totals_count_what_is_expected():
    rows = [
        {"counts": True, "expected": "X", "rank": 1, "family_q": 0.0},
        {"counts": True, "expected": "X", "rank": 2, "family_q": None},
        {"counts": False, "expected": "X", "rank": None},
        {"counts": True, "expected": "", "n_significant": 0},
    ]
    said = totals(rows)
    assert "on top: 1 of 2" in said
    assert "below 0.01: 1 of 2" in said
    assert "is expected: 1 of 1" in said


def test_nulls_are_judged_kind_by_kind():
    rows = [
        {"case": "shuffles/0/100/a", "smallest_e": None, "p_values": [], "cpu_seconds": 1.0},
        {"case": "shuffles/1/200/a", "smallest_e": 0.03, "p_values": [0.01, 0.5], "cpu_seconds": 1.0},
        {"case": "given/0/200/human", "smallest_e": 0.3, "p_values": [0.1], "cpu_seconds": 1.0},
    ]
    shuffles, given = tables_of_nulls(rows).split("### Nothing to find: given")
    assert "below 0.05: 1 of 2" in shuffles
    assert "2 p-values of 2 runs; 1 have none" in shuffles
    assert "below 0.05: 0 of 1" in given


def test_a_tilted_chain_has_the_gc_content_that_was_asked_for():
    rng = np.random.default_rng(0)
    for gc in (0.3, 0.6):
        made = tilted(chain(), gc, rng).sample(300, 400, rng)
        assert ((made == 1) | (made == 2)).mean() == pytest.approx(gc, abs=0.01)


def test_best_scores_are_those_of_every_window_on_both_strands():
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(4, 5))
    sequences = Sequences.from_codes([rng.integers(0, 5, n).astype(np.uint8) for n in (5, 17, 4, 30)])
    padded = np.vstack([weights, np.zeros(5)])
    opposite = np.vstack([weights[::-1, ::-1], np.zeros(5)])
    expected = [
        max(
            (
                sum(strand[code, j] for j, code in enumerate(codes[start : start + 5]))
                for start in range(len(codes) - 4)
                for strand in (padded, opposite)
            ),
            default=-np.inf,
        )
        for codes in (sequences[i] for i in range(len(sequences)))
    ]
    np.testing.assert_allclose(single.best_scores(sequences, weights), expected)


def test_coverage_is_of_the_informative_columns():
    strong, weak = np.eye(4) * 100, np.full((4, 4), 25.0)
    reference = Motif("reference", np.hstack([strong, weak, strong[:, ::-1]]))
    assert single.laid_over(reference, reference) == {"similarity": 1.0, "covered": 1.0}
    half = Motif("half", strong)
    assert single.laid_over(half, reference)["covered"] == 0.5


def test_halves_are_the_peaks_of_even_and_of_odd_number():
    even, odd = single.halves(Sequences.from_text(["A", "C", "G"]))
    assert (even.names, odd.names) == (["seq1", "seq3"], ["seq2"])


def test_the_clock_charges_a_stage_within_a_stage_once():
    ticks = iter([1.0, 3.0, 6.0, 10.0, 15.0, 21.0])
    clock = stage_clock.Clock(lambda: next(ticks))
    inner = clock.timed("inner", lambda: None)
    outer = clock.timed("outer", lambda: inner())
    clock.restart("start")
    outer()
    clock.finish()
    assert dict(clock.seconds) == {"start": 1.0, "rest": 8.0, "outer": 8.0, "inner": 4.0}


def test_the_entry_functions_of_stages_are_there():
    places = [place for of_stage in stage_clock.STAGES.values() for place in of_stage]
    assert len(places) >= 9
    for place in [stage_clock.MAIN, *places]:
        module, name = place.split(":")
        assert callable(getattr(importlib.import_module(module), name, None)), place


def test_shapes_differ_from_the_base_in_one_size():
    base, *others = shapes()
    assert len(others) == 12
    assert all(sum(shape[size] != base[size] for size in base) == 1 for shape in others)


@pytest.mark.parametrize("pool", ["max", "logsumexp"])
def test_all_arms_of_the_kernel_agree(pool):
    codes = torch.randint(0, 4, (6, 40), dtype=torch.uint8)
    filters = torch.randn(5, 4, 7)
    values = {name: arm(filters) for name, arm in kernel_arms.arms(codes, pool).items()}
    assert sorted(values) == ["fused", "naive", "reference"]
    for value in values.values():
        torch.testing.assert_close(value, values["naive"])
    assert max(kernel_arms.errors(codes, filters, pool)) < 1e-5


def test_additions_count_every_strand_window_filter_and_look_up():
    shape = kernel_arms.Shape(batch=2, length=10, filters=3, width=4, pool="max")
    assert shape.additions == 2 * (2 * 7) * 3 * 2


def _truth(process: pair_simulation.Process) -> pair_simulation.Truth:
    return pair_simulation.simulated(process, 20, 290, seed=1)


def _each(pairs):
    return (pairs[i] for i in range(len(pairs)))


OWN = pair_simulation.Process(0.2, 0.02, 0.6)
OTHER = pair_simulation.Process(0.2, 0.02, shape=0.5, power=1.7)


@pytest.mark.parametrize("process", [OWN, OTHER])
def test_simulated_pairs_differ_as_they_should(process):
    truth = _truth(process)
    differ = [
        (x[m[:, 0]] != y[m[:, 1]]).mean() for (x, y), m in zip(_each(truth.pairs), truth.matches, strict=True)
    ]
    assert np.mean(differ) == pytest.approx(0.2, abs=0.02)
    assert all(len(matches) == 290 for matches in truth.matches)
    assert all((np.diff(matches, axis=0) > 0).all() for matches in truth.matches)
    gaps = [(np.diff(matches, axis=0) > 1).sum() for matches in truth.matches]
    assert np.mean(gaps) / 290 == pytest.approx(2 * 0.02, rel=0.3)


def test_rates_that_vary_leave_the_mean_divergence_as_it_is():
    rates = np.random.default_rng(0).gamma(0.5, 2, 200_000)
    time = pair_simulation.gamma_time(0.3, 0.5)
    assert (0.75 * -np.expm1(-4 / 3 * rates * time)).mean() == pytest.approx(0.3, abs=0.003)


def test_a_piece_is_aligned_as_the_whole_is():
    whole = Alignment.from_rows("ACGTACGT--ACGTA", "AC--ACGTTTAC--A", "x", "y")
    piece = pair_simulation.piece_of(whole, 4)
    assert piece.rows() == ("T--ACGTA", "TTTAC--A")


def test_accuracy_is_of_pairs_of_bases():
    true = [np.array([[0, 0], [1, 1], [2, 3]]), np.array([[5, 5]])]
    found = [np.array([[0, 0], [1, 2]]), np.empty((0, 2), int)]
    assert aligners.accuracy(found, true) == {"recall": 0.25, "precision": 0.5, "f1": 0.3333}
    assert aligners.accuracy(true, true)["f1"] == 1


def test_reliability_is_the_share_that_is_right():
    posterior = MatchPosterior.from_triples([0, 1, 2], [0, 1, 2], [0.97, 0.96, 0.45], x_length=3, y_length=3)
    rows = aligners.reliability([posterior], [np.array([[0, 0], [2, 2]])])
    assert [(row["from"], row["n"], row["right"]) for row in rows] == [(0.4, 1, 1.0), (0.95, 2, 0.5)]


def test_biopython_aligns_as_its_scores_say():
    (biopython,) = (arm for arm in aligners.PEERS if arm.name == "Biopython")
    pairs = _truth(pair_simulation.Process(0.0, 0.001)).pairs
    (found, *_), _ = biopython.measure(pairs, Path())
    x, y = pairs[0]
    assert len(found) > 250
    assert (x[found[:, 0]] == y[found[:, 1]]).all()


def test_a_peer_that_is_not_there_is_told():
    arm = aligners.Arm("none", lambda pairs, scratch: ([], {}), program="no-such-program")
    assert aligners.measured(arm, _truth(OWN), Path()) == {
        "error": "program no-such-program is not installed"
    }


def test_a_plain_sum_in_logarithms_is_what_the_kernel_says():
    model = PairHmm.start(divergence=0.2, gap_open=0.03, gap_extend=0.6)
    pairs = pair_simulation.simulated(OWN, 3, 20, seed=2).pairs
    plain = [pair_hmm_arms.log_space_odds(model, *pairs[i]) for i in range(3)]
    np.testing.assert_allclose(model.log_odds(pairs), plain, rtol=1e-10)


def test_hits_are_right_if_their_middle_is_in_a_site_and_no_site_counts_twice():
    start = np.array([10, 11, 40, 90], np.int64)
    zeros, p_value = np.zeros(4, np.int64), np.array([1e-6, 1e-7, 1e-4, 1e-5])
    hits = Hits(zeros, start, start + 6, zeros, zeros > 0, zeros, -np.log2(p_value), p_value)
    measured = scan_arms.recall_and_precision(hits, np.array([[8, 20], [60, 70], [38, 50]]))
    # The best of those that overlap is right, the next one wrong, and the last one right.
    assert measured["recall"] == pytest.approx(2 / 3)
    assert measured["precision"] == pytest.approx(2 / 3)
    assert measured["average_precision"] == pytest.approx((1 + 2 / 3) / 3)
