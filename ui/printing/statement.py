"""The statement (统计表) on paper: the table as it is shown, its rules, and who signs."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from desk_maint.domain.messages import Term
from ui.printing.tables import PrintedTable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ui.managers.rows_model import Field
    from ui.texts import Texts

__all__ = ["StatementHead", "statement_table"]

_SIGN = ("prepared_by", "role_reviewer", "role_approver")


@dataclass(frozen=True, slots=True)
class StatementHead:
    """What stands over the table and under it, ready to be read."""

    bureau: str
    lines: Sequence[str]
    """Period and cut-off, and what the table is broken down by."""
    as_of: str
    warnings: Sequence[str]
    rules: Sequence[str]


def statement_table(
    texts: Texts, head: StatementHead, fields: Sequence[Field], rows: Sequence[Any]
) -> PrintedTable:
    """Return the statement as it goes to paper, A4 across."""
    say = texts.say
    paragraphs = "<br/>".join(map(escape, (*head.warnings, *head.rules)))
    signatures = "".join(
        f"<td width='33%'>{escape(say(Term(key)))}：____________________</td>" for key in _SIGN
    )
    return PrintedTable(
        title=f"{head.bureau} {say(Term('statement_title'))}".strip(),
        lines=head.lines,
        header=[say(field.title) for field in fields],
        rows=[[field.show(row) for field in fields] for row in rows],
        right=frozenset(number for number, field in enumerate(fields) if field.right),
        left_foot=head.bureau,
        middle_foot=head.as_of,
        closing=(
            f"<p><b>{escape(say(Term('statistics_basis')))}</b></p><p>{paragraphs}</p><br/>"
            f"<table width='100%' cellpadding='0'><tr>{signatures}</tr></table>"
        ),
    )
