"""Reference cycles, collected on the window's thread and on no other.

Left to itself Python looks for them on whichever thread happens to ask for memory.  A dialog that
was closed is part of such a cycle as often as not, and Qt allows no widget to be destroyed on a
thread of background work: the program would crash or stand still, once in many hours.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BEGIN_AFTER_MS", "Collector"]

BEGIN_AFTER_MS = 3_000
"""What comes up at the start is for good, modules and tables above all: looking for cycles among
it took a tenth of the time from the start to the desk."""
_EVERY_MS = 200
"""Often, so that each look is short."""
_ALL_EVERY_S = 60.0


class Collector(QObject):
    """Takes over from Python's own collection until :meth:`end`."""

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._was_on = gc.isenabled()
        gc.disable()
        self._last_of_all = clock()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        QTimer.singleShot(BEGIN_AFTER_MS, self._timer, self._timer.start)

    def end(self) -> None:
        """Give collection back to Python; the collector itself goes too."""
        self._timer.stop()
        self.deleteLater()
        if self._was_on:
            gc.enable()

    def look(self) -> None:
        """Collect as far as Python itself would: what is new, and once a minute all."""
        counts, limits = gc.get_count(), gc.get_threshold()
        if counts[0] <= limits[0]:
            return
        if self._clock() - self._last_of_all >= _ALL_EVERY_S:
            gc.collect()
            self._last_of_all = self._clock()
        else:
            gc.collect(1 if counts[1] > limits[1] else 0)
