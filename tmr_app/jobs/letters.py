"""From an outbox row to a mail: the template of its kind, in the recipient's language, with a link and nothing personal."""

from datetime import date, datetime
from typing import Any

from flask import Flask, render_template
from flask_babel import force_locale, gettext

from tmr_app.documents.calendar import EntryValues, InvitationEntry, cancellation, invitation_request
from tmr_app.kernel.mail import Mail, compose
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.kernel.settings import Settings
from tmr_app.web.languages import ALBANIAN, by_key


def letter(app: Flask, message: OutboxMessage) -> Mail:
    """Compose the mail of this row. Raises jinja2.TemplateNotFound for an unknown kind."""
    settings: Settings = app.extensions["tmr_settings"]
    language = by_key(message.language) or ALBANIAN
    context = _context(settings, message)
    with app.app_context(), force_locale(language.locale):
        subject = " ".join(render_template(f"mail/{message.kind}/subject.txt", **context).split())
        body = render_template(f"mail/{message.kind}/body.txt", **context).strip()
        frame = {
            "link": context["link"],
            "link_label": _link_label(message),
            "subject": subject,
            "body": body,
        }
        text = render_template("mail/_layout.txt", **frame)
        html = render_template(
            "mail/_layout.html", html_language=language.html, paragraphs=body.split("\n\n"), **frame
        )
        calendar, method = _calendar(message, context["link"])
        return compose(
            message_id=message.message_id,
            sender=(gettext("Round Table"), settings.mail_from),
            recipient=message.address,
            subject=subject,
            text=text,
            html=html,
            written_at=message.created_at,
            reply_to=message.parameters.get("reply_to"),
            calendar=calendar,
            calendar_method=method,
        )


def _context(settings: Settings, message: OutboxMessage) -> dict[str, Any]:
    path = str(message.parameters.get("path", "/"))
    parameters = {name: _dated(name, value) for name, value in message.parameters.items()}
    return {**parameters, "link": settings.public_url + path}


def _dated(name: str, value: Any) -> Any:
    """`..._at` is an instant, `..._on` a civil date; both travel as ISO 8601."""
    if isinstance(value, str) and name.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and name.endswith("_on"):
        return date.fromisoformat(value)
    return value


def _link_label(message: OutboxMessage) -> str:
    if message.kind == "account_invitation":
        return str(gettext("Activate my account"))
    if message.kind == "account_reset":
        return str(gettext("Choose a new password"))
    return str(gettext("Sign in and open"))


def _calendar(message: OutboxMessage, link: str) -> tuple[bytes | None, str]:
    """The calendar part of an invitation: `parameters["calendar"]` holds code, times and room, never more."""
    entry = message.parameters.get("calendar")
    if not entry:
        return None, ""
    cancelled = entry["method"] == "CANCEL"
    summary = gettext("Meeting %(code)s", code=entry["code"])
    values = InvitationEntry(
        entry=EntryValues(
            uid=entry["uid"],
            sequence=int(entry["sequence"]),
            summary=summary,
            starts_at=datetime.fromisoformat(entry["starts_at"]),
            ends_at=datetime.fromisoformat(entry["ends_at"]),
            stamped_at=message.created_at,
            location=entry.get("location") or "",
            url=link,
            description=gettext("Details after signing in."),
            cancelled=cancelled,
        ),
        organizer_mail=entry["organizer"],
        organizer_name=entry.get("organizer_name") or "",
        attendee_mail=message.address,
        attendee_name="",
    )
    return (cancellation(values), "CANCEL") if cancelled else (invitation_request(values), "REQUEST")
