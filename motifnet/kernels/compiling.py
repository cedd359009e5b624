"""How kernels are compiled: with one set of options, kept for later starts, and not in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit
from numba.core import event

from motifnet.progress import compilation

_NO_WRAPPERS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compiled(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Decorator that compiles a function when it is first called, and keeps what comes out.

    Other threads run meanwhile, as in ``numba.njit(cache=True, nogil=True)``.

    Parameters
    ----------
    function : callable
    **options
        More options of numba.
    """
    decorate = njit(cache=True, nogil=True, **options)
    return decorate if function is None else decorate(function)


def compiled_part(function: Callable[..., Any]) -> Any:
    """Decorator of a function that compiled ones alone call: none of what lets Python call it is made.

    That is a fifth of the time that many small functions take to compile. It goes into what is kept of those
    that call it.
    """
    return njit(nogil=True, **_NO_WRAPPERS)(function)


class _Teller(event.Listener):
    """Hears of every function that numba compiles, and of none that it has kept."""

    def on_start(self, event: object) -> None:
        compilation.begins()

    def on_end(self, event: object) -> None:
        compilation.ends()


event.register("numba:compile", _Teller())
