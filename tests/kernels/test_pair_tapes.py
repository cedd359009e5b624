"""Room for boundaries: as much as a pass writes, and no more than it may be."""

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motifnet.kernels.pair_hmm import tapes
from motifnet.kernels.pair_hmm.cells import BLOCK
from motifnet.kernels.pair_hmm.tapes import tape_for

WIDTHS = st.lists(st.integers(1, 40), min_size=1, max_size=200)


def envelope_of(widths):
    return np.array([[0, width] for width in widths], np.int32)


@given(WIDTHS, st.integers(1, 2), st.integers(0, 20_000))
def test_room_holds_what_is_kept_at_any_time(widths, n_classes, most):
    tape = tape_for(envelope_of(widths), n_classes, most)
    sizes = [width * BLOCK * (2 + n_classes) for width in widths]
    if tape.every == 1 and len(widths) > 3:
        assert tape.n_numbers == sum(sizes) <= most
        return
    outer = sum(sizes[:: tape.every])
    inner = [sum(sizes[at : at + tape.every]) for at in range(0, len(sizes), tape.every)]
    assert tape.n_numbers == outer + max(inner) or tape.n_numbers == sum(sizes)
    assert tape.every <= max(np.sqrt(len(widths)), 1)


def test_few_boundaries_are_all_kept_and_many_are_not(monkeypatch):
    wide = envelope_of([100] * 10_000)
    assert tape_for(wide, 1, 1 << 30).every == 32  # too much to be worth keeping, whatever is allowed
    monkeypatch.setattr(tapes, "_WORTH_KEEPING", 1 << 30)
    assert tape_for(wide, 1, 1 << 30).every == 1
    least = tape_for(wide, 1, 1)
    assert least.every == 100
    assert least.n_numbers < tape_for(wide, 1, 1 << 23).n_numbers


def test_a_thread_has_room_of_its_own_and_keeps_what_is_worth_it(monkeypatch):
    small, large = tapes.TapeRoom(1, 100), tapes.TapeRoom(1, 1000)
    room = small.numbers()
    assert len(room) >= 100
    assert np.shares_memory(room, small.numbers())
    others = []
    thread = threading.Thread(target=lambda: others.append(small.numbers()))
    thread.start()
    thread.join()
    assert not np.shares_memory(room, others[0])
    monkeypatch.setattr(tapes, "_WORTH_KEEPING", 500)
    monkeypatch.setattr(tapes, "_OF_THREAD", threading.local())
    assert not np.shares_memory(large.numbers(), large.numbers())
