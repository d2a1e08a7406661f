"""A row, a column or an event is changed, taken out or put in, and undone; and what the proof says of it."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.utils import timezone

from assessments.models import (
    Action,
    AssessorRecord,
    FinalForm,
    RecordPart,
    Sheet,
    SheetTemplate,
)
from assessments.proof.rows import ROWS
from centres.guardians.models import ComingOfAge, GuardianConsent
from centres.models import CentrePolicy, Membership, User
from centres.staff.models import StaffRecord
from portfolio.models import (
    Access,
    AchievedBefore,
    Adjustment,
    CandidateUnit,
    Evidence,
    Induction,
    InductionText,
    Interest,
    Participation,
    QualificationRules,
    Registration,
    RegistrationParticulars,
    RegistrationStanding,
    TestimonyRequest,
    UnitVersion,
    Witness,
)
from record.event_content import ToldModel, rows_told
from record.models import ChainKind, Event
from tests.append_only import lifted
from tests.assessments.eventful import Eventful
from verification.models import (
    Case,
    MonitoringRecord,
    SamplingPolicy,
    SamplingRecord,
    Visit,
)

MODELS: list[type[ToldModel]] = list(dict.fromkeys(model for told in ROWS.values() for model in told))
# Every fourth at once, the others in their time.
A_FEW_FIRST = [pytest.param(model, marks=[pytest.mark.long] if at % 4 else []) for at, model in enumerate(MODELS)]
Values = dict[str, Any]
Change = Callable[[Eventful], tuple[Any, Values]]

# What no event tells, because nobody would miss it: `told` of each model says why.
UNTOLD = {
    User: {"password", "last_login", "is_active", "joined_at", "hints_dismissed", "home_looked_at"},
    UnitVersion: {"stamp"},
    AssessorRecord: {"form_key"},
    Evidence: {"form_key"},
    FinalForm: {"attempts", "waits_since"},
    SamplingRecord: {"form_key"},
    MonitoringRecord: {"form_key"},
    Case: {"form_key"},
    Sheet: {"form_key"},
}
# What a column is called in what is told.
KEYS = {
    "candidate_unit": "unit",
    "unit_version": "version",
    "achieved": "achieved_before",
    "document": "digest",
    "stored_file": "sha256",
    "content_type": "type",
}
# Where a row with another value belongs to another portfolio, centre or signature, and so is missed where it was.
ELSEWHERE = {
    (AssessorRecord, "centre"),
    (CandidateUnit, "registration"),
    (Evidence, "registration"),
    (Witness, "registration"),
    (RecordPart, "registration"),
    (CentrePolicy, "centre"),
    (ComingOfAge, "centre"),
    (GuardianConsent, "centre"),
    (Membership, "centre"),
    (StaffRecord, "centre"),
    (Registration, "centre"),
    (FinalForm, "signature"),
    (SamplingPolicy, "centre"),
    (Access, "registration"),
    (RegistrationParticulars, "registration"),
    (RegistrationStanding, "registration"),
    (AchievedBefore, "registration"),
    (Interest, "registration"),
    (Visit, "centre"),
    (MonitoringRecord, "centre"),
    (Case, "chain"),
    (Action, "centre"),
    (Action, "registration"),
    (Sheet, "registration"),
    (SheetTemplate, "centre"),
    (Adjustment, "registration"),
    (Induction, "registration"),
    (InductionText, "centre"),
    (QualificationRules, "centre"),
}


@contextmanager
def undone() -> Iterator[None]:
    """Undo what was done, before the database looks for rows that others point at."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def verify(*options: str) -> list[str]:
    """Return the faults that the command prints."""
    out = StringIO()
    try:
        call_command("verify_record", *options, stdout=out)
        well = True
    except CommandError:
        well = False
    faults = [line for line in out.getvalue().splitlines() if not line.startswith(("remark: ", "key "))][:-1]
    assert well == (not faults)
    return faults


def assert_named(*wanted: str, options: tuple[str, ...] = ("--skip-files",)) -> None:
    """Assert that one line says all of `wanted`, and that no line names anybody."""
    faults = verify(*options)
    assert [fault for fault in faults if all(word in fault for word in wanted)], faults
    assert not [fault for fault in faults for name in ("Pat", "Ann", "Ivy", "Vera", "example") if name in fault]


def change(row: models.Model, **values: Any) -> None:
    """Change columns of a row past triggers, `save` and the rules."""
    with lifted():
        assert type(row)._base_manager.filter(pk=row.pk).update(**values) == 1


def delete(row: models.Model) -> None:
    """Take a row out, whoever points at it."""
    with lifted(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608


def put_in(row: models.Model, **values: Any) -> Any:
    """Put a copy of a row in, with other values."""
    copy = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    copy.pk = None
    if hasattr(copy, "uuid"):
        copy.uuid = uuid.uuid4()
    for name, value in values.items():
        setattr(copy, name, value)
    with lifted():
        copy.save_base(raw=True, force_insert=True)
    return copy


def events_of(row: ToldModel) -> list[Event]:
    """The events that tell of a row."""
    name = (row.told_as, row.told()["id"])
    events = Event.objects.select_related("payload").order_by("pk")
    return [event for event in events if name in {one[:2] for one in rows_told(json.loads(event.payload.body))}]


def owned(world: Eventful, model: type[models.Model]) -> list[Any]:
    """The rows of a model that the table plants faults in, the oldest first."""
    way = ROWS[ChainKind.PORTFOLIO].get(model)  # type: ignore[arg-type]
    rows = model._default_manager.order_by("pk")
    return list(rows.filter(**{way: world.registration.pk}) if way else rows)


def named(row: ToldModel) -> str:
    """How a line begins that speaks of a row."""
    return f"{row.told_as.replace('_', ' ')} {row.told()['id']}: "


def other_value(field: models.Field[Any, Any], value: Any) -> Any:
    """A value of the field's type that the row does not have."""
    if field.choices:
        return next(choice for choice, _ in field.flatchoices if choice and choice != value)
    if value is None:
        return timezone.now().date() if type(field) is models.DateField else timezone.now()
    others: dict[type, Callable[[], Any]] = {
        bool: lambda: not value,
        int: lambda: value + 90,
        str: lambda: f"{value}x",
        date: lambda: value - timedelta(days=1),
        datetime: lambda: value + timedelta(days=1 if field.name == "ended_at" else -1),
        uuid.UUID: uuid.uuid4,
        list: lambda: [*value, "x"],
    }
    return others[type(value)]()


# --- Which row is changed, and to what, where the first row and a value of the field's type would not do ----------


def first(model: type[models.Model], **values: Any) -> Change:
    return lambda world: (owned(world, model)[0], values)


def to(model: type[models.Model], of: str, pick: Callable[[Eventful], Any], **where: Any) -> Change:
    """Change the column `of` of the first row like this to what `pick` finds."""
    return lambda world: (next(iter(model._default_manager.filter(**where).order_by("pk"))), {of: pick(world)})


def part_of(name: str) -> Callable[[Eventful], Any]:
    return lambda world: Participation.objects.get(candidate_unit=world.unit, user__name__startswith=name)


def person(name: str) -> Callable[[Eventful], Any]:
    return lambda world: User.objects.get(name__startswith=name)


def state_back(world: Eventful) -> tuple[Any, Values]:
    return world.unit.versions.get(number=2), {"state": "collecting", "submitted_at": None}


def unit_of_version(world: Eventful) -> tuple[Any, Values]:
    return world.unit.versions.get(number=1), {"candidate_unit": world.other, "number": 9}


def to_the_policy(of: str) -> Change:
    """Change a column of what Cora chose, to any other value."""

    def change(_: Eventful) -> tuple[Any, Values]:
        row = CentrePolicy.objects.get(number=1)
        field = next(field for field in CentrePolicy._meta.concrete_fields if field.name == of)
        return row, {of: other_value(field, getattr(row, of))}

    return change


def earliest(model: type[models.Model]) -> Callable[[Eventful], Any]:
    return lambda world: model._default_manager.earliest("pk")


def the_other(world: Eventful) -> CandidateUnit:
    return world.other


def the_open_request(_: Eventful) -> TestimonyRequest:
    return TestimonyRequest.objects.waiting().get(taken_down=None)


def the_talk(world: Eventful) -> Evidence:
    return Evidence.objects.get(registration=world.registration, number=3)


def the_next_visit(world: Eventful) -> Visit:
    return Visit.objects.latest("pk")


def elsewhere_too(world: Eventful) -> CandidateUnit:
    return world.elsewhere.candidate_units.get()
