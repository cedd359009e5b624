"""Three sequences drawn from a triplet HMM, by the rules that its module tells in words."""

from itertools import product

import numpy as np

from motifnet.hmm.triplet import TripletHmm, TripletState
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences


def steps(model, state):
    """What may follow a state, and how probable it is: decision after decision."""
    left, first = 1.0, 0
    if state.gains is not None:
        side, k = state.gains
        yield model.gain_extend[k], state
        left, first = 1 - model.gain_extend[k], side + 1
    for side in range(first, 3):
        known = [lost if other != side else 0 for other, lost in enumerate(state.losses)]
        if sum(lost > 0 for lost in known) > 1:
            known = [0, 0, 0]
        for k in range(model.n_classes):
            yield left * model.gain[side, k], TripletState((side, k), tuple(known))
        left *= 1 - model.gain[side].sum()
    choices = []
    for side, lost in enumerate(state.losses):
        if lost:
            goes_on = model.loss_extend[lost - 1]
            choices.append([(goes_on, lost), (1 - goes_on, 0)])
        else:
            begins = [(chance, k) for k, chance in enumerate(model.loss[side], 1)]
            choices.append([*begins, (1 - model.loss[side].sum(), 0)])
    for chosen in product(*choices):
        losses = tuple(lost for _, lost in chosen)
        if 0 in losses:
            yield left * np.prod([chance for chance, _ in chosen]), TripletState(None, losses)


def conditional(model):
    """Probability of a base of each lineage given the ancestor's, ``shape=(3, 4, 4)``: Jukes and Cantor."""
    same = 0.25 + 0.75 * np.exp(-4 / 3 * model.times)
    tables = np.repeat(((1 - same) / 3)[:, None, None], 4, 1).repeat(4, 2)
    for side in range(3):
        np.fill_diagonal(tables[side], same[side])
    return tables


def drawn(model: TripletHmm, n_columns, generator):
    """Bases of x, y and z, ``shape=(n_columns, 3)``, -1 for none; whether the ancestor has each column."""
    tables, state = conditional(model), TripletState(None, (0, 0, 0))
    rows, is_ancestral = [], []
    while len(rows) < n_columns or state != TripletState(None, (0, 0, 0)):
        chances, states = zip(*steps(model, state), strict=True)
        state = states[generator.choice(len(states), p=np.array(chances) / sum(chances))]
        base = generator.integers(4)
        kept = [bool(state.move & bit) for bit in (4, 2, 1)]
        if state.gains is not None:
            row = [base if has else -1 for has in kept]
        else:
            row = [generator.choice(4, p=tables[side, base]) if has else -1 for side, has in enumerate(kept)]
        rows.append(row)
        is_ancestral.append(state.gains is None)
    return np.array(rows), np.array(is_ancestral)


def sequences(several):
    """Pairs of x and y, and the third sequences, of columns that were drawn."""
    x, y, z = (
        Sequences.from_codes([rows[rows[:, side] >= 0, side].astype(np.uint8) for rows in several])
        for side in range(3)
    )
    return PairedSequences(x, y, [f"pair{i}" for i in range(len(several))]), z
