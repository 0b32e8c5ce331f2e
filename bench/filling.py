"""A hundred thousand cases by bulk inserts: cheap to make, yet each with its own data key, sealed name, blind tokens,
seats and signed declarations, as `open_case` would leave it."""

import random
import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.orm import Session

from bench.moment import NOW, TODAY
from bench.places import CASES_OF_ONE, Centre, Founder, Post
from tmr_app.cases import declaring, searching
from tmr_app.cases.models import BlindToken, Case, Child, Family
from tmr_app.cases.table_models import CaseManagerTerm, Declaration, Seat
from tmr_app.kernel import encryption
from tmr_app.kernel.vault import DataKey

BATCH = 5_000
MODELS = (Family, DataKey, Case, Child, BlindToken, Seat, Declaration, CaseManagerTerm)
FIRST = (
    "Arbër",
    "Blerta",
    "Çlirim",
    "Drita",
    "Elira",
    "Fisnik",
    "Genta",
    "Ilir",
    "Jeta",
    "Luan",
    "Mimoza",
    "Nita",
)
LAST = (
    "Krasniqi",
    "Gashi",
    "Berisha",
    "Shala",
    "Hoxha",
    "Bytyçi",
    "Morina",
    "Kelmendi",
    "Đorđević",
    "Petrović",
)
LEVELS = ("low", "medium", "high")

Rows = dict[type, list[dict[str, Any]]]


class Filler:
    """Makes the rows of one case after another; the same seed gives the same names and dates."""

    def __init__(self, text_id: UUID, text_sha256: str) -> None:
        self.text_id, self.text_sha256 = text_id, text_sha256
        self.random = random.Random(38)

    def uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def add(self, rows: Rows, centre: Centre, place: int, *, dated: bool = True) -> None:
        """Case number `place` of this centre; every twentieth has no date."""
        case_id, family_id = self.uuid(), self.uuid()
        chair = centre.managers[place // CASES_OF_ONE]
        year = self.random.randrange(2009, 2026)
        name = f"{self.random.choice(FIRST)} {self.random.choice(LAST)} {LAST[place % 10]}"
        due_on = TODAY + timedelta(self.random.randrange(-20, 180)) if place % 20 or not dated else None
        rows[Family].append({"id": family_id, "qps_id": centre.qps_id, "created_at": NOW})
        for subject_id in (case_id, family_id):
            rows[DataKey].append({"subject_id": subject_id, "wrapped": _key(subject_id), "created_at": NOW})
        rows[Case].append(_case(centre, case_id, family_id, chair, place, year, due_on, self.random))
        child_id = self.uuid()
        sealed = encryption.seal(case_id, f"child.name_enc:{child_id}", name.encode())
        rows[Child].append({"id": child_id, "case_id": case_id, "name_enc": sealed})
        for kind, token in searching.tokens_of(name, year, ""):
            rows[BlindToken].append({"case_id": case_id, "kind": kind, "token": token})
        for kind, post, institution_id in (
            ("case_manager", chair, None),
            ("police", centre.police, centre.institution_id),
        ):
            self._seat(rows, case_id, kind, post, institution_id)
        rows[CaseManagerTerm].append(
            {
                "id": self.uuid(),
                "case_id": case_id,
                "person_id": chair.person_id,
                "from_at": NOW,
                "reason": "opened",
            }
        )

    def _seat(self, rows: Rows, case_id: UUID, kind: str, post: Post, institution_id: UUID | None) -> None:
        rows[Seat].append(
            {
                "id": self.uuid(),
                "case_id": case_id,
                "kind": kind,
                "person_id": post.person_id,
                "institution_id": institution_id,
                "appointment_id": post.appointment_id,
                "seated_at": NOW,
                "conflict": False,
                "conflict_answered_at": NOW,
            }
        )
        rows[Declaration].append(
            {
                "id": self.uuid(),
                "case_id": case_id,
                "person_id": post.person_id,
                "text_id": self.text_id,
                "text_sha256": self.text_sha256,
                "language": "sq",
                "method": "in_app",
                "signed_at": NOW,
            }
        )


def _key(subject_id: UUID) -> bytes:
    clear = secrets.token_bytes(32)
    encryption.remember(subject_id, clear)
    return encryption.keyring().wrap(clear)


def _case(
    centre: Centre,
    case_id: UUID,
    family_id: UUID,
    chair: Post,
    place: int,
    year: int,
    due_on: date | None,
    chance: random.Random,
) -> dict[str, Any]:
    opened_on = TODAY - timedelta(chance.randrange(10, 600))
    return {
        "id": case_id,
        "number": f"{centre.prefix}-{opened_on.year}-{place + 1:05d}",
        "qps_id": centre.qps_id,
        "municipality_id": centre.municipality_id,
        "family_id": family_id,
        "case_manager_id": chair.person_id,
        "referred_on": opened_on,
        "opened_on": opened_on,
        "birth_year": year,
        "gender": chance.choice(("female", "male")),
        "risk_level": chance.choice(LEVELS),
        "next_duty_on": due_on,
        "next_duty": "A8.1",
        "created_at": NOW,
    }


def fill(engine: Engine, sizes: list[int]) -> list[Centre]:
    """Centres with so many cases each. The database is migrated and empty."""
    with Session(engine) as session:
        declaring.seed_texts(session, NOW)
        session.commit()
        text = declaring.newest_text(session)
        assert text is not None
        filler = Filler(text.id, text.sha256)
    with engine.begin() as connection:
        founder = Founder(connection)
        centres = [founder.centre(number, size) for number, size in enumerate(sizes)]
        founder.write()
        for rows in _batches(filler, centres, sizes):
            _write(connection, rows)
    return centres


def _batches(filler: Filler, centres: list[Centre], sizes: list[int]) -> Iterator[Rows]:
    with encryption.fresh_unlocks():
        rows: Rows = {model: [] for model in MODELS}
        for centre, size in zip(centres, sizes, strict=True):
            for place in range(size):
                filler.add(rows, centre, place)
                if len(rows[Case]) == BATCH:
                    yield rows
                    rows = {model: [] for model in MODELS}
                    encryption.begin_unlocks()
        if rows[Case]:
            yield rows


def _write(connection: Connection, rows: Rows) -> None:
    for model in MODELS:
        connection.execute(insert(model), rows[model])
