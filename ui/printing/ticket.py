"""The repair ticket (维修工单) on paper or as PDF, with a QR code of its number."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

import segno
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog

from desk_maint.domain.messages import Term, msg
from desk_maint.language.fields import action_key
from ui.formats import moment
from ui.printing.paper import a4_printer, pdf_paper
from ui.words import grade_word, word

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desk_maint.services.ticket_details import TicketDetails
    from desk_maint.services.ticket_timeline import TimelineEvent
    from ui.context import Context

__all__ = ["print_ticket", "ticket_document", "write_pdf"]

_QR = "qr.png"
_STYLE = "td { padding: 5px; } td.name { background-color: #EEF2F0; } h3 { margin-top: 14px; }"
_TABLE = "<table width='100%' border='1' style='border-collapse: collapse; border-color: #808080'>"


def print_ticket(parent: QWidget, context: Context, details: TicketDetails) -> None:
    """Ask for the printer (or a PDF file) and print the ticket."""
    printer = a4_printer()
    if QPrintDialog(printer, parent).exec():
        ticket_document(context, details).print_(printer)


def write_pdf(context: Context, details: TicketDetails, path: Path) -> None:
    """Write the ticket as PDF; see :func:`ui.printing.paper.pdf_paper`."""
    with pdf_paper(path) as paper:
        ticket_document(context, details).print_(paper)


def ticket_document(context: Context, details: TicketDetails) -> QTextDocument:
    """Return the ticket laid out for A4."""
    row, texts = details.row, context.texts
    say = texts.say
    document = QTextDocument()
    document.setDefaultFont(context.theme.font)
    document.setDefaultStyleSheet(_STYLE)
    code = segno.make(row.number, micro=False).png_data_uri(scale=4, border=1)
    image = QImage.fromData(_bytes_of(code))
    document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(_QR), image)
    pairs = (
        (Term("ticket_no"), row.number, Term("fault_level"), say(grade_word(row.grade))),
        (Term("asset_no"), row.tag, Term("impact"), say(word(row.impact))),
        (Term("equipment_name"), row.device_name, Term("fault_symptom"), row.symptom),
        (
            Term("report_unit"),
            f"{row.outlet_code} {row.outlet_name}",
            Term("install_location"),
            row.position,
        ),
        (Term("reporter"), row.reported_by, Term("role_technician"), row.technician),
        (
            Term("occurred_at"),
            moment(texts, row.occurred_at),
            Term("reported_at"),
            moment(texts, row.reported_at),
        ),
        (
            Term("response_limit"),
            moment(texts, row.accept_due_at),
            Term("accepted_at"),
            moment(texts, row.accepted_at),
        ),
        (
            Term("arrival_limit"),
            moment(texts, row.on_site_due_at),
            Term("arrived_at"),
            moment(texts, row.on_site_at),
        ),
        (
            Term("repair_limit"),
            moment(texts, row.repair_due_at),
            Term("service_restored_at"),
            moment(texts, row.restored_at),
        ),
    )
    facts = "".join(
        f"<tr><td class='name' width='16%'>{escape(say(first))}</td>"
        f"<td width='34%'>{escape(value or '')}</td>"
        f"<td class='name' width='16%'>{escape(say(second))}</td>"
        f"<td width='34%'>{escape(other or '')}</td></tr>"
        for first, value, second, other in pairs
    )
    long = (
        (Term("fault_cause"), row.cause),
        (Term("repair_action"), details.action_taken),
        (Term("parts_replaced"), details.parts_used),
    )
    facts += "".join(
        f"<tr><td class='name'>{escape(say(name))}</td>"
        f"<td colspan='3'>{escape(text or '') or '<br/>'}</td></tr>"
        for name, text in long
    )
    course = "".join(
        f"<tr><td class='name' width='24%'>{moment(texts, event.at)}</td>"
        f"<td>{escape(_event_words(context, event))}</td></tr>"
        for event in details.timeline
    )
    signatures = "".join(
        f"<td width='50%'>{escape(say(name))}：<br/><br/><br/></td>"
        for name in (Term("role_technician"), Term("verified_by"))
    )
    document.setHtml(
        f"<table width='100%'><tr><td valign='middle'><h1>{escape(say(Term('repair_ticket')))}"
        f"</h1></td><td align='right'><img src='{_QR}'/></td></tr></table>"
        f"{_TABLE}{facts}</table>"
        f"<h3>{escape(say(msg('Course of events')))}</h3>"
        f"{_TABLE}{course}</table><p>&nbsp;</p>"
        f"{_TABLE}<tr>{signatures}</tr></table>"
    )
    return document


def _event_words(context: Context, event: TimelineEvent) -> str:
    say = context.texts.say
    what = say(Term(action_key(event.action)))
    if event.hold_reason is not None:
        what = f"{what}：{say(word(event.hold_reason))}"
    return "　".join(part for part in (what, event.actor, event.text) if part)


def _bytes_of(data_uri: str) -> bytes:
    return base64.b64decode(data_uri.partition(",")[2])
