"""THE page: permission -> who. Everything not granted here is denied. Articles beside each ground.

A grant looks at the standing only: pure, no database. Case rights come from the case standing alone; offices open
nothing of a case (T01), except the head's office of the own QPS, which is a case standing itself (A16).
"""

from collections.abc import Callable
from uuid import UUID

from tmr_app.access.permissions import Permission as P
from tmr_app.access.standing import CaseStanding as C
from tmr_app.access.standing import Office as O
from tmr_app.access.standing import Standing

Grant = Callable[[Standing], bool]


def in_case(*standings: C) -> Grant:
    allowed = frozenset(standings)
    return lambda standing: standing.case in allowed


def in_office(*offices: O) -> Grant:
    allowed = frozenset(offices)
    return lambda standing: bool(standing.offices & allowed)


def either(*grants: Grant) -> Grant:
    return lambda standing: any(grant(standing) for grant in grants)


def while_open(grant: Grant) -> Grant:
    """Only while the case is open: a closed dossier is read-only."""
    return lambda standing: standing.case_is_open and grant(standing)


def declared_for_general(grant: Grant) -> Grant:
    """Only with the own declaration for the municipality's general meetings (A18.2)."""
    return lambda standing: standing.general_declared and grant(standing)


def anyone(_standing: Standing) -> bool:
    return True


def signed_in(standing: Standing) -> bool:
    return standing.is_signed_in


def holds_document(standing: Standing) -> bool:
    """A place to sign in the document of the address: that one page, also for a former member (A10.1)."""
    return standing.holds_document


CHAIR = in_case(C.CASE_MANAGER)
WRITERS = in_case(C.CASE_MANAGER, C.ASSISTANT)
QPS = in_case(C.CASE_MANAGER, C.ASSISTANT, C.ASSISTANT_READER, C.HEAD, C.BREAK_GLASS)
TABLE = in_case(C.CASE_MANAGER, C.ASSISTANT, C.ASSISTANT_READER, C.MEMBER)
TABLE_AND_HEAD = in_case(C.CASE_MANAGER, C.ASSISTANT, C.ASSISTANT_READER, C.MEMBER, C.HEAD, C.BREAK_GLASS)
SEATED = in_case(C.CASE_MANAGER, C.ASSISTANT, C.ASSISTANT_READER, C.MEMBER, C.GUEST)
SEATED_OR_AT_THE_DOOR = either(SEATED, in_case(C.UNDECLARED, C.UNANSWERED, C.RECUSED))
GENERAL_TABLE = either(
    lambda standing: standing.at_general_table, in_office(O.HEAD, O.GENERAL_CHAIR, O.MUNICIPALITY_OFFICER)
)

GRANTS: dict[P, Grant] = {
    P.PUBLIC: anyone,
    P.DEMONSTRATION: anyone,  # the blueprint exists only over a database marked as a demonstration
    P.MAILBOX: anyone,  # likewise
    P.OWN_ACCOUNT: signed_in,
    P.MY_WORK: signed_in,
    P.CALENDAR_READ: signed_in,
    P.CASE_LIST: signed_in,  # shows only cases in which the reader has a standing
    P.CASE_OPEN: in_office(O.CASE_MANAGER, O.HEAD),  # A4.2, A6.1.1; the head assigns the case manager
    P.ADMINISTRATION: in_office(O.ADMINISTRATOR),
    P.AUDIT_VERIFY: in_office(O.ADMINISTRATOR),
    P.HEAD_OFFICE: in_office(O.HEAD),  # A16
    P.LEDGER_OF_CASES: in_office(O.CASE_MANAGER, O.HEAD),  # A6.1.1, A16: own cases; the Centre's to its head
    P.MUNICIPALITY_READ: in_office(
        O.CASE_MANAGER, O.ASSISTANT, O.HEAD, O.GENERAL_CHAIR, O.MUNICIPALITY_OFFICER, O.ADMINISTRATOR
    ),
    P.MUNICIPALITY_LEDGER: in_office(O.HEAD, O.GENERAL_CHAIR, O.MUNICIPALITY_OFFICER),
    P.GENERAL_READ: GENERAL_TABLE,  # A8.2
    P.GENERAL_CONTENT: declared_for_general(GENERAL_TABLE),  # A8.2, A18.2
    P.GENERAL_DECLARE: GENERAL_TABLE,  # A18.2
    P.GENERAL_WRITE: declared_for_general(
        in_office(O.GENERAL_CHAIR)
    ),  # A8.2: there is no case and so no case manager
    P.GENERAL_CHAIR_NAME: in_office(O.HEAD),  # A8.2: the head names who convenes and chairs
    P.MUNICIPALITY_OVERVIEW: in_office(O.HEAD, O.GENERAL_CHAIR, O.MUNICIPALITY_OFFICER),  # A8.2, A5.1.6
    P.ANNUAL_READ: in_office(
        O.CASE_MANAGER, O.ASSISTANT, O.HEAD, O.GENERAL_CHAIR, O.REPRESENTATIVE, O.MUNICIPALITY_OFFICER
    ),  # A5.1.6; the officer sees what was submitted: the query filters
    P.ANNUAL_DRAFT_READ: in_office(O.CASE_MANAGER, O.ASSISTANT, O.HEAD, O.GENERAL_CHAIR, O.REPRESENTATIVE),
    P.ANNUAL_WRITE: in_office(O.GENERAL_CHAIR, O.HEAD),  # A5.1.6: who compiles, named by the head
    P.ANNUAL_ACKNOWLEDGE: in_office(O.MUNICIPALITY_OFFICER),  # A5.1.6: reports to the municipality
    P.ANNUAL_BODY: in_office(O.MINISTRY_READER, O.COUNCIL_READER),  # A5.1.6: on request
    P.OWN_STAFF: in_office(O.SUPERIOR),  # A14.3.2: names and due dates of own staff, nothing of the case
    P.CASE_READ: TABLE_AND_HEAD,  # A4.1, A10.6, A16.1
    P.CASE_WRITE: while_open(WRITERS),  # A4.2, A6.1.1
    P.REPORTER_READ: in_case(C.CASE_MANAGER, C.ASSISTANT),  # T19
    P.SHELTER_ADDRESS_READ: lambda standing: standing.sees_shelter_address,  # A4.1.12; granted by name
    P.ASSESSMENT_READ: TABLE_AND_HEAD,
    P.ASSESSMENT_PROPOSE: while_open(TABLE),  # A5.1.2, A12.2
    P.INFORMATION_VERIFY: while_open(CHAIR),  # A12.1: the chair decides, with a note
    P.SUPERVISE: while_open(in_case(C.HEAD)),  # A16: looks at the work, records monitoring visits
    P.FILE_READ: TABLE_AND_HEAD,
    P.FILE_WRITE: while_open(WRITERS),
    P.TIMELINE_READ: QPS,
    P.ACCESS_LOG_READ: in_case(C.CASE_MANAGER, C.HEAD),  # T01, A16
    P.CASE_LEDGER_READ: in_case(C.CASE_MANAGER, C.ASSISTANT, C.ASSISTANT_READER, C.HEAD),
    P.DISCLOSURE_WRITE: CHAIR,  # A18.1
    P.DISCLOSURE_APPROVE: in_case(C.HEAD),
    P.CASE_MANAGER_ASSIGN: in_case(C.HEAD),  # A4.2: appointed by the QPS
    P.CONFLICT_DECIDE_CHAIR: in_case(C.HEAD),  # A10.2
    P.BREAK_GLASS: lambda standing: (
        standing.case_is_open and standing.duty_qps_case and standing.case in (C.NONE, C.FORMER)
    ),  # A8.8, A14.5: a closed dossier is no emergency
    P.BREAK_GLASS_REVIEW: in_case(C.HEAD),
    P.TABLE_READ: TABLE_AND_HEAD,
    P.TABLE_WRITE: while_open(CHAIR),  # A4.3
    P.DECLARATION_SIGN: SEATED_OR_AT_THE_DOOR,  # A18.2
    P.CONFLICT_ANSWER: either(SEATED, in_case(C.UNANSWERED)),  # A10.2
    P.CONFLICT_FLAG: either(TABLE, in_case(C.HEAD)),
    P.RECUSE: CHAIR,
    P.CASE_HAND_OVER: in_case(C.CASE_MANAGER, C.HEAD),
    P.MEETING_READ: either(
        TABLE_AND_HEAD, in_case(C.GUEST)
    ),  # a guest: own meetings only, the view's query filters
    P.MEETING_PREPARE: while_open(WRITERS),
    P.MEETING_CONVENE: while_open(CHAIR),  # A6.1.3, A8.3: the assistant sends nothing alone
    P.MEETING_AGREE: while_open(in_case(C.HEAD)),  # A8.3
    P.MEETING_REQUEST: while_open(TABLE),  # A8.4
    P.EXTRAORDINARY_CALL: while_open(in_case(C.CASE_MANAGER, C.BREAK_GLASS)),  # A14.5
    P.INVITATION_ANSWER: while_open(either(SEATED, in_case(C.UNDECLARED, C.UNANSWERED))),
    P.PACK_READ: either(TABLE_AND_HEAD, in_case(C.GUEST)),  # A8.3, A8.7
    P.DELIVERY_READ: QPS,
    P.MEETING_HOLD: while_open(WRITERS),  # A6.1.4
    P.MINUTES_DRAFT_READ: TABLE_AND_HEAD,
    P.MINUTES_DRAFT_WRITE: while_open(WRITERS),
    P.MINUTES_OBJECT: TABLE,  # A10.1
    P.MINUTES_COURSE: CHAIR,  # A10.1, A6.1.1: also for the minutes of a closing meeting
    P.DOCUMENT_READ: either(
        TABLE_AND_HEAD, holds_document
    ),  # A10.1, A17.5; read: second attestation of paper
    P.DOCUMENT_SIGN: either(TABLE, holds_document),  # A10.1, A17.5: also when the case is closed
    P.DOCUMENT_KEEP: CHAIR,  # A6.1.1: the assistant closes nothing alone
    P.GENERAL_DOCUMENT_READ: either(
        in_office(O.CASE_MANAGER, O.ASSISTANT, O.HEAD, O.GENERAL_CHAIR), holds_document
    ),
    P.GENERAL_DOCUMENT_SIGN: holds_document,  # A10.1
    P.GENERAL_DOCUMENT_KEEP: in_office(O.GENERAL_CHAIR, O.HEAD),
    P.REPORT_FILE: while_open(SEATED),  # A8.9
    P.REPORT_READ: TABLE_AND_HEAD,
    P.REPORT_MANAGER_PART_READ: in_case(C.CASE_MANAGER, C.ASSISTANT),
    P.PLAN_READ: TABLE_AND_HEAD,
    P.PLAN_WRITE: while_open(WRITERS),
    P.PLAN_PROPOSE: while_open(TABLE),
    P.ACTION_UPDATE: while_open(SEATED),  # A14.2: own actions; the operation checks whose
    P.COOPERATION_READ: QPS,  # A14.3.2, A16: the dossier's own letters, with the head; no member reads about another
    P.VISIT_READ: QPS,
    P.VISIT_WRITE: while_open(WRITERS),
    P.CLOSING_READ: TABLE_AND_HEAD,  # A17.1: the recommendation goes to the Table
    P.CLOSING_WRITE: while_open(CHAIR),  # A17.1; the assistant closes nothing (A4.1.2)
    P.CLOSING_APPROVE: while_open(in_case(C.HEAD)),  # A17.3
    P.CASE_REOPEN: lambda standing: not standing.case_is_open and standing.case is C.HEAD,  # A16
    P.TRANSFER_ANSWER: in_case(C.OFFERED),  # A17.3.3: number, municipality and reason, nothing else
    P.CASE_RETENTION: in_case(C.CASE_MANAGER, C.HEAD),  # A18.1; erasing needs both, or two heads in turn
}


def may(standing: Standing, permission: P) -> bool:
    """Whether this standing holds this permission. An error in a grant is a refusal upstream (500, no content)."""
    return GRANTS[permission](standing)


WITHOUT_CASES = frozenset(
    {
        O.SUPERIOR,
        O.MUNICIPALITY_OFFICER,
        O.GENERAL_CHAIR,
        O.MINISTRY_READER,
        O.COUNCIL_READER,
        O.ADMINISTRATOR,
    }
)
"""Offices that bring no seat at any Table and head no Centre (A4.1, A16)."""


def offered_in_menu(standing: Standing, permission: P) -> bool:
    """Whether the menu shows a door: who may open it, and whom what lies behind it can ever concern.

    The list of cases opens to everybody and shows only own ones. Whoever holds nothing but offices without cases would
    always find it empty; whoever holds none may be seated all the same (A4.4), and so may whoever is inside a case now.
    """
    if permission is P.CASE_LIST and standing.offices_anywhere and not standing.knows_case:
        return not standing.offices_anywhere <= WITHOUT_CASES
    return may(standing, permission)


def only_own_meetings(standing: Standing) -> bool:
    """Whether this standing opens single meetings, not the case: a guest's or a substitute's (A8.5)."""
    return standing.case is C.GUEST


def opens_meeting(standing: Standing, meeting_id: UUID) -> bool:
    """Whether a meeting of the case is among those this standing opens, within its window."""
    return not only_own_meetings(standing) or meeting_id in standing.meeting_ids
