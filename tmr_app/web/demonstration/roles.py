"""The roles of the demonstration in words: who they are and what they see. Texts are translated where they are shown."""

from tmr_app.regulation.verdicts import Message

ROLES: dict[str, Message] = {
    "case_manager": Message("Case manager. Composes the Table, calls and chairs the meetings of her cases."),
    "second_case_manager": Message(
        "Second case manager, also on duty: sees own cases; may open another in an emergency, with a written reason."
    ),
    "assistant_case_manager": Message(
        "Assistant. Prepares and writes where she has a seat; sends nothing alone."
    ),
    "head": Message("Head of social services. Agrees to dates and sees every case of the Centre."),
    "police": Message("Police. Member of the Table in several cases."),
    "school": Message("School. Member of the Table in most cases; asked for written progress reports."),
    "family_medicine": Message("Family medicine. Member of the Table; said no to one invitation."),
    "victim_advocate": Message("Victim advocate. Has not answered an invitation yet."),
    "mental_health": Message(
        "Mental health. In one case the declaration is not signed yet: nothing is shown before."
    ),
    "ngo": Message(
        "Organisation. Declared a conflict of interest in one case and sees nothing of it any more."
    ),
    "shelter_or_foster": Message("Shelter or foster family. Member of the Table where a child is placed."),
    "communities_office": Message("Office for communities. Member of the Table."),
    "novoberde.police": Message("Police. Has said yes to an invitation."),
    "novoberde.school": Message("School. Has said no to an invitation; filed a progress report."),
    "novoberde.ngo": Message("Organisation. Filed a progress report before a review meeting."),
    "substitute": Message("Substitute of the school. Sees nothing until confirmed for one meeting."),
    "superior": Message(
        "Superior of the police station. Sees names and dates of own staff, nothing of a case."
    ),
    "guest": Message("Guest. Invited to one meeting; sees the papers of that meeting only."),
    "municipality_officer": Message("Municipality officer. Sees institutions and figures, no case."),
    "asylum_centre": Message(
        "Asylum centre. Member of the Table of a child seeking asylum (Article 4, paragraph 6)."
    ),
    "international_org": Message("International organisation. Member of the same Table; reads English."),
    "ministry_reader": Message(
        "Ministry of Justice. Asks for annual reports, reads those it was given, and national figures; no case."
    ),
    "administrator": Message("Administrator. Institutions, people and settings; no way into any case."),
}


def text_of(group: str, role: str) -> Message:
    """What this role does in this municipality; the words may differ from one to the other."""
    return ROLES.get(f"{group}.{role}") or ROLES[role]


GROUPS: dict[str, Message] = {
    "prishtine": Message("Prishtina"),
    "novoberde": Message("Novobërdë, a small municipality of several communities"),
    "country": Message("For the whole country"),
}
STEPS: tuple[tuple[str, Message], ...] = (
    ("case_manager", Message("See under “My work” what is owed today and by which article.")),
    ("head", Message("Agree to the date of a meeting that waits for you.")),
    ("case_manager", Message("Open a meeting in preparation, finish its task list and convene it.")),
    ("school", Message("Find the invitation in the mailbox, sign in from it, answer and read the papers.")),
    (
        "mental_health",
        Message("Sign the declaration and answer the conflict question; only then the case opens."),
    ),
    (
        "case_manager",
        Message(
            "Hold the meeting of today (at a weekend, go to the next working day first); end it and see the draft minutes."
        ),
    ),
    (
        "case_manager",
        Message("Go to the next day once or twice and watch the reminders arrive in the mailbox."),
    ),
    (
        "case_manager",
        Message(
            "Confirm the report of a member without account, sent by a personal link: “My work” names it."
        ),
    ),
    (
        "municipality_officer",
        Message("Open last year's annual report: small counts are hidden, so that nobody is recognised."),
    ),
    ("head", Message("See in the ledger which duties were met, met late or not met.")),
)
