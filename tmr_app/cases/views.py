"""The list of cases and the summary of one; the room's other pages are in `views_*.py`, all on one blueprint."""

from datetime import date
from uuid import UUID

from flask import g, request

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import (  # noqa: F401  (their views hang on the same blueprint)
    case_record,
    disclosing_work,
    monitoring_panels,
    panels,
    views_assessment,
    views_files,
    views_information,
    views_opening,
    views_people,
    views_records,
    words,
)
from tmr_app.cases.case_queries import CasePage, Filter, list_cases
from tmr_app.cases.doors import blueprint
from tmr_app.cases.forms import FilterForm, SearchForm
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.web import Page, allows

__all__ = ["blueprint"]


@blueprint.get("/cases")
@allows(Permission.CASE_LIST)
def index() -> Page:
    """The reader's own cases, by the next duty's date."""
    form = FilterForm()
    values = form.values()
    wanted = Filter(
        status=values["status"],
        level=values["level"] or "",
        mine=bool(values["mine"]),
        after=values["after"] or "",
        before=values["before"] or "",
    )
    found = _listed(wanted)
    return _list(found, form, SearchForm(formdata=None), "")


def _listed(wanted: Filter) -> CasePage:
    headed = tuple(dict(g.standing.headed))
    return list_cases(db.session(), g.person.id, clock.now(), wanted, headed=headed)


@blueprint.post("/cases")
@allows(Permission.CASE_LIST)
def search() -> Page:
    """A search in the reader's own cases; by POST, so that no name stands in an address."""
    form = SearchForm()
    audit.note(db.session(), "read:cases:search", object_type="list", rule="case_list", outcome="read")
    wanted = Filter()
    if form.validate():
        wanted = Filter(
            status=form.status.data,
            text=form.q.data or "",
            after=form.after.data or "",
            before=form.before.data or "",
        )
    else:
        form.after.errors = form.before.errors = ()
    found = _listed(wanted)
    return _list(found, FilterForm(), form, wanted.text, status=422 if form.q.errors else 200)


def _list(
    found: CasePage, filter_form: FilterForm, search_form: SearchForm, text: str, status: int = 200
) -> Page:
    count = f"{found.count:,}+".replace(",", " ") if found.count_is_more else str(found.count)
    shown = request.args.to_dict() if request.method == "GET" else {}
    return Page(
        "cases/index.html",
        status=status,
        found=found,
        count=count,
        filter_form=filter_form,
        search_form=search_form,
        form=search_form if status == 422 else None,
        text=text,
        shown={name: value for name, value in shown.items() if name in ("status", "level", "mine")},
        may_open=may(g.standing, Permission.CASE_OPEN),
        phases=words.PHASES,
    )


@blueprint.get("/cases/<uuid:case_id>/")
@allows(Permission.CASE_READ)
def show(case_id: UUID) -> Page:
    """The summary of one case."""
    session, now = db.session(), clock.now()
    record = case_record.load_record(session, g.case)
    return Page(
        "cases/show.html",
        record=record,
        due=panels.due_lines(session, g.case, g.standing, now),
        step=panels.next_step(session, g.case, g.standing),
        linked=case_record.linked_numbers(session, case_id),
        phases=[(words.PHASES[phase], state) for phase, state in record.phases],
        words=words,
        reporter=may(g.standing, Permission.REPORTER_READ),
        shelter=may(g.standing, Permission.SHELTER_ADDRESS_READ),
        birth=date.fromisoformat(record.child.birth_date) if record.child.birth_date else None,
        flags=[words.label(key) for key in sorted(g.case.flags())]
        + [word for key, word in words.STATUSES.items() if getattr(g.case, key)],
    )
