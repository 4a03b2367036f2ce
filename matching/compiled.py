"""Loops that are compiled when they are first called, and kept compiled where there is a place to write.

Why numba: docs/decisions/0008. No fast arithmetic that rounds otherwise than numpy does; the interpreter is
let go, so that threads run side by side.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The same function, compiled. What came of it is kept beside the source, else in the user's cache.

    Where neither can be written, as in a read-only image without a home, each process compiles for itself.
    What is kept is taken for fresh as long as its own file is unchanged, so all it calls must stand in it.
    """
    try:
        return cast(Function, njit(nogil=True, cache=True)(function))
    except RuntimeError:  # what numba raises when it finds no place to write
        return compiled_within(function)


def compiled_within(function: Function) -> Function:
    """The same function, compiled as a part of the compiled functions that call it."""
    return cast(Function, njit(nogil=True)(function))


def compiled_in_place(function: Function) -> Function:
    """The same function, compiled into the very body of its callers.

    For what is called once a pair or a postcode: to hand over arrays would take longer than the act itself.
    """
    return cast(Function, njit(nogil=True, inline="always")(function))
