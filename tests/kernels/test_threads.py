import threading

import pytest

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
