"""A visit in which everything has happened, for tests that look at all tables."""

from datetime import timedelta

from django.utils import timezone

from centres.models import Role, User
from portfolio.files.uploads import IncomingFile
from portfolio.models import CandidateUnit
from tests.cast import join
from verification.models import Visit
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
    action = action_add(visit=visit, actor=coordinator, words="More observations.", due=now.date())
    action_done(action=action, actor=coordinator, words="Planned for May.")
    return visit
