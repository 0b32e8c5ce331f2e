"""Calendar entries for meetings (RFC 5545, RFC 5546): invitations, cancellations, replies, the feed.

Nothing of a case is in them: the summary is the neutral meeting code, the body a link, the place a
room of the municipality's list. One entry names one attendee only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tmr_app.documents.glyphs import readable

if TYPE_CHECKING:
    from icalendar import Calendar, Event

ZONE = "Europe/Belgrade"  # Kosovo's clock; the tz database has no zone of its own
PRODUCT = "-//Tryeza//Tryeza Multidisiplinare//EN"
MOST_BYTES = 200_000  # of a reply; real ones have under 10 kB
MOST_SEQUENCE = 2**31 - 1
"""RFC 5545 3.3.8: an integer of 32 bits; a larger one fits no column."""

# Since 1996 the rule has not changed; two RRULEs need no list of dates that ends some day.
_VTIMEZONE = f"""BEGIN:VTIMEZONE
TZID:{ZONE}
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


class UnreadableReply(ValueError):
    """What came is no calendar reply that can be used; the message says why, without its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryValues:
    """`starts_at`, `ends_at`, `stamped_at`: aware instants. `uid` stays for the meeting's life, `sequence`
    grows with each change. `summary` and `description` are neutral words in the reader's language.
    """

    uid: str
    sequence: int
    summary: str
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    location: str = ""
    url: str = ""
    description: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationEntry:
    entry: EntryValues
    organizer_mail: str
    organizer_name: str
    attendee_mail: str
    attendee_name: str


@dataclass(frozen=True, slots=True)
class Reply:
    """`partstat` in upper case (ACCEPTED, DECLINED, TENTATIVE ...); `address` lower case, without `mailto:`."""

    uid: str
    sequence: int
    address: str
    partstat: str
    errors: tuple[str, ...] = ()


def invitation_request(values: InvitationEntry) -> bytes:
    """METHOD:REQUEST for one attendee; a change of date or place is the same with a higher sequence."""
    return _itip(values, "REQUEST", "CONFIRMED")


def cancellation(values: InvitationEntry) -> bytes:
    """METHOD:CANCEL with STATUS:CANCELLED; the sequence must be above the last one sent (RFC 5546, 3.2.5)."""
    return _itip(values, "CANCEL", "CANCELLED")


def feed(entries: Iterable[EntryValues], name: str) -> bytes:
    """A person's own calendar to subscribe to: neutral events, no organizer, no attendees."""
    calendar = _calendar(None)
    calendar.add("X-WR-CALNAME", _one_line(name))
    for entry in entries:
        calendar.add_component(_event(entry, "CANCELLED" if entry.cancelled else "CONFIRMED"))
    return bytes(calendar.to_ical(sorted=False))


def parse_reply(received: bytes) -> Reply:
    """Reads METHOD:REPLY with one event and one attendee; UnreadableReply for anything else."""
    from icalendar import Calendar

    if len(received) > MOST_BYTES:
        raise UnreadableReply("the reply is too large")
    try:
        calendar = Calendar.from_ical(received)
        events = [part for part in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as fault:
        raise UnreadableReply("no calendar entry could be read") from fault
    if str(calendar.get("METHOD", "")).upper() != "REPLY":
        raise UnreadableReply("the calendar entry is no reply")
    if len(events) != 1:
        raise UnreadableReply("the reply has not exactly one event")
    return _reply(events[0])


def _reply(event: Any) -> Reply:
    uid = str(event.get("UID", "")).strip()
    attendees = event.get("ATTENDEE")
    if isinstance(attendees, list):
        if len(attendees) != 1:
            raise UnreadableReply("the reply has not exactly one attendee")
        attendees = attendees[0]
    if not uid.isprintable() or not uid or attendees is None:
        raise UnreadableReply("the reply names no meeting or no attendee")
    address = str(attendees).strip().lower().removeprefix("mailto:")
    partstat = str(getattr(attendees, "params", {}).get("PARTSTAT", "")).upper()
    if "@" not in address or not address.isprintable() or not partstat:
        raise UnreadableReply("the reply has no answer")
    try:
        sequence = int(str(event.get("SEQUENCE", 0)))
    except ValueError as fault:
        raise UnreadableReply("the reply's sequence is no number") from fault
    if not 0 <= sequence <= MOST_SEQUENCE:
        raise UnreadableReply("the reply's sequence is out of range")
    errors = tuple(f"{name}: {text}" for name, text in getattr(event, "errors", ()))
    return Reply(uid, sequence, address, partstat, errors)


def _itip(values: InvitationEntry, method: str, status: str) -> bytes:
    from icalendar import vCalAddress

    event = _event(values.entry, status)
    organizer = vCalAddress.new(values.organizer_mail, cn=_one_line(values.organizer_name))
    event.add("ORGANIZER", organizer)
    attendee = vCalAddress.new(
        values.attendee_mail,
        cn=_one_line(values.attendee_name),
        cutype="INDIVIDUAL",
        role="REQ-PARTICIPANT",
        partstat="NEEDS-ACTION",
        rsvp=method == "REQUEST",
    )
    event.add("ATTENDEE", attendee)
    calendar = _calendar(method)
    calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


def _calendar(method: str | None) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    calendar.add("CALSCALE", "GREGORIAN")
    if method:
        calendar.add("METHOD", method)
    calendar.add_component(_timezone())
    return calendar


@lru_cache(maxsize=1)
def _timezone() -> Any:
    from icalendar import Timezone

    return Timezone.from_ical(_VTIMEZONE.replace("\n", "\r\n"))


def _event(values: EntryValues, status: str) -> Event:
    from icalendar import Event

    if values.ends_at <= values.starts_at:
        raise ValueError("a meeting ends after it begins")
    zone = ZoneInfo(ZONE)
    event = Event()
    event.add("UID", values.uid)
    event.add("SEQUENCE", values.sequence)
    event.add("DTSTAMP", values.stamped_at.astimezone(UTC))
    event.add("DTSTART", values.starts_at.astimezone(zone))
    event.add("DTEND", values.ends_at.astimezone(zone))
    event.add("SUMMARY", _one_line(values.summary))
    event.add("STATUS", status)
    event.add("CLASS", "CONFIDENTIAL")
    event.add("TRANSP", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    for name, value in (
        ("LOCATION", _one_line(values.location)),
        ("URL", values.url),
        ("DESCRIPTION", readable(values.description)),
    ):
        if value:
            event.add(name, value)
    return event


def _one_line(text: str) -> str:
    return " ".join(readable(text).split())
