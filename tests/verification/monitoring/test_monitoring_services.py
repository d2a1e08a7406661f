"""What verifiers record: what is signed, what is refused and in which words, who reads it, and what is asked."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assessments.models import Action
from centres.models import Membership, Role
from centres.services.people import role_end
from notices.models import Notice
from portfolio.files.uploads import IncomingFile
from portfolio.interests.services import interest_declare
from portfolio.models import Evidence, InterestKind
from record.models import Event
from tests.append_only import assert_append_only
from tests.assessments.observations.records import said_of, sign
from tests.cast import add_evidence, join
from tests.verification.monitoring.whole import (
    A_DAY,
    interview_of,
    meeting_of,
    monitored,
    observation_of,
    signed,
)
from verification.models import (
    AgreedAction,
    MeetingAttendance,
    MeetingMinutes,
    MonitoringAcknowledgement,
    MonitoringPoint,
    MonitoringRecord,
)
from verification.monitoring.selectors import MonitoringWanted, monitoring_list
from verification.monitoring.services import Agreed, RecordedPoint, minutes_add, monitoring_acknowledge
from verification.visits.services import visit_end, visit_open

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def abe(centre, coordinator):
    return join(centre, coordinator, "Abe Assessor", "abe@harbour.example", Role.ASSESSOR)


def refused(verifier, unit, said, words, **more):
    """Nothing is signed, nothing is asked, and the sentence says why."""
    with pytest.raises(ValidationError, match=re.escape(words)):
        signed(verifier, unit, said, **more)
    assert not MonitoringRecord.objects.exists()
    assert not Action.objects.exists()


def readers(record, *people):
    return [person.name for person in people if MonitoringRecord.objects.visible_to(person).filter(pk=record.pk)]


def test_what_is_signed_is_told_once_and_asked_of_the_assessor(unit, centre, verifier, assessor):
    key, due = uuid.uuid4(), centre.today + 9 * A_DAY
    said = observation_of(unit, assessor, actions=[Agreed(text="Watch another.", owner=assessor, due=due)])
    record = signed(verifier, unit, said, form_key=key)
    assert signed(verifier, unit, said, form_key=key) == record  # pressed twice
    with pytest.raises(ValidationError, match="signed already, and it says something else now"):
        signed(verifier, unit, replace(said, words="Another."), form_key=key)
    [event] = Event.objects.filter(kind="monitoring.signed", chain=centre.chain)
    assert event.actor == verifier.uuid
    action = Action.objects.get()
    assert (action.owner, action.owned_as, action.due, action.for_candidate) == (assessor, "assessor", due, False)
    assert record.told()["actions"] == [str(action.uuid)]
    kinds = set(Notice.objects.filter(person=assessor).values_list("kind", flat=True))
    assert {"recorded", "asked"} <= kinds


def test_a_wrong_password_signs_nothing(unit, verifier, assessor):
    refused(verifier, unit, interview_of(unit), "That is not your password", password="guess")


def test_only_verifiers_of_the_centre_sign(unit, coordinator, assessor, outsider):
    for person in (coordinator, assessor, outsider):
        with pytest.raises(PermissionDenied):
            signed(person, unit, interview_of(unit))


def test_what_cannot_have_been_is_refused_in_words(unit, centre, coordinator, verifier, assessor, abe, outsider):
    tomorrow = {"day": centre.today + A_DAY}
    refused(verifier, unit, interview_of(unit, **tomorrow), "has not come yet")
    refused(verifier, unit, interview_of(unit, points=[]), "at least one answer")
    refused(verifier, unit, observation_of(unit, verifier), "You cannot observe yourself")
    refused(verifier, unit, observation_of(unit, outsider), "does not assess here now")
    refused(verifier, unit, observation_of(unit, assessor, points=[]), "Tick at least one")
    refused(verifier, unit, observation_of(unit, abe), "does not assess this unit now")
    refused(verifier, unit, meeting_of(unit), "One person alone is no meeting")
    refused(verifier, unit, meeting_of(unit, outsider), "does not work here now")
    role_end(membership=Membership.objects.get(user=abe), actor=coordinator)
    refused(verifier, unit, replace(observation_of(unit, abe), unit=None), "Abe Assessor does not assess here now")
    ida = join(centre, coordinator, "Ida Verifier", "ida@harbour.example", Role.INTERNAL_VERIFIER)
    refused(ida, unit, interview_of(unit), "You verify no unit of this candidate")
    own = {"registration": unit.registration, "actor": verifier, "person": verifier, "words": "Her brother."}
    interest_declare(**own, kind=InterestKind.FAMILY)
    refused(verifier, unit, interview_of(unit), "another internal verifier looks at it")


def test_an_action_is_for_somebody_who_was_there_and_is_not_over(unit, centre, verifier, assessor, abe):
    def asked(owner, days):
        return [Agreed(text="Bring two pieces.", owner=owner, due=centre.today + days * A_DAY)]

    refused(verifier, unit, meeting_of(unit, assessor, actions=asked(abe, 3)), "Abe Assessor was not there")
    refused(verifier, unit, observation_of(unit, assessor, actions=asked(abe, 3)), "Abe Assessor was not there")
    refused(verifier, unit, meeting_of(unit, assessor, actions=asked(assessor, -1)), "This day is over")
    signed(verifier, unit, meeting_of(unit, assessor, actions=[*asked(assessor, 3), *asked(verifier, 4)]))
    owned_as = list(Action.objects.order_by("pk").values_list("owned_as", flat=True))
    assert owned_as == ["assessor", "internal_verifier"]


def test_evidence_is_named_only_where_all_who_were_there_may_read_it(unit, verifier, assessor, abe, candidate):
    piece = add_evidence(unit.registration, candidate)
    points = [RecordedPoint(asked="B10, 1.1", said="Met.", evidence=piece)]
    refused(verifier, unit, meeting_of(unit, abe, points=points), "is not open to Abe Assessor")
    record = signed(verifier, unit, meeting_of(unit, assessor, points=points))
    assert Evidence.objects.get(compared__record=record) == piece


def test_each_record_is_read_by_those_it_is_for(
    unit, centre, coordinator, verifier, assessor, candidate, abe, outsider
):
    now = timezone.now()
    eve = join(centre, coordinator, "Eve Visitor", "eve@harbour.example", Role.EXTERNAL_VERIFIER)
    interview = signed(verifier, unit, interview_of(unit))
    observation = signed(verifier, unit, observation_of(unit, assessor))
    meeting = signed(verifier, unit, meeting_of(unit, abe))
    people = (coordinator, verifier, assessor, abe, candidate, eve, outsider)
    oversee = ["Cora Coordinator", "Ivy Verifier"]
    assert readers(interview, *people) == oversee
    assert readers(observation, *people) == [*oversee, "Ann Assessor"]
    assert readers(meeting, *people) == [*oversee, "Abe Assessor"]
    visit = visit_open(centre=centre, actor=coordinator, verifier=eve, begins_at=now - A_DAY, until=now + A_DAY)
    assert readers(interview, *people) == [*oversee, "Eve Visitor"]
    visit_end(visit=visit, actor=coordinator)
    assert readers(interview, *people) == oversee
    role_end(membership=Membership.objects.get(user=abe), actor=coordinator)
    assert readers(meeting, *people) == oversee


def test_a_verifier_reads_nothing_of_their_own_portfolio(unit, centre, coordinator, verifier, assessor, candidate):
    join(centre, coordinator, candidate.name, candidate.email, Role.INTERNAL_VERIFIER)
    records = (signed(verifier, unit, interview_of(unit)), signed(verifier, unit, observation_of(unit, assessor)))
    assert [readers(record, candidate) for record in records] == [[], []]


def test_the_assessor_answers_once_and_says_why_they_disagree(unit, verifier, assessor, abe):
    record = signed(verifier, unit, observation_of(unit, assessor))
    for person in (verifier, abe):
        with pytest.raises(PermissionDenied):
            monitoring_acknowledge(record=record, actor=person, agrees=True)
    with pytest.raises(ValidationError, match="what you do not agree with"):
        monitoring_acknowledge(record=record, actor=assessor, agrees=False)
    assert Notice.objects.unseen().filter(person=assessor, kind="recorded").exists()
    first = monitoring_acknowledge(record=record, actor=assessor, agrees=False, words="One question.")
    assert not Notice.objects.unseen().filter(person=assessor, kind="recorded").exists()
    assert monitoring_acknowledge(record=record, actor=assessor, agrees=True) == first
    assert Event.objects.filter(kind="monitoring.acknowledged").count() == 1


def test_minutes_are_kept_once_with_a_meeting_and_with_nothing_else(unit, verifier, assessor):
    meeting = signed(verifier, unit, meeting_of(unit, assessor))
    for content, number in ((b"We met.", 1), (b"We met.", 1), (b"We met again.", 2)):
        with IncomingFile.from_content("minutes.txt", content) as incoming:
            minutes_add(record=meeting, actor=verifier, incoming=incoming)
        assert meeting.minutes.count() == number
    interview = signed(verifier, unit, interview_of(unit))
    with IncomingFile.from_content("minutes.txt", b"We met.") as incoming:
        for record, person in ((interview, verifier), (meeting, assessor)):
            with pytest.raises(PermissionDenied):
                minutes_add(record=record, actor=person, incoming=incoming)
    with IncomingFile.from_content("minutes.txt", b"") as incoming, pytest.raises(ValidationError):
        minutes_add(record=meeting, actor=verifier, incoming=incoming)


def test_nothing_that_was_signed_is_changed(unit, verifier, assessor, candidate):
    add_evidence(unit.registration, candidate)
    monitored(unit, verifier, assessor, assessor_record=sign(assessor, said_of(unit)))
    interview, observation, _ = MonitoringRecord.objects.order_by("pk")
    assert_append_only(interview, may_change=["assessor_id", "candidate_unit_id", "assessor_record_id"])
    assert_append_only(observation, may_change=["registration_id"])
    for model in (MonitoringPoint, MeetingAttendance, AgreedAction, MonitoringAcknowledgement, MeetingMinutes):
        assert_append_only(model.objects.latest("pk"))


def test_the_list_is_paged_and_searched_in_a_few_queries(
    unit, centre, verifier, assessor, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("verification.monitoring.selectors.RECORDS_ON_A_PAGE", 2)
    monitored(unit, verifier, assessor)
    long_ago = centre.today - timedelta(days=800)
    oldest = signed(verifier, unit, meeting_of(unit, assessor, day=long_ago))
    with django_assert_num_queries(2):
        first = monitoring_list(verifier, centre, MonitoringWanted())
    assert len(first.records) == 2
    second = monitoring_list(verifier, centre, MonitoringWanted(after=str(first.following)))
    assert [one.kind for one in (*first.records, *second.records)] == ["meeting", "observation", "interview", "meeting"]
    assert second.following is None
    assert first.years[-1] == long_ago.year
    assert list(monitoring_list(verifier, centre, MonitoringWanted(year=str(long_ago.year))).records) == [oldest]
    assert {one.kind for one in monitoring_list(verifier, centre, MonitoringWanted(words="pat")).records} == {
        "interview"
    }
    assert {one.kind for one in monitoring_list(verifier, centre, MonitoringWanted(words="Ann")).records} >= {
        "observation"
    }
    for odd in (
        MonitoringWanted(after="x"),
        MonitoringWanted(year="²³45"),
        MonitoringWanted(kind="wish"),
        MonitoringWanted(year="0000"),
        MonitoringWanted(year="9" * 400),
    ):
        assert monitoring_list(verifier, centre, odd).records
