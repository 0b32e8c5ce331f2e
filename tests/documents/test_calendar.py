from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from tmr_app.documents.calendar import (
    EntryValues,
    InvitationEntry,
    Reply,
    UnreadableReply,
    cancellation,
    feed,
    invitation_request,
    parse_reply,
)

ENTRY = EntryValues(
    uid="7k4f@tryeza.example",
    sequence=0,
    summary="TMR-7K4F-02",
    starts_at=datetime(2026, 7, 17, 7, 30, tzinfo=UTC),
    ends_at=datetime(2026, 7, 17, 9, 0, tzinfo=UTC),
    stamped_at=datetime(2026, 7, 1, 9, 0, tzinfo=UTC),
    location="Salla 2; Komuna, Prishtinë",
    url="https://tryeza.example/m/7k4f",
    description="Hapeni pas kyçjes",
)
INVITED = InvitationEntry(
    entry=ENTRY,
    organizer_mail="qps@prishtina.example",
    organizer_name="QPS, Prishtinë",
    attendee_mail="driton@policia.example",
    attendee_name='Driton "D", Berisha: ë',
)


def lines(data: bytes) -> list[str]:
    """RFC 5545, 3.1: CRLF, at most 75 octets a line, folded lines joined; no library used."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    raw = data.split(b"\r\n")[:-1]
    assert max(map(len, raw)) <= 75
    joined: list[bytes] = []
    for line in raw:
        if line.startswith(b" "):
            joined[-1] += line[1:]
        else:
            joined.append(line)
    return [line.decode() for line in joined]


def reply(text: str = "ACCEPTED", data: bytes | None = None) -> bytes:
    made = (
        (data or invitation_request(INVITED))
        .replace(b"\r\n ", b"")
        .replace(b"METHOD:REQUEST", b"METHOD:REPLY")
    )
    return made.replace(b"PARTSTAT=NEEDS-ACTION", b"PARTSTAT=" + text.encode())


def test_an_invitation_line_by_line() -> None:
    said = lines(invitation_request(INVITED))
    depth: list[str] = []
    for line in said:
        name, _, value = line.partition(":")
        assert name
        if name == "BEGIN":
            depth.append(value)
        elif name == "END":
            assert depth.pop() == value
    assert depth == []
    for wanted in (
        "VERSION:2.0",
        "METHOD:REQUEST",
        "UID:7k4f@tryeza.example",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "SUMMARY:TMR-7K4F-02",
        "DTSTAMP:20260701T090000Z",
        "DTSTART;TZID=Europe/Belgrade:20260717T093000",
        "DTEND;TZID=Europe/Belgrade:20260717T110000",
        r"LOCATION:Salla 2\; Komuna\, Prishtinë",
        "URL:https://tryeza.example/m/7k4f",
    ):
        assert said.count(wanted) == 1, wanted
    assert [line for line in said if line.startswith("ORGANIZER")] == [
        'ORGANIZER;CN="QPS, Prishtinë":mailto:qps@prishtina.example'
    ]
    (attendee,) = [line for line in said if line.startswith("ATTENDEE")]
    assert attendee.endswith(":mailto:driton@policia.example")
    assert "RSVP=TRUE" in attendee
    zone = said[said.index("BEGIN:VTIMEZONE") : said.index("END:VTIMEZONE") + 1]
    assert len(zone) == 17  # BEGIN and END counted
    assert sum(line.startswith("RRULE:FREQ=YEARLY") for line in zone) == 2
    assert not any(line.startswith("RDATE") for line in zone)


def test_an_invitation_is_parsed_back_in_summer_and_winter() -> None:
    winter = replace(
        ENTRY,
        starts_at=datetime(2026, 11, 17, 8, 30, tzinfo=UTC),
        ends_at=datetime(2026, 11, 17, 10, 0, tzinfo=UTC),
    )
    for entry in (ENTRY, winter):
        calendar = Calendar.from_ical(invitation_request(replace(INVITED, entry=entry)))
        (event,) = calendar.events
        assert event.start == entry.starts_at
        assert event.end == entry.ends_at
        assert not event.errors
        assert event.start.hour == 9
        assert len(event.attendees) == 1
        assert event.attendees[0].params["CN"] == INVITED.attendee_name


def test_a_cancellation_keeps_the_uid_and_raises_the_sequence() -> None:
    said = lines(cancellation(replace(INVITED, entry=replace(ENTRY, sequence=2))))
    for wanted in ("METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:2", "UID:7k4f@tryeza.example"):
        assert said.count(wanted) == 1
    assert sum(line.startswith("ATTENDEE") for line in said) == 1


def test_the_feed_names_nobody() -> None:
    other = replace(ENTRY, uid="b@tryeza.example", cancelled=True)
    said = lines(feed((ENTRY, other), "Tryeza"))
    assert said.count("BEGIN:VEVENT") == 2
    assert said.count("STATUS:CANCELLED") == 1
    assert not any(line.startswith(("METHOD", "ORGANIZER", "ATTENDEE")) for line in said)
    assert len(Calendar.from_ical(feed((), "Tryeza")).events) == 0


def test_the_same_values_give_the_same_bytes() -> None:
    assert invitation_request(INVITED) == invitation_request(INVITED)


def test_line_breaks_in_names_cannot_add_properties() -> None:
    bad = "X\r\nATTENDEE:mailto:evil@evil.example\r\nBEGIN:VALARM"
    entry = replace(ENTRY, summary=bad, location=bad, description=bad)
    said = lines(invitation_request(replace(INVITED, entry=entry, attendee_name=bad, organizer_name=bad)))
    assert sum(line.startswith("ATTENDEE") for line in said) == 1
    assert "BEGIN:VALARM" not in said


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        invitation_request(replace(INVITED, entry=replace(ENTRY, ends_at=ENTRY.starts_at)))


@pytest.mark.parametrize("answer", ["ACCEPTED", "DECLINED", "TENTATIVE", "accepted"])
def test_a_reply_is_read(answer: str) -> None:
    wanted = Reply("7k4f@tryeza.example", 0, "driton@policia.example", answer.upper())
    assert parse_reply(reply(answer)) == wanted
    assert parse_reply(reply(answer).replace(b"\r\n", b"\n")) == wanted
    assert parse_reply(reply(answer).replace(b"mailto:d", b"MAILTO:D")) == wanted


def test_a_reply_with_a_bad_date_is_read_with_its_errors() -> None:
    found = parse_reply(reply().replace(b"20260717T093000", b"nonsense"))
    assert found.partstat == "ACCEPTED"
    assert found.errors
    assert "DTSTART" in found.errors[0]


@pytest.mark.parametrize(
    "received",
    [
        b"",
        b"no calendar",
        b"\xff\xfe\x00\x01",
        b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
        invitation_request(INVITED),
        reply() + reply(),
        reply().replace(b"SEQUENCE:0", b"SEQUENCE:soon"),
        reply().replace(b"SEQUENCE:0", b"SEQUENCE:2147483648"),
        reply().replace(b"SEQUENCE:0", b"SEQUENCE:-1"),
        reply().replace(b"UID:7k4f", b"UID:7k\x004f"),
        reply().replace(b"driton@", b"dri\x00ton@"),
        reply().replace(b"UID:7k4f@tryeza.example\r\n", b""),
        reply().replace(b"mailto:driton@policia.example", b"nobody"),
        reply("").replace(b"PARTSTAT=;", b""),
        reply().replace(b"BEGIN:VEVENT", b"BEGIN:VTODO").replace(b"END:VEVENT", b"END:VTODO"),
        b"BEGIN:VEVENT\r\n" * 5000,
        b"x" * 300_000,
    ],
    ids=lambda data: str(data[:12]),
)
def test_garbage_is_unreadable_and_nothing_else(received: bytes) -> None:
    with pytest.raises(UnreadableReply):
        parse_reply(received)


def test_cut_and_flipped_replies_never_raise_anything_else() -> None:
    whole = reply()
    for at in range(0, len(whole), 7):
        for damaged in (
            whole[:at],
            whole[:at] + b"\x00" + whole[at + 1 :],
            whole[:at] + b"\r\n:" + whole[at:],
        ):
            try:
                found = parse_reply(damaged)
            except UnreadableReply:
                continue
            assert "@" in found.address
