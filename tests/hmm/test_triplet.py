"""Three sequences in one model: against sums over all paths written out, and planted gains and losses."""

import numpy as np
import pytest

from motifnet.config.align import AlignConfig
from motifnet.errors import InvalidValue
from motifnet.hmm.gap_origins import GapOrigin, counts_of, gaps_of
from motifnet.hmm.outgroup import gap_origins
from motifnet.hmm.pair_alignments import learn_and_align
from motifnet.hmm.pair_orient import orient
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.substitution import Rates
from motifnet.hmm.triplet import TripletHmm, TripletState, states_of
from motifnet.hmm.triplet_fit import Alone
from motifnet.kernels.triplet_hmm.cells import cells_of
from motifnet.kernels.triplet_hmm.passes import Expected, pass_over
from motifnet.symbols import Sequences
from motifnet.symbols.alignment import Alignment
from tests.hmm.triplets import conditional, drawn, sequences, steps


def model_of(n_classes, seed=0):
    generator = np.random.default_rng(seed)
    opening = generator.uniform(0.02, 0.1, (2, 3, n_classes))
    extend = generator.uniform(0.3, 0.9, (2, n_classes))
    return TripletHmm(Rates(), np.array([0.05, 0.2, 0.4]), *opening, *extend)


def all_cells(*lengths):
    """Cells of two sequences, all of them, by rows."""
    n, m = lengths
    return np.arange(n + 2) * (m + 1), np.tile(np.arange(m + 1, dtype=np.int32), n + 1)


def expected(model, x, y, z):
    n = [len(one) for one in (x, y, z)]
    cells, before = cells_of(*(all_cells(n[a], n[b]) for a, b in ((0, 1), (0, 2), (1, 2))), 10**6)
    assert len(cells) == np.prod(np.array(n) + 1)
    odds = model.odds
    found = Expected(
        0.0, np.zeros(len(odds.source)), np.zeros(len(odds.ends)), np.zeros((6, 6, 6)), np.zeros((n[0], 3)),
        np.zeros((n[1], 3)),
    )  # fmt: skip
    return found._replace(log_odds=pass_over(odds, x, y, z, cells, before, found))


def written_out(model, x, y, z):
    """The sum over all paths, and what of it has each base of x and y alone."""
    tables, whole = conditional(model), TripletState(None, (0, 0, 0))
    total, alone = 0.0, (np.zeros((len(x), 3)), np.zeros((len(y), 3)))

    def go_on(state, at, weight, told):
        nonlocal total
        for chance, into in steps(model, state):
            has = [bool(into.move & bit) for bit in (4, 2, 1)]
            if at == (len(x), len(y), len(z)) and into == whole:
                total += weight * chance
                for side, base, kind in told:
                    alone[side][base, kind] += weight * chance
            if any(h and a == len(one) for h, a, one in zip(has, at, (x, y, z), strict=True)):
                continue
            bases = [one[a] if h else None for one, a, h in zip((x, y, z), at, has, strict=True)]
            if into.gains is None:
                seen = [tables[side][:, b] / 0.25 for side, b in enumerate(bases) if b is not None and b < 4]
                odds = 0.25 * np.prod([np.ones(4), *seen], 0).sum()
            else:
                odds = 1.0
            kind = 0 if into.gains is not None else 2 if has[2] else 1
            now = [(side, at[side], kind) for side in (0, 1) if has[side] and not has[1 - side]]
            further = tuple(a + h for a, h in zip(at, has, strict=True))
            go_on(into, further, weight * chance * odds, told + now)

    go_on(whole, (0, 0, 0), 1.0, [])
    return total, [one / total for one in alone]


@pytest.mark.parametrize("n_classes", [1, 2])
def test_passes_sum_over_all_paths(n_classes):
    model = model_of(n_classes)
    # Few bases, since paths are many: 50,000 with two classes.
    given = ([0, 2], [0, 4], [2]) if n_classes == 1 else ([0, 2], [2], [4])
    x, y, z = (np.array(one, np.uint8) for one in given)
    total, alone = written_out(model, x, y, z)
    found = expected(model, x, y, z)
    assert found.log_odds == pytest.approx(np.log(total), abs=1e-12)
    np.testing.assert_allclose(found.x_alone, alone[0], atol=1e-12)
    np.testing.assert_allclose(found.y_alone, alone[1], atol=1e-12)


@pytest.mark.parametrize("n_classes", [1, 2])
def test_what_follows_a_state_is_certain_but_for_columns_that_all_lose(n_classes):
    model = model_of(n_classes)
    odds = model.odds
    leaving = np.bincount(odds.source, odds.chance, len(odds.ends))
    for total, state in zip(leaving, states_of(n_classes), strict=True):
        assert total == pytest.approx(sum(chance for chance, _ in steps(model, state)), abs=1e-12)
        lost = sum(map(bool, state.losses))
        assert 1 - 0.9**lost * 0.2 ** (3 - lost) <= total <= 1


def test_every_base_stands_in_one_column():
    model, generator = model_of(2), np.random.default_rng(3)
    x, y, z = (generator.integers(0, 5, n).astype(np.uint8) for n in (40, 35, 30))
    found = expected(model, x, y, z)
    gained = found.x_alone[:, 0].sum(), found.y_alone[:, 0].sum()
    assert found.columns[:5].sum() + gained[0] == pytest.approx(40, abs=1e-9)
    assert found.columns[:, :5].sum() + gained[1] == pytest.approx(35, abs=1e-9)
    assert (found.x_alone.sum(1) <= 1 + 1e-12).all()


def test_long_gaps_do_not_underflow():
    model = model_of(1)
    x, y = np.zeros(3000, np.uint8), np.zeros(1, np.uint8)
    band = [(np.arange(3002) * 2, np.tile(np.arange(2, dtype=np.int32), 3001))] * 2 + [all_cells(1, 1)]
    cells, before = cells_of(*band, 10**6)
    odds = model.odds
    found = Expected(0.0, np.zeros(len(odds.source)), np.zeros(len(odds.ends)), np.zeros((6, 6, 6)),
                     np.zeros((3000, 3)), np.zeros((1, 3)))  # fmt: skip
    assert -10000 < pass_over(odds, x, y, y, cells, before, found) < -300
    assert found.x_alone.sum() == pytest.approx(2999, abs=1)


def learnt(pairs, third, config=None):
    config = config or AlignConfig()
    oriented = orient(pairs, config)
    run = learn_and_align(oriented, [PairTies.of(["lineages"], n_classes=1)], config)
    return gap_origins(oriented.pairs, run, third, config), run


@pytest.fixture(scope="module")
def planted():
    """Thirty drawn triplets with few gaps, and what was told of them."""
    gain, loss = np.full((3, 1), 0.004), np.full((3, 1), 0.008)
    model = TripletHmm(Rates(), np.array([0.03, 0.06, 0.1]), gain, loss, np.array([0.7]), np.array([0.7]))
    generator = np.random.default_rng(5)
    several = [drawn(model, 250, generator) for _ in range(30)]
    pairs, third = sequences([rows for rows, _ in several])
    return several, pairs, third, *learnt(pairs, third)


def truth_of(several, gap):
    """Whether most bases at a gap are of the ancestor, in truth; ``None`` where fewer than half are alone."""
    rows, is_ancestral = several[gap.pair]
    start, stop = (gap.x, gap.y)[gap.side]
    columns = np.flatnonzero(rows[:, gap.side] >= 0)[max(start - 2, 0) : stop + 2]
    is_alone = rows[columns, 1 - gap.side] < 0
    return None if is_alone.sum() < gap.length / 2 else is_ancestral[columns[is_alone]].mean() >= 0.5


def test_planted_gains_and_losses_are_told(planted):
    several, _, _, origins, _ = planted
    known = [(gap, truth_of(several, gap)) for gap in origins.gaps]
    undecided = ("no gap", "undecided")
    called = [(gap, truth) for gap, truth in known if truth is not None and gap.event not in undecided]
    assert len(called) > 100
    right = [("deletion" in gap.event) == truth for gap, truth in called]
    assert np.mean(right) > 0.97
    for one in origins.counts:
        event, _, side = one.event.split()
        true = sum(
            truth == (event == "deletion")
            and "xy"[gap.side if event == "insertion" else 1 - gap.side] == side
            for gap, truth in known
            if truth is not None
        )
        assert one.low - 3 <= true <= one.high + 3
    assert origins.model.times[2] > origins.model.times[1] > origins.model.times[0]


def test_exchanging_x_and_y_mirrors_what_is_told(planted):
    _, pairs, third, *_ = planted
    some = list(range(6))
    one, _ = learnt(pairs.select(some), third.select(some))
    other, _ = learnt(pairs.select(some).swapped(), third.select(some))
    told = {(gap.pair, gap.x, gap.y): gap for gap in one.gaps}
    mirrored = {(gap.pair, gap.y, gap.x): gap for gap in other.gaps}
    assert len(told) > 20
    assert told.keys() == mirrored.keys()
    for key, gap in told.items():
        assert gap.side == 1 - mirrored[key].side
        # x gains before y, and a gain knows of one loss: a little depends on which is which.
        assert gap.insertion == pytest.approx(mirrored[key].insertion, abs=0.005)
        assert gap.real == pytest.approx(mirrored[key].real, abs=0.005)


def unlike(kind: str, n: int) -> np.ndarray:
    """Bases that are like nothing."""
    drawn = np.random.default_rng(n).integers(0, 4, n, dtype=np.uint8)
    return {"noise": drawn, "unknown": np.full(n, 4, np.uint8), "one base": drawn[:1]}[kind]


@pytest.mark.parametrize("kind", ["noise", "unknown", "one base"])
def test_third_sequences_that_are_like_nothing_tell_nothing(planted, kind):
    _, pairs, third, _, _ = planted
    codes = [unlike(kind, int(third.lengths[i])) for i in range(6)]
    with pytest.raises(InvalidValue, match=r"outgroup is .*6 sequences unlike all pairs"):
        learnt(pairs.select(range(6)), Sequences.from_codes(codes))
    some = [third[i] if i % 2 else one for i, one in enumerate(codes)]
    origins, _ = learnt(pairs.select(range(6)), Sequences.from_codes(some))
    assert {gap.event == "" for gap in origins.gaps if gap.pair % 2 == 0} == {True}
    assert {gap.event == "" for gap in origins.gaps if gap.pair % 2} == {False}


def test_pairs_without_a_third_sequence_are_told(planted):
    _, pairs, third, _, _ = planted
    codes = [third[i] if i % 2 else np.zeros(0, np.uint8) for i in range(6)]
    origins, _ = learnt(pairs.select(range(6)), Sequences.from_codes(codes))
    assert {gap.event == "" for gap in origins.gaps if gap.pair % 2 == 0} == {True}
    assert {gap.event == "" for gap in origins.gaps if gap.pair % 2} == {False}
    assert "3 pairs without an outgroup that is alike" in origins.warnings[0]


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_gap_that_may_be_slid_is_as_real_as_one_that_may_not(n):
    alone = np.zeros((10, 3))
    alone[2 : 2 + n, 0] = 1 / n  # one base of a run of n, whichever
    codes = np.array([0, 1, *[2] * n, *[3, 0, 1, 3, 0, 1, 3, 0][: 8 - n]], np.uint8)
    for place in range(n):
        gapped = Alignment.from_matches(
            [(i, i - (i > 2 + place)) for i in range(10) if i != 2 + place],
            codes,
            np.delete(codes, 2 + place),
        )
        (found,) = gaps_of(0, gapped, Alone(alone, np.zeros((9, 3))))
        assert (found.real, found.insertion) == (pytest.approx(1), 1)


def test_gaps_stand_where_the_alignment_has_them(planted):
    *_, run = planted
    for pair in run.pairs[:5]:
        found = list(gaps_of(0, pair.alignment, None))
        x_row, y_row = pair.alignment.rows()
        assert sum(gap.length for gap in found) == x_row.count("-") + y_row.count("-")
        assert all((gap.x[0] == gap.x[1]) != (gap.y[0] == gap.y[1]) for gap in found)


def test_intervals_of_counts_hold_what_is_not_known_of_rates():
    generator = np.random.default_rng(0)
    within = 0
    for _ in range(200):
        is_insertion = generator.random(120) < 0.3
        evidence = np.where(is_insertion, 0.5, -0.5) + generator.normal(0, 1, 120)  # log-odds: N(m, 2m)
        share = 0.5
        for _ in range(100):
            insertion = 1 / (1 + np.exp(-evidence) * (1 - share) / share)
            share = insertion.mean()
        gaps = [
            GapOrigin(0, 0, (k, k + 1), (0, 0), 1.0, one, 0.0) for k, one in enumerate(insertion.tolist())
        ]
        one = counts_of(gaps)[0]
        assert one.expected == pytest.approx(insertion.sum())
        within += one.low <= is_insertion.sum() <= one.high
    assert within >= 180  # of 95%, less is seen once in 500 times


def test_a_gap_without_a_third_sequence_counts_for_nothing():
    gap = GapOrigin(0, 1, (4, 4), (4, 6), np.nan, np.nan, np.nan)
    assert gap.event == ""
    assert [(one.expected, one.low, one.high) for one in counts_of([gap])] == [(0, 0, 0)] * 4
