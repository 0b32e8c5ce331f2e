"""The guide's form E-3, the assessment of a child-labour case: its twelve parts in printed order."""

from __future__ import annotations

from tmr_app.documents.guide_shapes import (
    GENERAL,
    FieldPart,
    GuideForm,
    Section,
    TablePart,
    TextPart,
    TickPart,
)
from tmr_app.regulation.verdicts import Message

_SCALE = (Message("Statement"), Message("1 – 5"), Message("Comment, if possible in the child's own words"))

_WORK = Section(
    Message("Sector"),
    (
        TickPart(
            (
                ("street", Message("Work in the street (selling small things, carrying goods, begging)")),
                ("housework", Message("Housework")),
                ("agriculture", Message("Agriculture")),
                ("forestry", Message("Forestry")),
                ("building", Message("Building")),
                ("recycling", Message("Recycling (work at dumps or collecting waste from containers)")),
                (
                    "quarrying",
                    Message("Exploitation of natural resources (surface digging of sand, stone, coal)"),
                ),
                (
                    "illicit",
                    Message("Use for forbidden activities (selling or making drugs, theft and others)"),
                ),
                ("other_sector", Message("Other sector")),
            )
        ),
        TickPart(
            (
                ("danger_place", Message("Dangers of the place of work")),
                ("danger_activity", Message("Dangers of the activities")),
                ("danger_tools", Message("Dangers of the tools")),
                ("danger_hours", Message("Dangers of the length and hours of work")),
            )
        ),
        FieldPart(
            (
                ("work_place", Message("Where the child works")),
                ("work_hours", Message("Daily hours of work")),
                ("work_week", Message("Hours of work a week")),
            )
        ),
        TextPart(
            "accidents", Message("Accidents, injuries, health or other problems the child has from working")
        ),
        TickPart(
            (
                (
                    "e3_high",
                    Message("Degree of danger: high (help is needed at once to protect the child from harm)"),
                ),
                (
                    "e3_medium",
                    Message("Degree of danger: medium (further assessment and support are needed)"),
                ),
                ("e3_low", Message("Degree of danger: low (referral to other services and supervision)")),
            )
        ),
        TickPart(
            (
                ("steady", Message("works steadily, since (month/year)")),
                ("seasonal", Message("works now and then or by season (time of year)")),
            )
        ),
        FieldPart(
            (
                ("income", Message("Child's monthly income")),
                ("age_begun", Message("Age at which the child began to work")),
            )
        ),
        TextPart("work_reasons", Message("Reasons for working")),
        TextPart("child_view", Message("How the child sees the work and the reasons for it")),
    ),
)

_FAMILY = Section(
    Message("Profile of the family"),
    (
        TickPart(
            (
                ("both_parents", Message("With both parents")),
                ("one_parent", Message("With one parent")),
                ("guardian", Message("With a guardian")),
                ("no_parents", Message("Without parental care")),
                ("other_family", Message("Other family situation")),
            )
        ),
        TextPart(
            "parents",
            Message("General data on parents/guardians (state of mind and body, employment, parenting)"),
        ),
        FieldPart(
            (
                ("siblings", Message("Brothers and sisters: number")),
                ("siblings_ages", Message("Brothers and sisters: ages")),
            )
        ),
        TextPart("siblings_concerns", Message("Concerns about the brothers and sisters")),
        TextPart("household", Message("Other members of the family who live with the child")),
    ),
)

_LIVING = Section(
    Message("Basic conditions of living"),
    (
        TickPart(
            (
                ("house", Message("House (m2)")),
                ("flat", Message("Flat (m2)")),
                ("other_home", Message("Other home (m2)")),
            )
        ),
        TextPart("home", Message("Quality of the housing (facts on cleanliness, room, drinking water)")),
        TextPart("food", Message("Nutrition (meals a day, quality of the food)")),
        TextPart("family_income", Message("Sources of the family's income")),
    ),
)

_HEALTH = Section(
    Message("State of health"),
    (
        TextPart("body", Message("Physical health (weight, height, problems, treatment)")),
        TextPart("mind", Message("Mental and emotional health and well-being")),
    ),
)

_RELATIONS = Section(
    Message("Family and social relations"),
    (TablePart("relations", _SCALE, 10),),
)

_SCHOOL = Section(
    Message("Education, free time and interests"),
    (
        TickPart(
            (
                ("never_enrolled", Message("Not enrolled in school; reason")),
                ("left_school", Message("Has left school; reason")),
                ("school_and_work", Message("Combines school and work")),
                ("non_formal", Message("Follows a programme of non-formal education (which and where)")),
                ("vocational", Message("Follows vocational or technical training (which and where)")),
            )
        ),
        FieldPart(
            (
                ("last_grade", Message("Last grade completed")),
                ("last_year", Message("Last year in school")),
                ("school_name", Message("Name of the school")),
                ("grade", Message("Present grade")),
                ("performance", Message("Performance in school")),
                ("subjects", Message("Favourite subjects")),
                ("work_influence", Message("How work affects schooling")),
                ("free_time", Message("Activities in free time")),
                ("interests", Message("Favourite activities and interests")),
            )
        ),
    ),
)

_SERVICES = Section(
    Message("Access to services and the community's attitude"),
    (
        TickPart(
            (
                ("s_health", Message("Health services")),
                ("s_planning", Message("Family planning services")),
                ("s_counselling", Message("Family counselling services")),
                ("s_school", Message("Access to school")),
                ("s_preschool", Message("Access to pre-school institutions")),
                ("s_recreation", Message("Recreation and sport programmes")),
                ("s_rehabilitation", Message("Psycho-social rehabilitation programmes")),
                ("s_vocational", Message("Vocational training programmes")),
                ("s_social", Message("Social support services")),
                ("s_economic", Message("Economic support services")),
                ("s_material", Message("Possibilities of material support")),
            )
        ),
        FieldPart(
            (
                ("attitude_education", Message("Community's attitude to education")),
                ("attitude_work", Message("Community's attitude to child labour")),
            )
        ),
        TextPart(
            "surroundings",
            Message("The child's surroundings and the services there, and how they bear on the work"),
        ),
    ),
)

_SUMMARY = Section(
    Message("Summary of the assessment"),
    (
        TextPart("sum_safety", Message("Safety and health")),
        TextPart("sum_living", Message("Conditions of living and basic needs")),
        TextPart("sum_family", Message("Profile of the family")),
        TextPart("sum_relations", Message("Family and social relations")),
        TextPart("sum_school", Message("Education, free time and interests")),
        TextPart("sum_services", Message("Services where the child lives")),
    ),
)

_PLAN = Section(
    Message("Indications for the plan of services"),
    (
        TablePart(
            "indications", (Message("From whose view"), Message("Aims"), Message("Ways to reach them")), 3
        ),
    ),
)

_SOURCES = Section(
    Message("Sources of the data"),
    (
        TickPart(
            (
                ("source_child", Message("The child as source")),
                ("source_parents", Message("The parents")),
                ("source_siblings", Message("Brothers/sisters")),
                ("source_household", Message("Other members of the family living with the child")),
                ("source_relatives", Message("Other relatives")),
                ("source_school", Message("The school")),
                ("source_observation", Message("Observation")),
                ("source_other", Message("Other source")),
            )
        ),
    ),
)

_END = Section(
    Message("Conclusion of the assessment"),
    (
        FieldPart(
            (
                ("begun_on", Message("Date the assessment began")),
                ("ended_on", Message("Date the assessment ended")),
                ("updated_on", Message("Date of updating the information system")),
            )
        ),
        TablePart("signatures", (Message("Case manager"), Message("Date"), Message("Signature")), 1, True),
    ),
)

E3 = GuideForm(
    "E-3",
    Message("Assessment of the case"),
    (
        GENERAL,
        _WORK,
        _FAMILY,
        _LIVING,
        _HEALTH,
        _RELATIONS,
        _SCHOOL,
        _SERVICES,
        _SUMMARY,
        _PLAN,
        _SOURCES,
        _END,
    ),
)
