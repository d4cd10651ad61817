"""The statement (统计表) on paper: the table as it is shown, its rules, and who signs."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QTextDocument

from desk_maint.domain.messages import Term
from ui.theme import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPagedPaintDevice

    from ui.context import Context
    from ui.managers.rows_model import RowsModel

__all__ = ["StatementHead", "print_statement", "statement_document"]

_SIGN = ("prepared_by", "role_reviewer", "role_approver")


@dataclass(frozen=True, slots=True)
class StatementHead:
    """What stands over the table and under it, ready to be read."""

    title: str
    lines: Sequence[str]
    """Period and cut-off, and what the table is broken down by."""
    warnings: Sequence[str]
    rules: Sequence[str]


def print_statement(
    context: Context, head: StatementHead, model: RowsModel, paper: QPagedPaintDevice
) -> None:
    """Put the statement on ``paper``, which is A4 across."""
    statement_document(context, head, model).print_(paper)


def statement_document(context: Context, head: StatementHead, model: RowsModel) -> QTextDocument:
    """Return the statement laid out for A4 across; the header stands on every page."""
    say = context.texts.say
    document = QTextDocument()
    font = QFont(context.theme.font)
    font.setPointSizeF(Size.CAPTION - 1)
    document.setDefaultFont(font)

    def cell(tag: str, text: str, *, right: bool) -> str:
        side = "right" if right else "left"
        return f"<{tag} align='{side}'>{escape(text).replace(chr(10), '<br/>')}</{tag}>"

    header = "".join(cell("th", say(field.title), right=field.right) for field in model.fields)
    body = "".join(
        "<tr>"
        + "".join(cell("td", field.show(row), right=field.right) for field in model.fields)
        + "</tr>"
        for row in model.rows
    )
    paragraphs = "<br/>".join(map(escape, (*head.warnings, *head.rules)))
    signatures = "".join(
        f"<td width='33%'>{escape(say(Term(key)))}：____________________</td>" for key in _SIGN
    )
    document.setHtml(
        f"<h2 align='center'>{escape(head.title)}</h2>"
        f"<p align='center'>{'<br/>'.join(map(escape, head.lines))}</p>"
        "<table width='100%' border='1' cellspacing='0' cellpadding='3'"
        " style='border-collapse: collapse'>"
        f"<thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>"
        f"<h4>{escape(say(Term('statistics_basis')))}</h4><p>{paragraphs}</p>"
        f"<br/><table width='100%' cellpadding='6'><tr>{signatures}</tr></table>"
    )
    return document
