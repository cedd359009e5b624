"""What a model does not know makes no difference: which sequence is X, which strand is read."""

import os
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.config.align import PairModelOptions
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_align import align
from motifnet.hmm.pair_images import PairImage, first_image
from motifnet.hmm.pair_learn import candidate_ties, learn
from motifnet.hmm.pair_orient import OrientedPairs
from motifnet.hmm.related import related
from motifnet.io.fasta import read_fasta
from motifnet.kernels.pair_hmm.cpu import DEFAULT_BAND
from motifnet.symbols import Sequences
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.pairs import PairedSequences
from tests.hmm.pairs import drawn

SWAPPED, TURNED = PairImage(is_swapped=True, is_turned=False), PairImage(is_swapped=False, is_turned=True)
BOTH = PairImage(is_swapped=True, is_turned=True)
CODES = st.lists(st.integers(0, 4), min_size=1, max_size=30).map(lambda codes: np.array(codes, np.uint8))
MITO = Path(os.environ.get("MOTIFNET_DATA", "")) / "align" / "mito"


def images(pairs: PairedSequences, image: PairImage) -> PairedSequences:
    codes = [image.of_codes(*pairs[i]) for i in range(len(pairs))]
    x, y = (Sequences.from_codes([pair[side] for pair in codes]) for side in (0, 1))
    return PairedSequences(x, y, pairs.names)


def told(pairs: PairedSequences, ties: tuple[str, ...], **options) -> tuple[PairHmm, list[Alignment]]:
    """The model that is learnt, and every pair aligned by both methods."""
    given = PairModelOptions(pair_tie=ties, **options)
    oriented = OrientedPairs(pairs, np.ones(len(pairs), bool), [])
    model = learn(oriented, candidate_ties(given), given).models[0]
    return model, [
        align(model, *pairs[i], method=method).alignment
        for method in ("mea", "viterbi")
        for i in range(len(pairs))
    ]


def assert_mirrored(pairs: PairedSequences, image: PairImage, ties: tuple[str, ...], **options) -> None:
    model, alignments = told(pairs, ties, **options)
    other, others = told(images(pairs, image), ties, **options)
    for field in fields(PairHmm):
        assert np.array_equal(getattr(model, field.name), getattr(other, field.name)), field.name
    for one, two in zip(alignments, others, strict=True):
        assert one.score == two.score
        mirrored = image.of_alignment(two)
        assert np.array_equal(one.columns, mirrored.columns)
        assert np.array_equal(one.confidence, mirrored.confidence)


def random_pairs(seed: int, n: int = 3, columns: int = 60) -> PairedSequences:
    generator = np.random.default_rng(seed)
    model = PairHmm.start(
        divergence=float(generator.uniform(0.02, 0.4)), gap_open=0.03, gap_extend=(0.5, 0.9)
    )
    return drawn(model, n, generator, columns=columns)


@pytest.mark.parametrize("seed", range(4))
def test_exchanged_files_give_the_mirrored_result(seed):
    assert_mirrored(random_pairs(seed), SWAPPED, ("lineages",))


@pytest.mark.parametrize(("image", "ties"), [(TURNED, ("strand",)), (BOTH, ("strand", "lineages"))])
@pytest.mark.parametrize("seed", range(2))
def test_reverse_complements_give_the_mirrored_result(seed, image, ties):
    assert_mirrored(random_pairs(seed), image, ties)


@pytest.mark.parametrize("substitution", ["k80", "hky85"])
def test_a_substitution_model_is_symmetric_to_the_last_bit(substitution):
    assert_mirrored(random_pairs(0), SWAPPED, ("lineages",), substitution=substitution)


def test_without_a_tie_a_pair_is_taken_as_it_is_given():
    x, y = np.array([3, 3, 2], np.uint8), np.array([0, 1, 2, 3], np.uint8)
    assert first_image(x, y, swaps=False, turns=False) == PairImage(is_swapped=False, is_turned=False)
    untied, _ = told(random_pairs(1, n=20), ("none",))
    assert not untied.is_symmetric
    assert not untied.reads_both_strands


@settings(max_examples=50, deadline=None)
@given(x=CODES, y=CODES, image=st.sampled_from([SWAPPED, TURNED, BOTH]))
def test_all_images_of_a_pair_have_the_same_first_one(x, y, image):
    one, other = (
        first_image(*pair, swaps=True, turns=True).of_codes(*pair) for pair in ((x, y), image.of_codes(x, y))
    )
    assert all(np.array_equal(*sides) for sides in zip(one, other, strict=True))
    back = image.of_codes(*image.of_codes(x, y))
    assert all(np.array_equal(*sides) for sides in zip(back, (x, y), strict=True))


def test_which_pairs_are_alike_does_not_depend_on_their_order():
    pairs = random_pairs(0, n=12)
    one, other = (related(each, "global", DEFAULT_BAND) for each in (pairs, images(pairs, SWAPPED)))
    assert np.array_equal(one.is_related, other.is_related)
    assert np.array_equal(one.is_turned, other.is_turned)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_fifty_sets_are_mirrored(seed):
    pairs = random_pairs(seed, n=3, columns=120)
    assert_mirrored(pairs, SWAPPED, ("lineages",))
    assert_mirrored(pairs, TURNED, ("strand",))
    assert_mirrored(pairs, BOTH, ("strand", "lineages"))


@pytest.mark.slow
@pytest.mark.skipif(not MITO.is_dir(), reason="MOTIFNET_DATA is not set")
@pytest.mark.parametrize("other", ["MT-orang.fa", "chimp_MT.fasta"])
def test_mitochondria_are_mirrored(other):
    x, y = (read_fasta(MITO / name)[0] for name in ("MT-human.fa", other))
    pairs = PairedSequences(Sequences.from_codes([x]), Sequences.from_codes([y]), ["mito"])
    for image, ties in ((SWAPPED, ("lineages",)), (TURNED, ("strand",)), (BOTH, ("strand", "lineages"))):
        assert_mirrored(pairs, image, ties)
