"""A visit in which everything has happened, for tests that look at all tables."""

from datetime import timedelta

from django.utils import timezone

from centres.models import Role, User
from portfolio.files.uploads import IncomingFile
from portfolio.models import CandidateUnit
from record.services.events import event_add
from tests.cast import join
from verification.models import Visit, VisitAction
from verification.visits.services import action_add, action_done, report_add, sample_add, unit_mark, visit_open


def visited(unit: CandidateUnit, coordinator: User, *proposed: CandidateUnit) -> Visit:
    """Vera looks at the unit; others are proposed to her, and the report asks for something, which is done."""
    centre, now, day = unit.registration.centre, timezone.now(), timedelta(days=1)
    vera = join(centre, coordinator, "Vera Visitor", "vera@harbour.example", Role.EXTERNAL_VERIFIER)
    visit = visit_open(centre=centre, actor=coordinator, verifier=vera, begins_at=now - day, until=now + 3 * day)
    [sample] = sample_add(visit=visit, actor=vera, units=[unit])
    if proposed:
        sample_add(visit=visit, actor=coordinator, units=proposed)
    unit_mark(sample=sample, actor=vera, note="Sound.")
    with IncomingFile.from_content("report.txt", b"All is well, but for one thing.\n") as incoming:
        report_add(visit=visit, actor=coordinator, incoming=incoming)
    action_add(
        visit=visit,
        actor=coordinator,
        owner=coordinator,
        owned_as=Role.COORDINATOR,
        words="A standardisation meeting.",
        due=centre.today,
    )
    action_done(action=asked_as_before(visit, coordinator), actor=coordinator, words="Planned for May.")
    return visit


def asked_as_before(visit: Visit, coordinator: User) -> VisitAction:
    """What a report asked for before that was an action like any other, as it was saved and told then."""
    now = timezone.now()
    action = VisitAction.objects.create(
        visit=visit, words="More observations.", due=now.date(), added_by=coordinator, added_at=now
    )
    event_add(chain=visit.centre.chain, kind="visit.action_added", actor=coordinator.uuid, at=now, row=action)
    return action
