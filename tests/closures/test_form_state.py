"""The closing form when its maker was recused before signing (A10.2, A17.5): the closing can still come to its end."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from tmr_app.closures import signatures
from tmr_app.regulation import articles
from tmr_app.regulation.verdicts import Status

AT = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
MAKER = uuid4()


def place(person_id: Any, *, signed: bool = True, released: bool = False) -> Any:
    return SimpleNamespace(
        slot=SimpleNamespace(person_id=person_id, released_at=AT if released else None),
        is_signed=signed,
        signature=SimpleNamespace(signed_at=AT) if signed else None,
    )


@pytest.mark.duty("A17.5")
@pytest.mark.parametrize(
    ("places", "completed", "status", "goes_on"),
    [
        ([place(MAKER), place(uuid4())], True, Status.MET, True),
        ([place(MAKER, signed=False), place(uuid4())], False, None, False),
        ([place(MAKER, signed=False, released=True), place(uuid4())], True, Status.NOT_MET, True),
        ([place(MAKER, signed=False, released=True), place(uuid4(), signed=False)], False, None, False),
    ],
)
def test_who_signed(
    monkeypatch: pytest.MonkeyPatch, places: list[Any], completed: bool, status: Status | None, goes_on: bool
) -> None:
    version = SimpleNamespace(frozen_by_id=MAKER, frozen_at=AT, completed_at=AT if completed else None)
    monkeypatch.setattr(signatures, "form_version", lambda *_: version)
    monkeypatch.setattr(signatures.queries, "places_of", lambda *_: places)
    facts, _version = signatures.form_state(object(), SimpleNamespace(closed_on=None))  # type: ignore[arg-type]
    verdict = articles.a17_5_closing_form_signed(facts, date(2026, 11, 18))
    assert (verdict.status is Status.MET or verdict.breach_recorded) is goes_on
    if status is not None:
        assert verdict.status is status
