"""Municipalities, centres, heads, case managers and a police officer each: who reads the lists, in bulk."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert

from bench.moment import NOW
from tmr_app.kernel import encryption
from tmr_app.kernel.vault import DataKey
from tmr_app.members.models import Appointment, Institution, MeetingRoom, Municipality, Person, Qps
from tmr_app.regulation.municipalities import MUNICIPALITIES

CASES_OF_ONE = 40
SINCE = date(2024, 1, 1)


@dataclass
class Post:
    """One person in one office: who, and by which appointment."""

    person_id: UUID
    appointment_id: UUID


@dataclass
class Centre:
    """A Centre for Social Work; each case manager holds forty cases, the last one what is left."""

    qps_id: UUID
    municipality_id: UUID
    prefix: str
    head: Post
    police: Post
    institution_id: UUID
    managers: list[Post] = field(default_factory=list)


class Founder:
    """Writes people and places with real data keys, table by table."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.rows: dict[type, list[dict[str, object]]] = {
            model: [] for model in (Municipality, Qps, Institution, MeetingRoom, Person, DataKey, Appointment)
        }

    def key(self, subject_id: UUID) -> None:
        wrapped = encryption.keyring().wrap(secrets.token_bytes(32))
        self.rows[DataKey].append({"subject_id": subject_id, "wrapped": wrapped, "created_at": NOW})

    def post(self, name: str, office: str, **unit: UUID) -> Post:
        """A person with this office of a `qps_id` or an `institution_id`."""
        made = Post(uuid4(), uuid4())
        address = f"p{len(self.rows[Person])}@bench.example"
        self.rows[Person].append(
            {
                "id": made.person_id,
                "name": name,
                "function": "zyrtar",
                "email": address,
                "language": "sq",
                "created_at": NOW,
            }
        )
        self.key(made.person_id)
        empty = {"qps_id": None, "institution_id": None}
        self.rows[Appointment].append(
            {
                "id": made.appointment_id,
                "person_id": made.person_id,
                "office": office,
                "from_on": SINCE,
                "created_at": NOW,
                **empty,
                **unit,
            }
        )
        return made

    def centre(self, number: int, cases: int) -> Centre:
        municipality_id, qps_id, institution_id = uuid4(), uuid4(), uuid4()
        prefix, name = f"B{number}", f"Komuna {number}"
        key = sorted(one.key for one in MUNICIPALITIES)[number]
        self.rows[Municipality].append({"id": municipality_id, "key": key, "table_registered_on": SINCE})
        self.key(municipality_id)
        self.rows[Qps].append(
            {
                "id": qps_id,
                "municipality_id": municipality_id,
                "name": f"QPS {name}",
                "case_prefix": prefix,
                "reply_address": f"qps{number}@bench.example",
            }
        )
        self.rows[Institution].append(
            {"id": institution_id, "municipality_id": municipality_id, "seat_kind": "police", "name": name}
        )
        self.rows[MeetingRoom].append(
            {"id": uuid4(), "municipality_id": municipality_id, "name": "Salla 2", "address": "Rruga 1"}
        )
        made = Centre(
            qps_id,
            municipality_id,
            prefix,
            head=self.post(f"Shefja {number}", "head", qps_id=qps_id),
            police=self.post(f"Policja {number}", "representative", institution_id=institution_id),
            institution_id=institution_id,
        )
        for place in range(-(-cases // CASES_OF_ONE)):
            made.managers.append(self.post(f"Menaxherja {number} {place}", "case_manager", qps_id=qps_id))
        return made

    def write(self) -> None:
        for model, rows in self.rows.items():
            self.connection.execute(insert(model), rows)
