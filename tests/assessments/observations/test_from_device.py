"""What a device kept of a record without a connection: it arrives as a draft, and its author signs it on the site."""

import datetime
import json
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Acknowledgement, AssessorRecord, DrawnName, Judgement, RecordDraft
from assessments.observations.from_device import device_time, drawn_names, written_in_words
from centres.models import Role
from portfolio.files.written import written_text
from portfolio.models import EvidenceFile
from portfolio.registrations.services import allocation_end
from tests.assessments.observations.records import SEEN, said_of, sign
from tests.assessments.observations.test_record_page import page_of, tick, typed
from tests.assessments.pages import html_of, signed_in, text_of
from tests.cast import PASSWORD, join

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
LINES = "M10 100L60 40L110 100M130 100L130 100"
NOT_A_SIGNATURE = "Name drawn on the assessor’s device, not a signature by password."


def kept(unit, **changed):
    """What a device sends: the form as it was typed, without a password."""
    said = typed(unit, claimed=tick(unit, "B10.1.1"), written_on_device="2026-03-03T10:45:00Z") | changed
    return {name: value for name, value in said.items() if name != "password"}


def name_on(said, unit, **changed):
    """A name as the page has it: with what the form said when it was drawn."""
    of = [[name, one] for name, value in said.items() for one in (value if isinstance(value, list) else [value])]
    drawn = {"lines": LINES, "typed": "", "at": "2026-03-03T10:44:00Z", "of": of} | changed
    return {f"drawn-{unit.registration.uuid}": json.dumps(drawn)}


class Device:
    """The browser of somebody on their device."""

    def __init__(self, client, unit):
        self.get, self.post, self._unit = client.get, client.post, unit

    def send(self, said, key):
        """Send what was kept; return where the draft is."""
        answer = self.post(f"{page_of(self._unit, key)}arrived/", said)
        assert answer.status_code == 200
        return answer.json()["address"]


@pytest.fixture
def device(unit, assessor):
    """The assessor's device."""
    return Device(signed_in(assessor), unit)


def sign_on_site(client, draft, said):
    return client.post(draft, said | {"password": PASSWORD, "sign": "1"})


def test_it_arrives_as_a_draft_and_is_signed_on_the_site(device, unit):
    key = uuid.uuid4()
    said = kept(unit)
    draft = device.send(said, key)
    assert draft == page_of(unit, key)
    assert not Judgement.objects.exists()
    shown = text_of(device.get(draft))
    assert "Written on a device on 3 March 2026, 10:45 by its own clock, sent on" in shown
    assert SEEN in html_of(device.get(draft))

    sign_on_site(device, draft, said)
    record = AssessorRecord.objects.get()
    assert record.written_at == datetime.datetime(2026, 3, 3, 10, 45, tzinfo=datetime.UTC)
    assert record.arrived_at
    assert record.arrived_at <= record.signed_at
    assert "Written on a device on 3 March 2026, 10:45" in written_text(EvidenceFile.objects.get())
    assert Judgement.objects.get().outcome == "met"

    assert device.send(said, key) == draft  # once more, from a tab that was left open
    assert "you pressed the button twice" in text_of(sign_on_site(device, draft, said) and device.get(draft)).lower()
    assert not RecordDraft.objects.exists()


def test_sent_twice_it_is_one_draft_and_more_in_it_takes_its_place(device, unit):
    key, prefix = uuid.uuid4(), unit.registration.uuid
    draft = device.send(kept(unit), key)
    assert device.send(kept(unit), key) == draft
    assert device.send(kept(unit, **{f"{prefix}-seen": "And more."}), key) == draft
    assert RecordDraft.objects.get().fields[f"{prefix}-seen"] == ["And more."]


def test_what_was_typed_on_the_site_meanwhile_stays_and_the_device_s_is_beside_it(device, unit):
    key, prefix = uuid.uuid4(), unit.registration.uuid
    draft = device.send(kept(unit), key)
    device.post(draft, kept(unit, **{f"{prefix}-seen": "Typed on the site."}) | {"save": "1"})
    more = kept(unit, **{f"{prefix}-seen": "Typed on the device."})
    beside = device.send(more, key)
    assert beside != draft
    assert device.send(more, key) == beside
    assert "Typed on the site." in html_of(device.get(draft))
    assert "Typed on the device." in html_of(device.get(beside))
    assert RecordDraft.objects.count() == 2


def test_what_cannot_be_claimed_any_more_is_said_and_nothing_is_lost(device, verified_unit, unit, coordinator):
    draft = device.send(kept(verified_unit), uuid.uuid4())
    assert "Nothing is judged in this unit any more." in text_of(device.get(draft))
    allocation_end(allocation=unit.allocations.get(capacity="assessor"), actor=coordinator)
    draft = device.send(kept(unit), uuid.uuid4())
    shown = text_of(device.get(draft))
    assert "You do not assess every unit any more that you had chosen" in shown
    assert SEEN in shown


def test_nobody_else_sees_or_takes_it(device, unit, assessor, candidate, centre, coordinator):
    key = uuid.uuid4()
    draft = device.send(kept(unit), key)
    other = signed_in(join(centre, coordinator, "Olu Other", "olu@harbour.example", Role.ASSESSOR))
    assert SEEN not in html_of(other.get(draft, follow=True))
    assert other.post(f"{draft}arrived/", kept(unit)).status_code == 200  # a draft of their own: they made the same key
    assert RecordDraft.objects.filter(author=assessor, form_key=key).count() == 1
    assert signed_in(candidate).post(f"{draft}arrived/", kept(unit)).status_code == 403


def test_the_page_that_opens_without_a_connection_names_neither_its_person_nor_a_day(device, unit, assessor):
    query = {"unit": unit.uuid, "kind": "questioning"}
    where = {"centre": unit.registration.centre.uuid}
    page = html_of(device.get(reverse("assessments:observation_offline", kwargs=where, query=query)))
    assert unit.registration.candidate.name in page
    assert assessor.name not in page
    assert timezone.localdate().isoformat() not in page
    assert 'name="password"' not in page
    assert f"{unit.registration.uuid}-answered-20" in page


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "2026-03-03T12:00:00Z",
            "Written on a device on 3 March 2026, 12:00 by its own clock, sent on 3 March",
        ),
        ("2031-01-01T00:00:00Z", "That clock was wrong: it was ahead"),
        ("1970-01-01T00:00:00Z", "That clock was wrong, or the record waited for very long"),
        ("+275760-09-13T00:00:00Z", "whose clock said no time that can be read"),
        ("9999-12-31T23:59:00-11:00", "whose clock said no time that can be read"),
        ("yesterday", "whose clock said no time that can be read"),
        ("", "whose clock said no time that can be read"),
    ],
)
def test_a_wrong_clock_is_kept_and_said(written, said):
    arrived = datetime.datetime(2026, 3, 3, 14, 5, tzinfo=LONDON)
    words = written_in_words(device_time(written), arrived, LONDON)
    assert said in words
    assert "sent on 3 March 2026, 14:05" in words


def test_a_wrong_clock_orders_and_dates_nothing(device, unit):
    key = uuid.uuid4()
    said = kept(unit, written_on_device="2031-01-01T00:00:00Z")
    draft = device.send(said, key)
    sign_on_site(device, draft, said)
    record = AssessorRecord.objects.get()
    assert record.written_at == datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC)
    assert record.signed_at <= timezone.now()
    assert record.parts.get().evidence.versions.get().happened_from == datetime.date(2026, 3, 3)


def test_a_name_that_was_drawn_is_shown_printed_and_no_acknowledgement(device, unit, candidate):
    said = kept(unit)
    draft = device.send(said | name_on(said, unit), uuid.uuid4())
    assert LINES in html_of(device.get(draft))
    sign_on_site(device, draft, said)
    name = DrawnName.objects.get()
    assert (name.lines, name.before_changes) == (LINES, False)
    assert name.by_device_clock == datetime.datetime(2026, 3, 3, 10, 44, tzinfo=datetime.UTC)
    piece = {"centre": unit.registration.centre.uuid, "evidence": name.part.evidence.uuid}
    shown = signed_in(candidate).get(reverse("portfolio:evidence", kwargs=piece))
    assert LINES in html_of(shown)
    assert NOT_A_SIGNATURE in text_of(shown)
    assert "Not yet seen by the candidate" in text_of(shown)
    assert not Acknowledgement.objects.exists()
    assert device.get(reverse("assessments:observation_pdf", kwargs=piece)).content.startswith(b"%PDF-")


def test_what_was_changed_after_it_was_drawn_is_said(device, unit):
    said = kept(unit)
    draft = device.send(said | name_on(said, unit), uuid.uuid4())
    changed = said | {f"{unit.registration.uuid}-seen": f"{SEEN}\r\nAnd a lid."}
    sign_on_site(device, draft, changed)
    assert DrawnName.objects.get().before_changes is True
    assert "The record was changed after it." in text_of(device.get(draft))


@pytest.mark.parametrize(
    "sent",
    [
        "not JSON", "[]", '{"lines": "M1 1"}', '{"lines": "url(#x)"}', '{"typed": " "}', '{"of": 7, "typed": "Pat"}',
        json.dumps({"lines": "M1 1L2 2" * 2_000}),
    ],
)  # fmt: skip
def test_what_is_no_name_is_left_out(sent):
    assert drawn_names({"drawn-1": [sent], "place": ["Returns desk"]}) == {}


def test_a_name_is_drawn_on_the_device_that_was_handed_over(unit, assessor):
    part = sign(assessor, said_of(unit, "1.1")).parts.get()
    of = {"centre": unit.registration.centre.uuid, "evidence": part.evidence.uuid}
    client, here = signed_in(assessor), reverse("assessments:handed_over", kwargs=of)
    client.post(here, {"draw": "1", "name-lines": LINES})  # it is not handed over yet
    client.post(here, {"hand": "1"})
    assert not DrawnName.objects.exists()
    for said, refusal in (
        ({}, "Draw your name, or type it."),
        ({"name-typed": "Pat Pike"}, "Say that it is your name."),
        ({"name-lines": "M1 1L2 2" * 2_000}, "Draw it again."),
    ):
        assert refusal in text_of(client.post(here, {"draw": "1"} | said))
    client.post(here, {"draw": "1", "name-typed": "Pat Pike", "name-is_theirs": "on"})
    client.post(here, {"draw": "1", "name-lines": LINES})  # the first counts
    assert DrawnName.objects.get().typed == "Pat Pike"
    shown = text_of(client.get(here))
    assert "Name typed on the assessor’s device, not a signature by password." in shown
    assert "Your own password" in shown  # by which they say whether they agree, as before
