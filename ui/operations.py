"""Doing one thing for a person: the call into the core, the answer, and what to say on success."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from ui.problems import show_problem
from ui.theme import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from desk_maint.domain.messages import Message
    from ui.context import Context
    from ui.tasks import Job

__all__ = ["ask", "perform"]


def perform(
    parent: QWidget,
    context: Context,
    call: Callable[[], Any],
    *,
    success: Message | Callable[[Any], Message] | None = None,
    done: Callable[[Any], object] | None = None,
    failed: Callable[[Exception], bool] | None = None,
    title: Message | None = None,
) -> Job:
    """Run a service that changes something in the database lane.

    The result is a ``Changes`` or has one as ``.changes``; every page hears of it.  ``failed``
    may deal with an error itself (return True); otherwise it is shown by blame and nothing on
    the form is touched, so that what was typed stays there.
    """

    def succeed(result: Any) -> None:
        changes = getattr(result, "changes", result)
        if changes:
            context.report(changes)
        if success is not None:
            sentence = success(result) if callable(success) else success
            context.told.emit(context.texts.say(sentence), Tone.OK)
        if done is not None:
            done(result)

    def fail(error: Exception) -> None:
        if failed is None or not failed(error):
            show_problem(parent.window(), context.texts, error)

    return context.tasks.start(parent, lambda _job: call(), done=succeed, failed=fail, title=title)


def ask(
    parent: QObject,
    context: Context,
    call: Callable[[], Any],
    done: Callable[[Any], object],
    *,
    failed: Callable[[Exception], object] | None = None,
    title: Message | None = None,
) -> Job:
    """Run a service that only reads; ``done`` gets its rows on the window's thread."""

    def fail(error: Exception) -> None:
        if failed is not None:
            failed(error)
        else:
            window = parent.window() if isinstance(parent, QWidget) else None
            show_problem(window, context.texts, error)

    return context.tasks.start(parent, lambda _job: call(), done=done, failed=fail, title=title)
