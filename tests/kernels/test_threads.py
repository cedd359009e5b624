import os
import signal
import subprocess
import sys
import threading
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.kernels import threads
from motifnet.training.device import use_threads


@pytest.fixture(autouse=True)
def _as_before():
    yield
    threads.use_threads(0)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_results_come_in_the_order_of_the_tasks(n):
    threads.use_threads(n)
    assert threads.run([lambda i=i: i * i for i in range(20)]) == [i * i for i in range(20)]


def test_one_thread_is_the_callers():
    threads.use_threads(1)
    assert threads.run([threading.get_ident] * 3) == [threading.get_ident()] * 3


def test_tasks_run_side_by_side():
    threads.use_threads(2)
    both = threading.Barrier(2, timeout=10)  # passes only if two threads wait at the same time
    assert sorted(threads.run([both.wait, both.wait])) == [0, 1]


def test_the_option_for_threads_is_for_our_loops_too():
    use_threads(3)
    assert threads.n_threads() == 3
    use_threads(0)
    assert threads.n_threads() >= 1


def test_an_error_in_a_task_is_raised():
    threads.use_threads(2)
    with pytest.raises(ZeroDivisionError):
        threads.run([lambda: 1, lambda: 1 // 0])


@given(lengths=st.lists(st.integers(0, 300)), n_bases=st.integers(1, 500))
def test_shares_are_all_sequences_in_order_and_no_larger_than_they_must_be(lengths, n_bases):
    shares = threads.shares(np.cumsum([0, *lengths]), n_bases)
    assert shares[0][0] == 0
    assert shares[-1][1] == len(lengths)
    assert all(one[1] == other[0] for one, other in pairwise(shares))
    assert all(first < last for first, last in shares) or shares == [(0, 0)]
    longest = max(lengths, default=0)
    assert all(sum(lengths[first:last]) < n_bases + longest for first, last in shares if last - first > 1)


FORK = """
import os
from motifnet.kernels import threads

def squares():
    return threads.run([lambda i=i: i * i for i in range(4)])

threads.use_threads(2)
squares()
child = os.fork()
if child == 0:
    os._exit(0 if squares() == [0, 1, 4, 9] else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_threads_of_its_own():
    # A group of its own, so that a child that hangs ends with its parent.
    with subprocess.Popen([sys.executable, "-c", FORK], start_new_session=True) as process:
        try:
            assert process.wait(timeout=30) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
