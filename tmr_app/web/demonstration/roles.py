"""The roles of the demonstration in words: who they are and what they see. Texts are translated where they are shown."""

from tmr_app.regulation.verdicts import Message

ROLES: dict[str, Message] = {
    "case_manager": Message("Case manager: composes the Table, calls and chairs the meetings."),
    "second_case_manager": Message(
        "Second case manager, on duty: sees only own cases; may open a case in an emergency with a written reason."
    ),
    "assistant_case_manager": Message("Assistant case manager: prepares and writes, sends nothing alone."),
    "head": Message("Head of social services: agrees to dates, sees all cases of the Centre."),
    "police": Message("Police: member of the Table in several cases."),
    "school": Message("School: member of the Table; owes written progress reports."),
    "family_medicine": Message("Family medicine: member of the Table."),
    "victim_advocate": Message("Victim advocate: member of the Table."),
    "mental_health": Message("Mental health: has a case whose declaration is not signed yet."),
    "ngo": Message("Organisation: had a conflict of interest in one case and sees nothing of it any more."),
    "shelter_or_foster": Message("Shelter or foster family: member where a child is placed."),
    "communities_office": Message("Office for communities: member of the Table."),
    "substitute": Message("Substitute of the school: sees nothing until confirmed for a meeting."),
    "superior": Message(
        "Superior of the police station: sees names and dates of own staff, nothing of a case."
    ),
    "guest": Message("Guest: invited to one meeting only, sees that meeting's papers."),
    "municipality_officer": Message("Municipality officer: sees figures and institutions, no case."),
    "asylum_centre": Message(
        "Asylum centre: member where a child is an asylum seeker (Article 4, paragraph 6)."
    ),
    "international_org": Message("International organisation: reads English."),
    "administrator": Message("Administrator: institutions, people and settings; no way into any case."),
}
GROUPS: dict[str, Message] = {
    "prishtine": Message("Municipality of Prishtina"),
    "novoberde": Message("Municipality of Novobërdë, mixed communities"),
    "country": Message("The whole country"),
}
STEPS: tuple[tuple[str, Message], ...] = (
    ("case_manager", Message('See in "My work" what is owed today, and by which article.')),
    ("case_manager", Message("Open the case with a meeting in preparation and look at the task list.")),
    ("head", Message("Agree to the date of a meeting that waits for you.")),
    ("case_manager", Message("Convene the meeting: the rules are asked at once; the invitations leave.")),
    (
        "school",
        Message("Read the invitation in the mailbox, sign in, answer, read the pack, file the report."),
    ),
    ("mental_health", Message("Sign the declaration and answer the conflict question before seeing a case.")),
    (
        "case_manager",
        Message("Move the demonstration's date to the day of a meeting and hold it; see the draft minutes."),
    ),
    ("head", Message("See in the ledger which duties were met, met late or not met.")),
)
