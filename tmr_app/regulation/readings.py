"""Where the Regulation is silent or can be read otherwise: the reading chosen, shown as such, open to correction."""

from __future__ import annotations

from tmr_app.regulation.verdicts import Message

READINGS: dict[str, Message] = {
    "A4.2": Message("The text speaks of one case manager: one at a time."),
    "A4.5": Message(
        "The text bars a parent who is a perpetrator; this is extended to the alleged perpetrator, to guardians and "
        "others, and to notices and documents."
    ),
    "A4.6": Message("The case manager chooses among the kinds of 4.6; at least one is required."),
    "A5.1.5": Message(
        "Monthly: the same day of the next month, or its last day. A review counts when held in a meeting."
    ),
    "A5.1.6": Message("The text names no date: calendar year, due date set by the municipality."),
    "A5.2": Message("Closing as out of danger asks for both: services given, and risk lowered or gone."),
    "A8.2": Message(
        "Case meetings do not replace it; the first is due three months after the Table was registered; same day of the "
        "month, or its last day."
    ),
    "A8.3": Message("Days are calendar days; the meeting's date minus three days is the last lawful day."),
    "A8.6": Message("The same actors: who was invited to the previous meeting or present at it."),
    "A8.7": Message(
        "Counted as in A8.3; sending is what counts. For a review: the current assessment and plan."
    ),
    "A8.8": Message("It waives A8.7 for this meeting, and nothing of A8.3."),
    "A8.9": Message(
        "Counted as in A8.3; not owed before the first meeting, not enforced for an extraordinary one."
    ),
    "A8.11": Message(
        "Guests are added; for an ended seat, the present representative of the institution is invited."
    ),
    "A9": Message("The text asks for no quorum: absence is recorded and the meeting stands."),
    "A10.1": Message(
        "Who was absent signs as absent; a recused member, family and guests do not sign. The minutes of the last "
        "meeting are approved at its end or by circulation."
    ),
    "A10.2": Message("The text bars the examination; this is extended to all access to the case."),
    "A10.3": Message("The Table approves the agenda."),
    "A11": Message("Phases may be revisited."),
    "A12.2": Message("The levels low, medium and high are those of the guide."),
    "A12.4": Message("The form is not annexed: form E-3 of the guide, or the same headings."),
    "A12.5": Message("The time limit stands in another act; it is set in the settings."),
    "A14.3.2": Message("What is non-cooperation is judged by the case manager."),
    "A14.5": Message(
        "An extraordinary meeting allows shorter notice than A8.3 and A8.7; the head of services is told at once."
    ),
    "A14.6": Message(
        "The form is not annexed: form E-6 of the guide. A change is put before the Table at its next meeting."
    ),
    "A17.3": Message(
        "Moved within the state: closing waits until the other Centre accepted. The remark is no sixth ground."
    ),
    "A17.5": Message("The closing form and the closing section of Annex 1 are two documents, both signed."),
    "A18.2": Message("One declaration per case, before anything is shown; family members sign too."),
    "A20": Message("The objective is printed under the goal, the responsible member under the notes."),
}
