"""The guide's forms E-1 to E-7 (child-labour cases): sections and labels in printed order.

The message ids are working translations; the Albanian catalogue holds the guide's own words. Pages 2
to 4 of E-4/1 are missing from the guide's text.
"""

from __future__ import annotations

from tmr_app.documents.guide_assessment import E3
from tmr_app.documents.guide_shapes import (
    GENERAL,
    PARENT,
    FieldPart,
    GuideForm,
    Labels,
    Section,
    TablePart,
    TextPart,
    TickPart,
)
from tmr_app.regulation.verdicts import Message

_SIGN_BOTH = TablePart("signatures", (Message("Signs"), Message("Date"), Message("Signature")), 2, True)
_UPDATED: tuple[str, Message] = ("updated_on", Message("Date of updating the information system"))
_YES_NO: Labels = (("yes", Message("Yes")), ("no", Message("No")))
_PLAN_KINDS: Labels = (
    ("short", Message("Short-term plan")),
    ("medium", Message("Medium-term plan")),
    ("long", Message("Long-term plan")),
)
_PLAN_COLUMNS = (
    Message("Objective"),
    Message("Actions"),
    Message("Responsible institution"),
    Message("Responsible person(s)"),
    Message("Time limit (from – to)"),
    Message("Indicators"),
)

E1 = GuideForm(
    "E-1",
    Message("Referral of the case"),
    (
        Section(
            Message("Referring person"),
            (TextPart("referrer", Message("Data of the party that referred the case, if given")),),
        ),
        Section(
            Message("Way of referral"),
            (
                TickPart(
                    (
                        ("direct", Message("directly")),
                        ("telephone", Message("by telephone")),
                        ("other_way", Message("otherwise")),
                    )
                ),
            ),
        ),
        Section(
            Message("Data of the case"), (TextPart("data", Message("Data that the referring person has")),)
        ),
        Section(Message("Reasons for the referral"), (TextPart("reasons", Message("Reasons")),)),
        Section(
            Message("Documents given"), (TextPart("documents", Message("If the referring person has any")),)
        ),
        Section(
            Message("Referral received by"),
            (
                FieldPart(
                    (
                        ("receiver_first_name", Message("First name")),
                        ("receiver_surname", Message("Surname")),
                        ("receiver_position", Message("Position")),
                        ("received_on", Message("Date")),
                        ("received_at_place", Message("Place")),
                        ("receiver_signature", Message("Signature")),
                    )
                ),
            ),
        ),
    ),
)

E2 = GuideForm(
    "E-2",
    Message("Appointment of the case manager"),
    (
        GENERAL,
        Section(
            Message("How the case was referred"),
            (
                TickPart(
                    (("by_child", Message("by the child")), ("for_child", Message("in the child's name, by")))
                ),
            ),
        ),
        Section(
            Message("General notes on the case"),
            (
                FieldPart(
                    (
                        ("identification", Message("Kind of identification")),
                        ("personal_number", Message("Child's personal no.")),
                        ("parent_name", Message("Name of the child's parent")),
                        ("gender", Message("Gender")),
                        ("born_on", Message("Date of birth")),
                        ("birthplace", Message("Place of birth")),
                        ("nationality", Message("Nationality")),
                        ("languages", Message("Language spoken")),
                        ("temporary_address", Message("Temporary address")),
                        ("permanent_address", Message("Permanent address")),
                        ("repatriated", Message("Repatriated?")),
                        ("repatriated_from", Message("State repatriated from")),
                        ("telephone", Message("Child's telephone")),
                        ("mail", Message("Child's e-mail")),
                    )
                ),
            ),
        ),
        Section(Message("Why the case was presented"), (TextPart("reason", Message("Explanation")),)),
        Section(
            Message("Has the child or family received services of the Centre for Social Work before?"),
            (
                TickPart(_YES_NO),
                FieldPart(
                    (
                        ("earlier_period", Message("If yes, in which period?")),
                        ("earlier_reason", Message("What was the reason?")),
                        ("earlier_services", Message("Services received")),
                    )
                ),
            ),
        ),
        Section(
            Message("Appointment by the head of services or the authorised officer"),
            (
                FieldPart(
                    (
                        ("accepted_on", Message("Date of acceptance")),
                        ("met_on", Message("Date of the meeting with the client")),
                    )
                ),
                TextPart("summary", Message("Short description of the case")),
                _SIGN_BOTH,
            ),
        ),
    ),
)

E4 = GuideForm(
    "E-4",
    Message("Plan of services"),
    (
        GENERAL,
        PARENT,
        *(Section(title, (TablePart(f"plan_{key}", _PLAN_COLUMNS, 2),)) for key, title in _PLAN_KINDS),
        Section(
            Message("Approval of the plan of services"),
            (
                FieldPart(
                    (
                        ("begun_on", Message("Date the drafting began")),
                        ("ended_on", Message("Date the drafting ended")),
                        ("approved_on", Message("Date of approval")),
                        ("approved_by", Message("Approved by")),
                        _UPDATED,
                    )
                ),
                _SIGN_BOTH,
            ),
        ),
    ),
)

E4_1 = GuideForm(
    "E-4/1",
    Message("Evaluation of how the plan of services is carried out"),
    (
        GENERAL,
        Section(
            Message("Participants in the evaluation"),
            (TablePart("participants", (Message("Name"), Message("Institution"))),),
        ),
        Section(Message("Plan under review"), (TickPart(_PLAN_KINDS),)),
    ),
)

E4_2 = GuideForm(
    "E-4/2",
    Message("Revision of the plan of services"),
    (
        GENERAL,
        PARENT,
        Section(
            Message("General data of the revision"),
            (
                FieldPart(
                    (
                        ("reason", Message("Reason for revising the plan of services")),
                        ("initiative", Message("The initiative comes from")),
                        ("period", Message("Period the revised plan covers")),
                    )
                ),
                TickPart(_PLAN_KINDS),
            ),
        ),
        *(Section(title, (TablePart(f"plan_{key}", _PLAN_COLUMNS, 2),)) for key, title in _PLAN_KINDS),
        Section(
            Message("Conclusion of the revision"),
            (
                FieldPart(
                    (
                        ("begun_on", Message("Date the revision began")),
                        ("ended_on", Message("Date the revision ended")),
                        ("approved_on", Message("Date of approval")),
                        ("approved_by", Message("Approved by")),
                        _UPDATED,
                    )
                ),
                _SIGN_BOTH,
            ),
        ),
    ),
)

E5 = GuideForm(
    "E-5",
    Message("Internal referral"),
    (
        GENERAL,
        PARENT,
        Section(
            Message("Referred by"),
            (
                FieldPart(
                    (
                        ("referrer_name", Message("Name")),
                        ("referrer_position", Message("Position and unit")),
                        ("referred_on", Message("Date")),
                    )
                ),
            ),
        ),
        Section(
            Message("To the head of services"),
            (
                FieldPart(
                    (
                        ("head_name", Message("Name of the head")),
                        ("current_service", Message("Service the family uses now")),
                    )
                ),
                TickPart(
                    (
                        ("needs_service", Message("also needs the service")),
                        ("needs_check", Message("the service now received needs to be verified, because")),
                    )
                ),
            ),
        ),
        Section(
            Message("To be filled in by the head of services"),
            (
                TickPart(
                    (
                        ("necessary", Message("the service is necessary")),
                        ("unnecessary", Message("the service is not necessary")),
                        ("to_check", Message("the service must be verified")),
                    )
                ),
                TextPart("finding_reason", Message("Reasons")),
                _SIGN_BOTH,
            ),
        ),
    ),
)

E6 = GuideForm(
    "E-6",
    Message("Contact sheet and work on the case"),
    (
        GENERAL,
        Section(
            Message("Kind of contact"),
            (
                TickPart(
                    (("supervision", Message("Supervision")), ("service", Message("Giving of service(s)")))
                ),
            ),
        ),
        Section(
            Message("Activity"),
            (
                FieldPart(
                    (
                        ("activity", Message("Activity")),
                        ("activity_on", Message("Date")),
                        ("activity_time", Message("Time (from – to)")),
                        ("present", Message("Persons present")),
                    )
                ),
                TextPart("aims", Message("Aims of the activity")),
                TextPart("talks", Message("Summary of the talks")),
                TextPart("observations", Message("Observations of the case manager")),
                TextPart("agreement", Message("Agreement reached")),
            ),
        ),
        Section(
            Message("Next activity"),
            (
                FieldPart(
                    (
                        ("next_on", Message("Date of the next activity")),
                        ("next_place", Message("Place")),
                        ("next_aim", Message("Aim of the next activity")),
                        _UPDATED,
                    )
                ),
                TablePart("signatures", (Message("Name"), Message("Signature")), 4, True),
            ),
        ),
    ),
)

E7 = GuideForm(
    "E-7",
    Message("Closing of the case"),
    (
        GENERAL,
        Section(
            Message("Reason for closing the case"),
            (
                TickPart(
                    (
                        ("aim_reached", Message("The aim is reached")),
                        ("moved", Message("Change of residence / case transferred to")),
                        ("of_age", Message("Coming of age")),
                        ("other_reason", Message("Other reason or way")),
                    )
                ),
            ),
        ),
        Section(
            Message("The child and/or parent/guardian were told the reasons for closing the case"),
            (TickPart(_YES_NO),),
        ),
        Section(
            Message("How they were told"),
            (
                TickPart(
                    (
                        ("told_meeting", Message("Meeting")),
                        ("told_post", Message("By post")),
                        ("told_telephone", Message("By telephone")),
                        ("told_other", Message("Other reason or way")),
                    )
                ),
            ),
        ),
        Section(
            Message("Conclusion"),
            (
                TextPart(
                    "consulted", Message("Persons involved or consulted in the decision to close the case")
                ),
                TextPart(
                    "no_approval", Message("Reasons, if the parent's or guardian's approval was not obtained")
                ),
                FieldPart(
                    (
                        ("closed_on", Message("Date of closing the case")),
                        ("approved_by", Message("Approved by")),
                        _UPDATED,
                    )
                ),
                _SIGN_BOTH,
            ),
        ),
    ),
)

FORMS = {form.code: form for form in (E1, E2, E3, E4, E4_1, E4_2, E5, E6, E7)}
