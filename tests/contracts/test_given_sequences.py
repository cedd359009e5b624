"""Whatever takes sequences in Python takes them as people have them: Biopython's records, text, codes."""

from pathlib import Path

import numpy as np
import pytest
from Bio.Seq import Seq
from Bio.SeqRecord import SeqRecord

from motifnet.datasets.baselines import base_counts, gc_score, length_score
from motifnet.datasets.clean import clean
from motifnet.datasets.compose import compose
from motifnet.datasets.contrast import contrast
from motifnet.datasets.controls import GivenControls
from motifnet.datasets.look_alikes import cluster_sequences
from motifnet.datasets.shuffle import shuffle
from motifnet.datasets.simulate import motif_from_word
from motifnet.hmm import motif_hmm, profile, profile_search
from motifnet.io import write_fasta
from motifnet.scanning import Scanner
from motifnet.scanning.best_sites import Scorer
from motifnet.scanning.enriched import rank_by_enrichment
from motifnet.scanning.stream import pieces_of
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background, word_counts

RNG = np.random.default_rng(0)
TEXTS = ["".join(RNG.choice(list("ACGT"), 60)) for _ in range(30)]
for i in range(20):
    TEXTS[i] = f"{TEXTS[i][:25]}CCGGAAGTGA{TEXTS[i][35:]}"
NAMES = [f"s{i}" for i in range(30)]
CONTROLS = ["".join(RNG.choice(list("ACGT"), 60)) for _ in range(30)]
BACKGROUND = Background.from_gc(0.5)
MOTIF = motif_from_word("CCGGAAGTGA")
MODEL = motif_hmm.MotifHMM.from_motifs([MOTIF], BACKGROUND, rates=[0.01])
PROFILE = profile.ProfileHmm.from_matrix(0.9 * MOTIF.probabilities.T + 0.025, np.full(4, 0.25))


def scanned(some):
    scanner = Scanner([MOTIF], BACKGROUND)
    return scanner.scan(some, scanner.thresholds(p_value=1e-4))


def written(some):
    write_fasta("some.fa", some)
    return Path("some.fa").read_text()


def enriched(some):
    scorer = Scorer([MOTIF], BACKGROUND, strand=Strand.BOTH)
    return rank_by_enrichment(scorer, some, np.arange(30) < 20, [1e-3])[0].enrichment


TAKERS = {
    "Scanner.scan": scanned,
    "pieces_of": lambda some: [piece.codes for piece in pieces_of(some)],
    "Scorer.best": lambda some: [
        sites for _, sites in Scorer([MOTIF], BACKGROUND, strand=Strand.BOTH).best(some)
    ],
    "rank_by_enrichment": enriched,
    "MotifHMM.log_likelihood": MODEL.log_likelihood,
    "MotifHMM.decode": lambda some: MODEL.decode(some).n_sites,
    "MotifHMM.expected_counts": lambda some: MODEL.expected_counts(some)[1],
    "refine": lambda some: motif_hmm.refine(MODEL, some, max_rounds=1).model.rates,
    "ProfileHmm.align": lambda some: PROFILE.align(some)[0],
    "ProfileHmm.log_likelihood": PROFILE.log_likelihood,
    "ProfileHmm.expected_counts": lambda some: PROFILE.expected_counts(some).log_odds,
    "profile.fit": lambda some: profile.fit(PROFILE, some, max_rounds=1).model.match,
    "profile.learn": lambda some: profile_search.learn(some, max_width=12, max_rounds=2).chosen.model.match,
    "write_fasta": written,
    "shuffle": lambda some: shuffle(some, klet=2, seed=1).codes,
    "clean": lambda some: clean(some).kept,
    "cluster_sequences": lambda some: cluster_sequences(some, largest=5)[0],
    "base_counts": base_counts,
    "gc_score": gc_score,
    "length_score": length_score,
    "contrast": lambda some: contrast(some, GivenControls(["ACGTTTGACA", "GGGATTACAA"])).sequences.codes,
    "compose": lambda some: compose({"a": some}, GivenControls(CONTROLS)).dataset.sequences.codes,
    "Background.fit": lambda some: Background.fit(some, order=1).transitions,
    "word_counts": lambda some: word_counts(some, 3),
}


def same(one, other):
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            same(a, b)
    else:
        assert one == other


@pytest.mark.parametrize("name", TAKERS)
def test_records_and_text_are_taken_where_sequences_are(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    expected = TAKERS[name](Sequences.from_text(TEXTS, NAMES))
    records = (SeqRecord(Seq(text), id=name) for name, text in zip(NAMES, TEXTS, strict=True))
    same(TAKERS[name](records), expected)  # an iterator, which can be gone through once
