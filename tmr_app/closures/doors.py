"""The blueprint of the closing pages, where they lead back to, and the words of the audit."""

from typing import Any

from flask import Blueprint, g, url_for

from tmr_app.cases import panels
from tmr_app.cases.attempts import Attempt
from tmr_app.cases.table_doors import deed_page
from tmr_app.closures import dossier
from tmr_app.closures.dossier import Dossier
from tmr_app.kernel import clock, db
from tmr_app.kernel.forms import Form
from tmr_app.kernel.web import Page
from tmr_app.regulation.verdicts import Message

blueprint = Blueprint("closing", __name__)
ADDRESS = "/cases/<uuid:case_id>/closing"

panels.audit_words(
    {
        "closing:recommended": Message("Closing of the case was recommended"),
        "closing:withdrawn": Message("The recommendation to close was taken back"),
        "closing:opinion": Message("An opinion on closing was recorded"),
        "closing:no-parent": Message("It was recorded why no parent or guardian was asked about closing"),
        "closing:approved": Message("The head of services approved the closing assessment"),
        "closing:returned": Message("The head of services returned the closing assessment"),
        "closing:decided": Message("The Table decided to close the case"),
        "closing:declined": Message("The Table decided to go on with the case"),
        "closing:form": Message("The closing form was made and sent for signatures"),
        "closing:closed": Message("The Table's work on the case has ended"),
        "case:closed": Message("The case was closed"),
        "case:reopened": Message("The case was reopened by the head of services"),
        "case:transferred": Message("The case was transferred to another Centre"),
        "transfer:offered": Message("The case was offered to another Centre"),
        "transfer:withdrawn": Message("The offer of transfer was taken back"),
        "transfer:refused": Message("The other Centre refused the transfer"),
        "transfer:accepted": Message("The other Centre accepted the transfer"),
        "family-notices:stopped": Message("Notices to the family were stopped"),
        "family-notices:resumed": Message("Notices to the family go on"),
        "hold:placed": Message("A legal hold was placed"),
        "hold:lifted": Message("A legal hold was lifted"),
        "erasure:proposed": Message("Erasure of the case's data was proposed"),
        "erasure:refused": Message("Erasure of the case's data was refused"),
        "read:closing:guide": Message("Closing guide opened"),
        "read:closing:assessment": Message("Closing assessment opened"),
        "read:closing:opinions": Message("Opinions on closing opened"),
        "read:closing:opinion": Message("Opinions on closing opened"),
        "read:closing:no_parent": Message("Opinions on closing opened"),
        "read:closing:approval": Message("Closing assessment opened"),
        "read:closing:decision": Message("Decision on closing opened"),
        "read:closing:form": Message("Closing form opened"),
        "read:closing:form_file": Message("Closing form taken as a file"),  # in audits of earlier versions
        "read:closing:family_letter": Message("Notice of the closing taken as a file"),
        "read:closing:end": Message("Closing guide opened"),
        "read:closing:withdraw": Message("Closing guide opened"),
        "read:closing:reopen": Message("Closing guide opened"),
        "read:closing:transfer": Message("Transfer of the case opened"),
        "read:transfers:answer": Message("Offer of the case opened by the other Centre"),
        "read:retention:show": Message("Retention of the case opened"),
        "read:retention:hold": Message("Retention of the case opened"),
    }
)


def to_guide() -> str:
    return url_for("closing.guide", case_id=g.case.id)


def loaded() -> Dossier:
    """The case of the address with its closing, as it stands now."""
    return dossier.load(db.session(), g.case, clock.now())


def deed(form: Form, heading: str, submit: str, outcome: Attempt, **more: Any) -> Page:
    """One question of the closing: as the Table's deeds look, leading back to the guide."""
    return deed_page(
        form, heading, submit, outcome=outcome, cancel=more.pop("cancel", None) or to_guide(), **more
    )
