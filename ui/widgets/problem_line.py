"""What is wrong with a whole form: a line under it, and where what the core refuses is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from desk_maint.domain.errors import InputError, StaleError
from desk_maint.domain.messages import msg
from ui.theme import Tone, set_tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.context import Context
    from ui.texts import Text

__all__ = ["ProblemLine"]


class ProblemLine(QLabel):
    """Hidden while there is nothing to say."""

    def __init__(self, context: Context, *, name: str) -> None:
        super().__init__(wordWrap=True)
        self._context = context
        self.setObjectName(name)
        self.hide()

    def say(self, text: Text, tone: Tone = Tone.DANGER) -> None:
        """Say a sentence."""
        set_tone(self, tone)
        self.setText(self._context.texts.say(text))
        self.show()

    def say_nothing(self) -> None:
        """Nothing is wrong any more."""
        self.clear()
        self.hide()

    def say_stale(self) -> None:
        """Somebody else was faster, and both versions stand in the form."""
        self.say(
            msg(
                "Somebody else has changed this meanwhile. Look at both, take theirs where it is "
                "right, and save again."
            ),
            Tone.WARNING,
        )

    def deal_with(
        self,
        error: Exception,
        *,
        refuse: Callable[[str, str], bool],
        look_again: Callable[[], object] | None,
    ) -> bool:
        """Say what the core refused where it belongs; False: it is no refusal.

        ``refuse`` says it beside a field, if there is such a field.  ``look_again`` reads what
        somebody else has made of the record; None: there is none in hand.
        """
        if isinstance(error, StaleError) and look_again is not None:
            look_again()
            return True
        if isinstance(error, InputError):
            text = self._context.texts.say(error.message)
            if error.field is None or not refuse(error.field, text):
                self.say(error.message)
            return True
        return False
