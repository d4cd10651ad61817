"""What the window takes for granted of the toolkit, on the Python that runs it."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    sent = Signal(object, object)


def test_signals_leave_the_counts_of_true_and_none_alone() -> None:
    # PySide6 6.12.0 let go of one more than it held: Python 3.11 ended after a thousand signals.
    sender = Sender()
    sender.sent.connect(lambda _one, _other: None)
    kept = (True, False, None)
    before = [sys.getrefcount(each) for each in kept]
    for _ in range(500):
        sender.sent.emit(*kept[1:])
    after = [sys.getrefcount(each) for each in kept]
    assert all(abs(now - then) < 250 for now, then in zip(after, before, strict=True))
