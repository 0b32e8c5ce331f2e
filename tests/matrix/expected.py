"""Who may do what, written from the access matrix by hand: never computed from the policy it checks.

Roles: m case manager, a assistant (delegated), h head, b member, g guest, u undeclared, r recused, f former, o municipality
officer, y ministry reader, s superior, x administrator, n nobody. `own`: towards the case of their seat (or office);
towards any other case only the head of the same Centre has a standing ("h" of `other_case`).
"""

LETTERS = {
    "m": "case_manager",
    "a": "assistant",
    "h": "head",
    "b": "member",
    "g": "guest",
    "u": "undeclared",
    "r": "recused",
    "f": "former",
    "o": "officer",
    "y": "ministry",
    "s": "superior",
    "x": "administrator",
    "n": "nobody",
}
EVERYBODY = "mahbgurfoysx"

# permission: who holds it towards the own case
IN_CASE = {
    "case_read": "mahb",
    "case_write": "ma",
    "assessment_read": "mahb",
    "assessment_propose": "mab",
    "information_verify": "m",
    "supervise": "h",
    "file_read": "mahb",
    "file_write": "ma",
    "timeline_read": "mah",
    "access_log_read": "mh",
    "case_ledger_read": "mah",
    "disclosure_write": "m",
    "disclosure_approve": "h",
    "case_manager_assign": "h",
    "conflict_decide_chair": "h",
    "break_glass": "",
    "break_glass_review": "h",
    "table_read": "mahb",
    "table_write": "m",
    "declaration_sign": "mabgur",
    "conflict_answer": "mabg",
    "conflict_flag": "mahb",
    "recuse": "m",
    "case_hand_over": "mh",
    "meeting_read": "mahbg",
    "meeting_prepare": "ma",
    "meeting_convene": "m",
    "meeting_agree": "h",
    "meeting_request": "mab",
    "extraordinary_call": "m",
    "invitation_answer": "mabgu",
    "pack_read": "mahbg",
    "delivery_read": "mah",
    "meeting_hold": "ma",
    "minutes_draft_read": "mahb",
    "minutes_draft_write": "ma",
    "minutes_object": "mab",
    "minutes_course": "m",
    "document_read": "mahb",
    "document_sign": "mab",
    "document_keep": "m",
    "report_file": "mabg",
    "report_read": "mahb",
    "report_manager_part_read": "ma",
    "plan_read": "mahb",
    "plan_write": "ma",
    "plan_propose": "mab",
    "action_update": "mabg",
    "cooperation_read": "mah",
    "visit_read": "mah",
    "visit_write": "ma",
    "closing_read": "mahb",
    "closing_write": "m",
    "closing_approve": "h",
    "case_reopen": "",  # the case of this world is open (tests/closures)
    "transfer_answer": "",  # nobody is offered this case here (tests/closures)
    "case_retention": "mh",
}
# of these the head of the same Centre holds towards every case of the Centre (A16)
HEAD_IN_QPS = frozenset(permission for permission, who in IN_CASE.items() if "h" in who)

OUTSIDE = {
    "public": EVERYBODY + "n",
    "demonstration": EVERYBODY + "n",
    "mailbox": EVERYBODY + "n",
    "own_account": EVERYBODY,
    "my_work": EVERYBODY,
    "calendar_read": EVERYBODY,
    "case_list": EVERYBODY,
    "case_open": "mh",
    "administration": "x",
    "audit_verify": "x",
    "head_office": "h",
    "ledger_of_cases": "mh",
    "own_staff": "s",
    "annual_body": "y",
}
# towards the own municipality; towards another one only the administrator
IN_MUNICIPALITY = {
    "municipality_overview": "mho",
    "annual_read": "mahburfo",
    "annual_draft_read": "mahburf",
    "annual_write": "mh",
    "annual_acknowledge": "o",
    "municipality_read": "mahox",
    "municipality_ledger": "mho",  # the case manager of this cast chairs the general meetings
    "administration": "x",
    "general_document_read": "mah",
    "general_document_sign": "",  # opens by a place to sign alone
    "general_document_keep": "mh",
    "general_read": "mahburfo",  # rostered for the 14 kinds (b, u, r, f by their institutions), head, officer
    "general_content": "mbo",  # of these, who has signed the declaration for general meetings
    "general_declare": "mahburfo",
    "general_write": "m",
    "general_chair_name": "h",
}
BEHIND_THE_DECLARATION = {"general_content": "ahurf", "general_write": ""}
"""Who is told to sign first (403 with the way) instead of finding nothing."""
ADMINISTRATOR_EVERYWHERE = frozenset({"municipality_read", "administration"})


def may(role: str, permission: str, place: str, arguments: set[str]) -> bool:
    """Whether the matrix says yes. `place`: own, other_case (same Centre), other_town. `arguments` of the address."""
    letter = next(key for key, name in LETTERS.items() if name == role)
    if "case_id" in arguments:
        if place == "own":
            return letter in IN_CASE[permission]
        return place == "other_case" and letter == "h" and permission in HEAD_IN_QPS
    if "municipality_id" in arguments:
        if place == "other_town":
            return letter == "x" and permission in ADMINISTRATOR_EVERYWHERE
        return letter in IN_MUNICIPALITY[permission]
    if permission in IN_MUNICIPALITY:
        return letter in IN_MUNICIPALITY[permission]
    return letter in OUTSIDE[permission]


def is_told_to_sign(role: str, permission: str) -> bool:
    """Whether this role is led to the declaration for general meetings instead of finding nothing (A18.2)."""
    letter = next(key for key, name in LETTERS.items() if name == role)
    return letter in BEHIND_THE_DECLARATION.get(permission, "")


# what the menu offers, wherever the reader is: no tab that could only ever be empty
MENU = {
    "my_work.show": EVERYBODY,
    "calendar.month": EVERYBODY,
    "cases.index": "mahbgurf",  # the guest holds no office: as an outside professional (A4.4), seated all the same
    "head_office.dashboard": "h",
    "municipalities.index": "mahox",
    "annual_bodies.index": "y",
    "own_staff.index": "s",
    "administration.index": "x",
}
