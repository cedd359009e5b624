"""Work in a process that is killed at one of its steps."""

from __future__ import annotations

import os
from collections.abc import Callable

STEPS = ("replace", "rename", "unlink", "mkdir", "rmdir", "open")


def killed_at(n: int, work: Callable[[], None]) -> bool:
    """Do some work in a process that dies, as if killed, before its n-th change to the file system.

    Returns
    -------
    bool
        Whether it died, and did not come to its end before.
    """
    child = os.fork()
    if child == 0:
        left = n

        def counted(step):
            def change(*arguments, **more):
                nonlocal left
                if step is not opened or (len(arguments) > 1 and arguments[1] & os.O_CREAT):
                    left -= 1
                    if left < 0:
                        os._exit(9)
                return step(*arguments, **more)

            return change

        opened = os.open
        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9)
    return code == 9
