"""The child's data, the family, the risk and the placement of a case."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import case_record, family, risk, words
from tmr_app.cases.doors import after_refusal, blueprint, stale_sides
from tmr_app.cases.forms import GROUPS, ChildForm, PlacementForm, RelativeForm, RiskForm
from tmr_app.cases.models import Case, Child
from tmr_app.cases.opening import CHILD_TEXTS, FLAGS
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused, RuleRefused, Stale
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.regulation.catalogue import RISKS_OF_GROUP


def _child_values(case: Case, child: Child) -> dict[str, Any]:
    """What the form shows of the stored child."""
    return {name: getattr(child, name) for name in CHILD_TEXTS} | {
        "birth_on": date.fromisoformat(child.birth_date) if child.birth_date else None,
        "birth_year": "" if child.birth_date else str(case.birth_year or ""),
        "gender": case.gender,
        "adult_reason": case.adult_reason,
        "flags": [flag for flag, column in FLAGS.items() if getattr(case, column)],
        "version": case.version,
    }


@blueprint.route("/cases/<uuid:case_id>/child", methods=["GET", "POST"])
@allows(Permission.CASE_WRITE)
def child(case_id: UUID) -> Page | Redirect:
    """Correct the child's data and statuses."""
    session = db.session()
    form = ChildForm(data=_child_values(g.case, risk.child_of(session, case_id)))
    if not form.validate_on_submit():
        return Page("cases/child.html", status=422 if form.is_submitted() else 200, form=form, sides=())
    try:
        risk.change_child(
            session,
            g.person,
            clock.now(),
            case=g.case,
            version=form.version.data,
            data=form.child(),
            flags=frozenset(form.flags.data or ()),
            adult_reason=form.adult_reason.data or "",
        )
    except FieldRefused as error:
        form.refuse(error)
        return Page("cases/child.html", status=422, form=form, sides=())
    except Stale as error:
        return Page("cases/child.html", status=409, form=form, sides=stale_sides(error, form))
    return Redirect(url_for("cases.show", case_id=case_id), flash=_("The child's data are saved."))


@blueprint.route("/cases/<uuid:case_id>/family", methods=["GET", "POST"])
@allows(Permission.CASE_READ, posting=Permission.CASE_WRITE)
def family_list(case_id: UUID) -> Page | Redirect:
    """The people around the child; a writer adds one."""
    session = db.session()
    writes = may(g.standing, Permission.CASE_WRITE)
    form = RelativeForm() if writes else None
    status = 200
    if form is not None and form.is_submitted():
        if form.validate():
            try:
                family.add_relative(
                    session, g.person, clock.now(), case=g.case, relative=_relative(form), once=form.once.data
                )
            except FieldRefused as error:
                form.refuse(error)
            else:
                return Redirect(
                    url_for("cases.family_list", case_id=case_id), flash=_("The person is added.")
                )
        status = 422
    relations = case_record.relations_of(session, case_id)
    return Page("cases/family.html", status=status, form=form, relations=relations, words=words)


def _relative(form: RelativeForm) -> family.RelativeData:
    return family.RelativeData(
        name=form.name.data or "",
        kind=form.kind.data,
        contact=form.contact.data or "",
        note=form.note.data or "",
        has_parental_care=bool(form.has_parental_care.data),
        is_perpetrator=bool(form.is_perpetrator.data),
        perpetrator_reason=form.perpetrator_reason.data or "",
    )


@blueprint.route("/cases/<uuid:case_id>/family/<uuid:relation_id>", methods=["GET", "POST"])
@allows(Permission.CASE_WRITE)
def family_person(case_id: UUID, relation_id: UUID) -> Page | Redirect:
    """Correct a person; the mark of suspected perpetrator acts at once."""
    session = db.session()
    relation = family.find_relation(session, case_id, relation_id)
    member = relation.family_member
    form = RelativeForm(
        data={
            "name": member.name,
            "kind": relation.kind,
            "contact": member.contact,
            "note": member.note,
            "has_parental_care": relation.has_parental_care,
            "is_perpetrator": relation.is_suspected_perpetrator,
        }
    )
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return Page("cases/family_person.html", status=status, form=form, reason=relation.mark_reason)
    try:
        family.change_relative(
            session, g.person, clock.now(), case=g.case, relation=relation, relative=_relative(form)
        )
    except FieldRefused as error:
        form.refuse(error)
        reason = family.find_relation(session, case_id, relation_id).mark_reason
        return Page("cases/family_person.html", status=422, form=form, reason=reason)
    return Redirect(url_for("cases.family_list", case_id=case_id), flash=_("The change is saved."))


@blueprint.route("/cases/<uuid:case_id>/risk", methods=["GET", "POST"])
@allows(Permission.CASE_WRITE)
def risk_edit(case_id: UUID) -> Page | Redirect:
    """Kinds of risk and a new determination of the level."""
    session = db.session()
    form = RiskForm(data=_risk_values(case_record.risks_of(session, case_id)))
    context: dict[str, Any] = {"form": form, "verdicts": (), "sides": ()}
    if not form.validate_on_submit():
        levels = case_record.levels_of(session, case_id)
        return Page("cases/risk.html", status=422 if form.is_submitted() else 200, levels=levels, **context)
    status = 422
    try:
        risk.change_risks(
            session,
            g.person,
            clock.now(),
            case=g.case,
            version=form.version.data,
            risks=form.risks(),
            level=form.level.data or None,
            reason=form.reason.data or "",
            labour_sector=form.labour_sector.data or None,
        )
    except RuleRefused as error:
        context["verdicts"] = after_refusal(error)
    except FieldRefused as error:
        form.refuse(error)
    except Stale as error:
        context["sides"], status = stale_sides(error, form), 409
    else:
        return Redirect(url_for("cases.show", case_id=case_id), flash=_("The risk is saved."))
    return Page("cases/risk.html", status=status, levels=case_record.levels_of(session, case_id), **context)


def _risk_values(risks: list[Any]) -> dict[str, Any]:
    kinds = {one.risk for one in risks}
    values: dict[str, Any] = {
        group: [key for key in RISKS_OF_GROUP[group] if key in kinds] for group in GROUPS
    }
    values |= {one.risk: one.other_text for one in risks if one.risk.endswith("_other")}
    sector = g.case.labour_sector or ""
    return values | {"level": g.case.risk_level, "version": g.case.version, "labour_sector": sector}


@blueprint.route("/cases/<uuid:case_id>/placement", methods=["GET", "POST"])
@allows(Permission.CASE_WRITE)
def placement(case_id: UUID) -> Page | Redirect:
    """Where the child is placed."""
    session = db.session()
    stored = risk.child_of(session, case_id)
    form = PlacementForm(
        data={
            "is_placed": g.case.is_placed,
            "institution": str(stored.placement_institution_id or ""),
            "address": stored.placement_address,
        }
    )
    shelters = case_record.shelters_of(session, g.case.municipality_id)
    form.institution.choices = [("", _("none of these")), *[(str(one), name) for one, name in shelters]]
    if not form.validate_on_submit():
        return Page("cases/placement.html", status=422 if form.is_submitted() else 200, form=form)
    chosen = form.institution.data
    data = risk.PlacementData(
        is_placed=bool(form.is_placed.data),
        institution_id=UUID(chosen) if chosen else None,
        address=form.address.data or "",
    )
    try:
        risk.change_placement(session, g.person, clock.now(), case=g.case, placement=data)
    except FieldRefused as error:
        form.refuse(error)
        return Page("cases/placement.html", status=422, form=form)
    return Redirect(url_for("cases.show", case_id=case_id), flash=_("The placement is saved."))
