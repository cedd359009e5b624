"""Small data sets with planted truth, made afresh for each test that wants one."""

import numpy as np

from motifnet.config.train import DiscoveryOptions, ModelOptions, SplitOptions, TrainConfig, TrainingOptions
from motifnet.datasets.compose import compose
from motifnet.datasets.controls import GivenControls
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.discovery.scored import Scored, ScoredContrast
from motifnet.motifs import compare
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

BACKGROUND = np.array([0.3, 0.2, 0.2, 0.3])
"""Base probabilities of all the sequences made here."""


def sequences(words=(), *, share=0.6, n=300, length=80, seed=0, **how):
    """Targets with IUPAC words planted on either strand, and as many controls without."""
    planted = [Planted(motif_from_word(word), share, **how) for word in words]
    made = simulate(planted, Background.from_gc(0.4), n_targets=n, n_controls=n, length=length, seed=seed)
    return made.targets, made.controls


def scored(words=(), **how):
    """The same, prepared for scoring."""
    return tuple(Scored.of(part) for part in sequences(words, **how))


def contrast(words=(), **how):
    """The same, prepared for scoring as one."""
    return ScoredContrast.of(*sequences(words, **how))


def likeness(probabilities, word):
    """Similarity of a matrix to the motif of a word."""
    return compare.similarity(probabilities, motif_from_word(word).probabilities, BACKGROUND)


def small_config(*, below=0, n_motifs=3, seed=0, e_value=0.05, **model):
    """Options of a search that takes a second."""
    return TrainConfig(
        split=SplitOptions(cross_fit_below=below, n_folds=3),
        model=ModelOptions(**{"n_filters": 4, "filter_width": 12, **model}),
        training=TrainingOptions(max_epochs=3, device="cpu", seed=seed),
        discovery=DiscoveryOptions(n_motifs=n_motifs, max_e=e_value),
    )


def composed(*words_by_task, **how):
    """A data set with one task for each argument, a list of words; all controls together."""
    made = [sequences(words, **{"seed": i, **how}) for i, words in enumerate(words_by_task)]
    targets = {f"task{i + 1}": part for i, (part, _) in enumerate(made)}
    controls = Sequences.concatenate([part for _, part in made])
    return compose(targets, GivenControls(controls, match=False), min_length=12).dataset


class Memory:
    """A workspace that keeps pieces in memory and, where asked, dies after so many."""

    def __init__(self, dies_after=None):
        self.pieces, self.n_saved, self.dies_after = {}, 0, dies_after

    def load(self, name):
        return self.pieces.get(name)

    def save(self, name, content):
        self.pieces[name] = content
        self.n_saved += 1
        if self.n_saved == self.dies_after:
            raise KeyboardInterrupt
