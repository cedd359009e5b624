"""Judging: exact counts on held-out sequences, each motif net of the better ones."""

import numpy as np
import pytest
from planted import BACKGROUND, scored

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.discovery.judge import judge, pooled
from motifnet.discovery.readout import ReadMotif
from motifnet.discovery.scored import Scored
from motifnet.motifs import Motif
from motifnet.stats.enrichment import fisher
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background


def exact(word, z=9.0):
    """A motif whose sites are the word itself and nothing else."""
    motif = Motif(word, motif_from_word(word).counts, BACKGROUND)
    return ReadMotif(motif, motif.log_odds().max(0).sum() - 0.01, z, 0, (word,))


def n_with(part, word):
    words = (word, DNA.decode(DNA.reverse_complement(DNA.encode(word))))
    texts = [part.sequences.text(i) for i in range(len(part.sequences))]
    return sum(any(one in text for one in words) for text in texts)


@pytest.fixture(scope="module")
def planted():
    return scored(["CCGGAAG", "GATAAGG"], share=0.4)


def test_hits_are_the_sequences_with_a_site(planted):
    verdict = judge([exact("CCGGA")], *([part] for part in planted), strand=Strand.BOTH)[0]
    found = verdict.plain[0].target_hits, verdict.plain[0].control_hits
    assert found == tuple(n_with(part, "CCGGA") for part in planted)


@pytest.mark.parametrize("way", ["best_known", "best_as_if_known"])
def test_whole_and_masked_sequences_are_scored_once_each_for_a_motif(planted, monkeypatch, way):
    score, n_scored = getattr(Scored, way), 0

    def counted(*given, **options):
        nonlocal n_scored
        n_scored += 1
        return score(*given, **options)

    monkeypatch.setattr(Scored, way, counted)
    judge([exact("CCGGA")] * 3, *([part] for part in planted), strand=Strand.BOTH)
    assert n_scored == 3


def test_a_verdict_is_fishers_test_of_each_task(planted):
    targets, controls = planted
    empty_handed = scored(seed=4)
    verdict = judge(
        [exact("CCGGA")], [targets, empty_handed[0]], [controls, empty_handed[1]], strand=Strand.BOTH
    )[0]
    for found, (ours, theirs) in zip(verdict.net, (planted, empty_handed), strict=True):
        assert found == fisher(n_with(ours, "CCGGA"), 300, n_with(theirs, "CCGGA"), 300)
    assert verdict.net[0].log10_p < -10
    assert verdict.net[1].log10_p > -3
    assert verdict.auroc[0] > 0.65
    assert verdict.auroc[1] == pytest.approx(0.5, abs=0.1)


def test_masking_removes_what_a_better_motif_explains(planted):
    ranked = [exact("CCGGAAG"), exact("CGGAA"), exact("GATAAGG")]
    targets, controls = planted
    first, variant, other = judge(ranked, [targets], [controls], strand=Strand.BOTH)
    alone = judge(ranked[1:2], [targets], [controls], strand=Strand.BOTH)[0]
    # The variant is enriched by itself; net of the first motif, only chance is left of it.
    assert alone.net[0].log10_p < -10
    assert variant.net[0].log10_p > -2
    assert variant.net[0].target_hits < alone.net[0].target_hits / 2
    # How many sequences have a site does not depend on what else was found.
    assert variant.plain == alone.plain == alone.net
    assert variant.auroc == alone.auroc
    assert first.net[0].log10_p < -25
    assert other.net[0].log10_p < -25


def test_a_motif_judged_twice_has_no_site_left(planted):
    twice = judge([exact("CCGGAAG")] * 2, *([part] for part in planted), strand=Strand.BOTH)
    assert twice[1].net[0] == fisher(0, 300, 0, 300)


def test_the_sequences_stay_as_they_were(planted):
    before = planted[0].sequences.codes.copy()
    judge([exact("CCGGAAG")], *([part] for part in planted), strand=Strand.BOTH)
    np.testing.assert_array_equal(planted[0].sequences.codes, before)


def test_one_strand_alone_is_judged_where_asked():
    planted = scored(["CCGGAAG"], strand=Strand.SINGLE)
    turned = Motif("m", motif_from_word("CCGGAAG").counts[::-1, ::-1], BACKGROUND)
    read = exact("CCGGAAG")._replace(motif=turned)
    both, single = (
        judge([read], *([part] for part in planted), strand=strand)[0]
        for strand in (Strand.BOTH, Strand.SINGLE)
    )
    assert both.net[0].target_hits > 170
    assert single.net[0].target_hits < 20


def test_folds_are_pooled_by_adding_their_counts():
    parts = [fisher(5, 10, 1, 20), fisher(3, 12, 0, 18)]
    assert pooled(parts) == fisher(8, 22, 1, 38)


def test_what_is_masked_is_no_site(planted):
    """A low threshold must not turn the holes that a better motif left into sites of a worse one."""
    targets, controls = planted
    strong = exact("CCGGAAG")
    weak = strong._replace(threshold=-5.0)
    twice = judge([strong, weak], [targets], [controls], strand=Strand.BOTH)
    holes = targets.masked(strong.log_odds, strong.threshold, slice(0, 7), strand=Strand.BOTH)
    found = holes.best_known(weak.log_odds, strand=Strand.BOTH)
    hit = np.flatnonzero(found.score >= -5)
    assert twice[1].net[0].target_hits == len(hit)
    for i in hit:
        assert (holes.sequences[i][found.position[i] : found.position[i] + 7] < 4).all()


def test_a_composite_is_judged_among_the_sequences_with_the_simpler_motif():
    targets, controls = scored(["CCGGAAGTGA", "CCGGAAGTGACATAGG"], share=0.4)[0], scored(["CCGGAAGTGA"])[0]
    simple, whole = exact("CCGGAAGTGA"), exact("CCGGAAGTGACATAGG")._replace(filters=("2",))
    verdict = judge(
        [simple, whole._replace(extends=simple.filters[0])], [targets], [controls], strand=Strand.BOTH
    )[1]
    has_simple = n_with(targets, "CCGGAAGTGA"), n_with(controls, "CCGGAAGTGA")
    n_whole = n_with(targets, "CCGGAAGTGACATAGG"), n_with(controls, "CCGGAAGTGACATAGG")
    assert n_whole[0] > 100
    assert verdict.among == (fisher(n_whole[0], has_simple[0], n_whole[1], has_simple[1]),)
    assert has_simple[1] >= 100
    assert not verdict.against_shuffled
    assert verdict.settled().net == verdict.among
    assert verdict.net[0].target_hits == 0  # the simpler one is masked
    alone = judge([simple, whole], [targets], [controls], strand=Strand.BOTH)[1]
    assert alone == verdict._replace(among=(), beside=())
    assert alone.settled().net == alone.net


SIMPLE = "AGATAAGA"


def composite(extra):
    """The simple motif, and a composite that has some more bases, which must all be there but for N."""
    longer = exact(SIMPLE + extra)
    spread = np.ptp(longer.log_odds, axis=0)[len(SIMPLE) :]
    any_base = spread[[letter == "N" for letter in extra]].sum()
    return [
        exact(SIMPLE),
        longer._replace(filters=("2",), extends=SIMPLE, threshold=longer.threshold - any_base),
    ]


def few_controls(*shares, n=300, seed=0, background=None):
    """Targets with words in shares of them, and controls of which hardly any has one."""
    planted = [Planted(motif_from_word(word), share) for word, share in shares]
    made = simulate(
        planted, background or Background.from_gc(0.4), n_targets=n, n_controls=50, length=150, seed=seed
    )
    return [Scored.of(made.targets)], [Scored.of(made.controls)]


@pytest.mark.parametrize("extra", ["NNCAGCTG", "CCTG", "NNNNCCT"])
def test_a_composite_is_found_though_no_control_has_the_simpler_motif(extra):
    parts = few_controls((SIMPLE, 0.6), (SIMPLE + extra, 0.25))
    verdict = judge(composite(extra), *parts, strand=Strand.BOTH)[1]
    assert verdict.against_shuffled
    assert verdict.among[0].log10_p > -1
    (test,) = verdict.settled().net
    assert test == verdict.beside[0]
    assert test.n_controls == 10 * test.n_targets
    assert test.target_hits > 40
    assert test.log10_p < -10


def test_what_a_composite_has_more_by_chance_has_a_calibrated_p_value():
    """Composition differs between sequences and along them, which shuffles of neighbours keep."""
    rng = np.random.default_rng(0)
    p_values = []
    for seed in range(40):
        rich, poor = (
            few_controls((SIMPLE, 0.8), seed=seed, background=Background.from_gc(gc)) for gc in (0.7, 0.3)
        )
        both = Scored.of(Sequences.concatenate([rich[0][0].sequences, poor[0][0].sequences]))
        for _ in range(4):
            extra = "N" * rng.integers(0, 6) + "".join(rng.choice(list("ACGTSW"), 2))
            verdict = judge(composite(extra), [both], rich[1], strand=Strand.BOTH)[1]
            assert verdict.against_shuffled
            p_values.append(10 ** verdict.beside[0].log10_p)
    p_values = np.array(p_values)
    assert p_values.mean() > 0.45
    for level in (0.01, 0.05, 0.2):
        # Three standard deviations above what is due.
        assert (p_values <= level).mean() < level + 3 * np.sqrt(level * (1 - level) / len(p_values))
    assert (p_values <= 0.2).mean() > 0.05  # and it is no p-value that never is small


def test_a_composite_without_a_simpler_site_cannot_be_told_from_chance():
    parts = few_controls(n=50)
    verdict = judge(composite("NNCAGCTGTT"), *parts, strand=Strand.BOTH)[1]
    assert verdict.settled().net[0].log10_p > -1


def test_whole_sequences_are_scored_once_each_for_a_composite_and_its_simpler_motif(monkeypatch):
    targets, controls = few_controls((SIMPLE, 0.6))
    score, n_whole = Scored.best_known, 0
    n_all = len(targets[0].sequences) + len(controls[0].sequences)

    def counted(self, *given, **options):
        nonlocal n_whole
        n_whole += len(self.sequences) == n_all and self.sequences.lengths.min() == 150
        return score(self, *given, **options)

    monkeypatch.setattr(Scored, "best_known", counted)
    judge(composite("CCTG"), targets, controls, strand=Strand.BOTH)
    assert n_whole == 2


def test_members_have_counts_and_no_test(planted):
    whole = exact("CCGGAAG")._replace(members=(("part", exact("CCGGA")),))
    (verdict,) = judge([whole], *([part] for part in planted), strand=Strand.BOTH)
    (member,) = verdict.members
    assert member.net == ()
    assert member.plain[0].target_hits == n_with(planted[0], "CCGGA")
