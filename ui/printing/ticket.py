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
from ui.printing.paper import a4_pdf, a4_printer
from ui.words import grade_word, word

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desk_maint.services.ticket_details import TicketDetails
    from ui.context import Context

__all__ = ["print_ticket", "ticket_document", "write_pdf"]

_QR = "qr.png"


def print_ticket(parent: QWidget, context: Context, details: TicketDetails) -> None:
    """Ask for the printer (or a PDF file) and print the ticket."""
    printer = a4_printer()
    if QPrintDialog(printer, parent).exec():
        ticket_document(context, details).print_(printer)


def write_pdf(context: Context, details: TicketDetails, path: Path) -> None:
    """Write the ticket as PDF."""
    ticket_document(context, details).print_(a4_pdf(path))


def ticket_document(context: Context, details: TicketDetails) -> QTextDocument:
    """Return the ticket laid out for A4."""
    row, say = details.row, context.texts.say
    document = QTextDocument()
    document.setDefaultFont(context.theme.font)
    code = segno.make(row.number, micro=False).png_data_uri(scale=4, border=1)
    image = QImage.fromData(_bytes_of(code))
    document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(_QR), image)
    facts = [
        (Term("ticket_no"), row.number),
        (Term("asset_no"), f"{row.tag} {row.device_name or ''}"),
        (Term("report_unit"), f"{row.outlet_code} {row.outlet_name} {row.position or ''}"),
        (Term("fault_symptom"), row.symptom or ""),
        (Term("fault_level"), say(grade_word(row.grade))),
        (Term("impact"), say(word(row.impact))),
        (Term("occurred_at"), moment(context.texts, row.occurred_at)),
        (Term("reported_at"), moment(context.texts, row.reported_at)),
        (Term("reporter"), row.reported_by or ""),
        (Term("repair_limit"), moment(context.texts, row.repair_due_at)),
        (Term("role_technician"), row.technician or ""),
        (Term("arrived_at"), moment(context.texts, row.on_site_at)),
        (Term("service_restored_at"), moment(context.texts, row.restored_at)),
        (Term("fault_cause"), row.cause or ""),
        (Term("repair_action"), details.action_taken or ""),
        (Term("parts_replaced"), details.parts_used or ""),
    ]
    cells = "".join(
        f"<tr><td width='30%'>{escape(say(name))}</td><td>{escape(value.strip())}</td></tr>"
        for name, value in facts
    )
    course = "".join(
        f"<tr><td width='30%'>{moment(context.texts, event.at)}</td><td>"
        f"{escape(say(Term(action_key(event.action))))} {escape(event.actor or '')} "
        f"{escape(event.text or '')}</td></tr>"
        for event in details.timeline
    )
    signatures = " ".join(
        f"<td width='50%'>{escape(say(name))}：<br/><br/><br/></td>"
        for name in (Term("role_technician"), Term("verified_by"))
    )
    document.setHtml(
        f"<table width='100%'><tr><td><h1>{escape(say(Term('repair_ticket')))}</h1></td>"
        f"<td align='right'><img src='{_QR}'/></td></tr></table>"
        f"<table width='100%' border='1' cellspacing='0' cellpadding='6'>{cells}</table>"
        f"<h3>{escape(say(msg('Course of events')))}</h3>"
        f"<table width='100%' border='1' cellspacing='0' cellpadding='4'>{course}</table><br/>"
        "<table width='100%' border='1' cellspacing='0' cellpadding='6'>"
        f"<tr>{signatures}</tr></table>"
    )
    return document


def _bytes_of(data_uri: str) -> bytes:
    return base64.b64decode(data_uri.partition(",")[2])
