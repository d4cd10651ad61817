"""Modules that a library names when it is imported, loaded when something of them is used.

SQLAlchemy imports `asyncio` for its asynchronous engines and `importlib.metadata` to look for
other people's databases.  Nothing here does either, and the two, with TLS and e-mail behind them,
take a tenth of the time from the start to the desk (``python -m tests.benchmarks.window``).  What
hashes, OpenSSL behind it, is for those who have a password.
"""

from __future__ import annotations

import importlib
import sys
from threading import Lock
from types import CoroutineType, ModuleType

__all__ = ["defer"]

_giving_way = Lock()


class _Deferred(ModuleType):
    """Stands for a module until anything of it is asked for, but for what is ``known``."""

    def __init__(self, name: str, **known: object) -> None:
        super().__init__(name)
        vars(self).update(known)

    def __getattr__(self, name: str) -> object:
        with _giving_way:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        # Not under the lock: Python has its own for a module that two threads import.
        return getattr(importlib.import_module(self.__name__), name)


def defer() -> None:
    """Put off the loading of what is not loaded yet; for the front doors, before all else."""
    _put("asyncio", iscoroutine=lambda value: isinstance(value, CoroutineType))
    _put("importlib.metadata")
    for name in ("hashlib", "hmac", "secrets"):
        _put(name)


def _put(name: str, **known: object) -> None:
    if name not in sys.modules:
        sys.modules[name] = stand_in = _Deferred(name, **known)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(importlib.import_module(parent), child, stand_in)
