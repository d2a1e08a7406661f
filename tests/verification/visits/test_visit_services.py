"""Who opens a visit, what a sample opens, and that all of it ends."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assessments.openings.services import opening_add
from centres.models import Membership, Role
from centres.services.people import person_add, role_end
from portfolio.files.uploads import IncomingFile
from portfolio.models import Access, CandidateUnit, Capacity, Evidence, Registration
from portfolio.registrations.services import registration_create
from portfolio.services.participations import participation_begin
from record.models import Event
from tests.cast import add_evidence, join
from tests.verification.visits.whole import asked_as_before
from verification.models import Visit, VisitMark, VisitReport
from verification.visits.services import (
    action_add,
    action_done,
    report_add,
    sample_add,
    unit_mark,
    visit_end,
    visit_extend,
    visit_open,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DAY = timedelta(days=1)


def sees(person, unit):
    return Registration.objects.visible_to(person).filter(pk=unit.registration_id).exists()


def kinds(chain):
    return list(Event.objects.filter(chain=chain).order_by("sequence").values_list("kind", flat=True))


def last_told(chain):
    return json.loads(Event.objects.filter(chain=chain).latest("sequence").payload.body)


def opened(centre, coordinator, eve, begins=-1, until=1, **more):
    now = timezone.now()
    days = {"begins_at": now + begins * DAY, "until": now + until * DAY}
    return visit_open(centre=centre, actor=coordinator, verifier=eve, **days, **more)


# --- Opening ---------------------------------------------------------------------------------------


def test_only_a_coordinator_opens_a_visit(centre, eve, assessor):
    for person in (eve, assessor):
        with pytest.raises(PermissionDenied):
            opened(centre, person, eve)
    assert not Visit.objects.exists()


def test_a_visit_that_ends_before_it_begins_or_is_over_is_refused(centre, coordinator, eve):
    with pytest.raises(ValidationError, match="The last day is before the first"):
        opened(centre, coordinator, eve, begins=2, until=1)
    with pytest.raises(ValidationError, match="This day is over"):
        opened(centre, coordinator, eve, begins=-3, until=-1)


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.COORDINATOR])
def test_nobody_is_external_verifier_and_something_else(centre, coordinator, eve, role):
    person_add(centre=centre, actor=coordinator, name=eve.name, email=eve.email, role=role)
    with pytest.raises(ValidationError, match="another role"):
        opened(centre, coordinator, eve)


def test_who_once_took_part_in_a_unit_does_not_verify_it_from_outside(centre, coordinator, eve, unit):
    participation_begin(unit=unit, person=eve, capacity=Capacity.ASSESSOR)
    with pytest.raises(ValidationError, match="has taken part in a unit"):
        opened(centre, coordinator, eve)


def test_who_has_not_the_role_is_not_let_in(centre, coordinator, assessor, eve):
    with pytest.raises(ValidationError, match="is no external verifier"):
        opened(centre, coordinator, assessor)
    role_end(membership=Membership.objects.get(user=eve), actor=coordinator)
    with pytest.raises(ValidationError, match="is no external verifier"):
        opened(centre, coordinator, eve)


def test_a_person_has_one_visit_at_a_time(centre, coordinator, eve, visit):
    with pytest.raises(ValidationError, match="has one at a time"):
        opened(centre, coordinator, eve, begins=0, until=5)
    opened(centre, coordinator, eve, begins=2, until=5)  # behind the first
    with pytest.raises(ValidationError, match="has one at a time"):
        visit_extend(visit=visit, actor=coordinator, until=timezone.now() + 3 * DAY)
    visit_end(visit=visit, actor=coordinator)
    opened(centre, coordinator, eve, begins=-1, until=1)  # the first has ended, and is in nobody's way


def test_a_form_that_is_sent_twice_opens_one_visit(centre, coordinator, eve):
    key, now = uuid.uuid4(), timezone.now()
    said = {"centre": centre, "actor": coordinator, "verifier": eve, "begins_at": now, "form_key": key}
    assert visit_open(**said, until=now + DAY) == visit_open(**said, until=now + DAY)
    with pytest.raises(ValidationError, match="has opened a visit already"):
        visit_open(**said, until=now + 2 * DAY)
    assert kinds(centre.chain).count("visit.opened") == 1


# --- What is open ----------------------------------------------------------------------------------


def test_a_visit_alone_opens_no_portfolio_and_a_proposal_opens_none(visit, eve, coordinator, unit):
    assert not sees(eve, unit)
    [proposed] = sample_add(visit=visit, actor=coordinator, units=[unit])
    assert proposed.taken_at is None
    assert not sees(eve, unit)
    assert kinds(visit.centre.chain)[-1] == "visit.proposed"

    [taken] = sample_add(visit=visit, actor=eve, units=[unit])
    assert taken == proposed
    assert taken.taken_at
    assert sees(eve, unit)
    assert kinds(visit.centre.chain)[-1] == "visit.sampled"
    assert kinds(unit.registration.chain)[-1] == "access.opened"
    assert sample_add(visit=visit, actor=eve, units=[unit]) == []  # again: nothing happens
    assert Access.objects.count() == 1


def test_the_sample_opens_its_own_portfolios_alone(visit, sampled, eve, centre, coordinator, b10, unit):
    other = join(centre, coordinator, "Otto", "otto@harbour.example", Role.CANDIDATE)
    registration_create(centre=centre, actor=coordinator, candidate=other, number="", revisions=[b10])
    piece = add_evidence(unit.registration, unit.registration.candidate)
    assert list(Registration.objects.visible_to(eve)) == [unit.registration]
    assert list(CandidateUnit.objects.visible_to(eve)) == [unit]
    assert list(Evidence.objects.visible_to(eve)) == [piece]


@pytest.mark.parametrize("how", ["ended", "ran out", "not begun", "role ended", "access ended"])
def test_nothing_is_open_before_and_after(how, visit, sampled, eve, coordinator, unit, monkeypatch):
    assert sees(eve, unit)
    really = timezone.now
    match how:
        case "ended":
            visit_end(visit=visit, actor=coordinator)
        case "ran out":
            monkeypatch.setattr(timezone, "now", lambda: really() + 2 * DAY)
        case "not begun":
            monkeypatch.setattr(timezone, "now", lambda: really() - 2 * DAY)
        case "role ended":
            role_end(membership=Membership.objects.get(user=eve), actor=coordinator)
        case "access ended":
            Access.objects.update(ended_at=really())
    assert not sees(eve, unit)
    if how != "access ended":
        assert not Visit.objects.visible_to(eve).exists()


def test_extending_a_visit_keeps_its_portfolios_open(visit, sampled, eve, coordinator, unit, monkeypatch):
    until = timezone.now() + 9 * DAY
    visit_extend(visit=visit, actor=coordinator, until=until)
    assert kinds(unit.registration.chain)[-2:] == ["access.ended", "access.opened"]
    assert last_told(visit.centre.chain)["opened_again"] is False
    really = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: really() + 8 * DAY)
    assert sees(eve, unit)
    with pytest.raises(ValidationError, match="until this day already"):
        visit_extend(visit=visit, actor=coordinator, until=until)


def test_a_visit_that_has_ended_is_opened_again(visit, sampled, eve, coordinator, unit):
    visit_end(visit=visit, actor=coordinator)
    visit_end(visit=visit, actor=coordinator)  # twice: once is told
    assert kinds(visit.centre.chain).count("visit.ended") == 1
    assert kinds(unit.registration.chain)[-1] == "access.ended"
    again = visit_extend(visit=visit, actor=coordinator, until=timezone.now() + DAY)
    assert again.is_open
    assert sees(eve, unit)
    assert last_told(visit.centre.chain)["opened_again"] is True


def test_who_visits_leaves_no_trace_on_what_they_read(sampled, eve, unit, candidate):
    version = add_evidence(unit.registration, candidate).versions.get()
    with pytest.raises(PermissionDenied):
        opening_add(version=version, actor=eve, position=None)


# --- The sample and the marks ----------------------------------------------------------------------


def test_only_who_visits_and_the_coordinator_touch_the_sample(visit, unit, assessor, candidate, centre, coordinator):
    other = join(centre, coordinator, "Ed", "ed@harbour.example", Role.EXTERNAL_VERIFIER)
    for person in (assessor, candidate, other):
        with pytest.raises(PermissionDenied):
            sample_add(visit=visit, actor=person, units=[unit])


def test_an_empty_sample_is_refused(visit, eve):
    with pytest.raises(ValidationError, match="Tick at least one unit"):
        sample_add(visit=visit, actor=eve, units=[])


def test_a_unit_of_another_centre_is_not_sampled(visit, eve, outsider, b10):
    elsewhere = outsider.memberships.first().centre
    theirs = registration_create(centre=elsewhere, actor=outsider, candidate=outsider, number="", revisions=[b10])
    with pytest.raises(PermissionDenied):
        sample_add(visit=visit, actor=eve, units=[theirs.candidate_units.get()])


def test_once_the_visit_is_over_nothing_is_added(visit, sampled, eve, coordinator, unit):
    visit_end(visit=visit, actor=coordinator)
    for act in (
        lambda: sample_add(visit=visit, actor=eve, units=[unit]),
        lambda: unit_mark(sample=sampled, actor=eve, note=""),
    ):
        with pytest.raises(ValidationError, match="Your visit ended on"):
            act()
    with pytest.raises(ValidationError, match="The visit ended on"):
        sample_add(visit=visit, actor=coordinator, units=[unit])


def test_who_got_another_role_meanwhile_goes_no_further(visit, eve, coordinator, unit):
    person_add(centre=visit.centre, actor=coordinator, name=eve.name, email=eve.email, role=Role.ASSESSOR)
    with pytest.raises(ValidationError, match="another role"):
        sample_add(visit=visit, actor=eve, units=[unit])


def test_a_mark_has_initials_and_a_moment_and_is_made_once(sampled, eve, coordinator):
    with pytest.raises(PermissionDenied):
        unit_mark(sample=sampled, actor=coordinator, note="")
    key = uuid.uuid4()
    mark = unit_mark(sample=sampled, actor=eve, note="Sound.", form_key=key)
    assert unit_mark(sample=sampled, actor=eve, note="Sound.", form_key=key) == mark
    unit_mark(sample=sampled, actor=eve, note="Looked again.")
    assert mark.initials == "E. L."
    assert list(VisitMark.objects.values_list("note", flat=True)) == ["Sound.", "Looked again."]
    with pytest.raises(ValidationError, match="2000"):
        unit_mark(sample=sampled, actor=eve, note="x" * 2001)


def test_what_is_only_proposed_is_not_marked(visit, eve, coordinator, unit):
    [proposed] = sample_add(visit=visit, actor=coordinator, units=[unit])
    with pytest.raises(ValidationError, match="only proposed"):
        unit_mark(sample=proposed, actor=eve, note="")


# --- The report ------------------------------------------------------------------------------------


def test_the_report_is_kept_once_by_a_coordinator(visit, eve, coordinator):
    with IncomingFile.from_content("report.txt", b"All is well.\n") as incoming:
        with pytest.raises(PermissionDenied):
            report_add(visit=visit, actor=eve, incoming=incoming)
        report = report_add(visit=visit, actor=coordinator, incoming=incoming)
        assert report_add(visit=visit, actor=coordinator, incoming=incoming) == report
    assert (report.name, report.stored_file.size) == ("report.txt", 13)
    assert kinds(visit.centre.chain)[-1] == "visit.reported"


def test_a_report_that_is_no_document_is_refused(visit, coordinator):
    for name, content in (("report.txt", b""), ("report.exe", b"MZ\x90\x00" + b"\x00" * 60)):
        with IncomingFile.from_content(name, content) as incoming, pytest.raises(ValidationError, match=name):
            report_add(visit=visit, actor=coordinator, incoming=incoming)
    assert not VisitReport.objects.exists()


def test_an_action_has_words_and_a_day_and_is_done_once(visit, eve, coordinator):
    asked = {"owner": coordinator, "owned_as": Role.COORDINATOR, "due": timezone.localdate()}
    with pytest.raises(PermissionDenied):
        action_add(visit=visit, actor=eve, words="More observations.", **asked)
    with pytest.raises(ValidationError):
        action_add(visit=visit, actor=coordinator, words=" ", **asked)
    with pytest.raises(ValidationError, match="does not work here"):
        action_add(visit=visit, actor=coordinator, words="More.", **asked | {"owned_as": Role.ASSESSOR})
    action = asked_as_before(visit, coordinator)
    with pytest.raises(ValidationError):
        action_done(action=action, actor=coordinator, words=" ")
    done = action_done(action=action, actor=coordinator, words="Planned for May.")
    assert (done.done_by, done.done_words) == (coordinator, "Planned for May.")
    with pytest.raises(ValidationError, match=r"noted this as done on .* already"):
        action_done(action=action, actor=coordinator, words="Planned for June.")
    assert kinds(visit.centre.chain)[-2:] == ["visit.action_added", "visit.action_done"]
