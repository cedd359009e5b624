"""Pairs drawn from a pair HMM."""

import numpy as np

from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences


def drawn(model, n, generator, *, columns=100):
    """Pairs of sequences drawn from a model, each with so many matches on average."""
    pairs = [_pair(model, generator, 1 / columns) for _ in range(n)]
    x, y = (Sequences.from_codes([pair[side] for pair in pairs]) for side in (0, 1))
    return PairedSequences(x, y, [f"pair{i}" for i in range(n)])


def _pair(model, generator, end):
    sequences = ([], [])
    opening = np.append(model.open.ravel(), 1 - model.open.sum())
    while True:
        choice = generator.choice(len(opening), p=opening)
        if choice < model.open.size:
            side, k = divmod(int(choice), model.n_classes)
            length = generator.geometric(1 - model.extend[side, k])
            sequences[side].extend(generator.choice(4, length, p=model.insert[side]))
        if generator.random() < end and min(map(len, sequences)) > 5:
            return [np.array(one, np.uint8) for one in sequences]
        cell = int(generator.choice(16, p=model.match.ravel()))
        sequences[0].append(cell // 4)
        sequences[1].append(cell % 4)
