"""What a piece says of the people in its pictures, sound or film."""

import re

import pytest

from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import EvidenceVersion
from record.models import EventPayload
from tests.cast import claim_in_bulk
from tests.portfolio.files.arrivals import picture
from tests.portfolio.files.typed import address, evidence_form, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def add(client, unit, candidate):
    """Adds a piece with a file as Pat, and returns its version."""
    client.force_login(candidate)

    def post(content: bytes, name: str, **said) -> EvidenceVersion:
        with IncomingFile.from_content(name, content) as incoming:
            kept = file_stage(registration=unit.registration, user=candidate, incoming=incoming)
        url = address("portfolio:evidence_add", unit.registration, portfolio=unit.registration.uuid)
        assert client.post(url, evidence_form(kept=str(kept.uuid), **said)).status_code == 302
        return EvidenceVersion.objects.latest("pk")

    return post


def shown(client, version: EvidenceVersion, unit) -> str:
    return words(client.get(address("portfolio:evidence", unit.registration, evidence=version.evidence.uuid)))


def test_of_a_picture_it_is_kept_told_and_shown(add, client, unit, assessor):
    version = add(picture(), "queue.jpg", people="agreed")
    assert version.people == "agreed"
    assert '"people":"agreed"' in EventPayload.objects.latest("pk").body
    assert "Others in it agreed" in shown(client, version, unit)
    claim_in_bulk(unit, [version.evidence])
    client.force_login(assessor)
    judging = address("assessments:judge", unit.registration, unit=unit.uuid, evidence=version.evidence.uuid)
    assert "Others in it agreed" in words(client.get(judging))


def test_where_it_was_not_said_the_pages_say_so(add, client, unit):
    version = add(picture(), "queue.jpg")
    assert '"people"' not in EventPayload.objects.latest("pk").body
    assert "Who else is in it was not said" in shown(client, version, unit)


def test_of_a_letter_nothing_is_kept(add, client, unit):
    version = add(b"Dear Sir\n", "letter.txt", people="nobody")
    assert version.people == ""
    assert "Who else is in it" not in shown(client, version, unit)


def test_the_correction_starts_from_what_was_said(add, client, unit):
    version = add(picture(), "queue.jpg", people="covered")
    url = address("portfolio:evidence_correct", unit.registration, evidence=version.evidence.uuid)
    page = client.get(url).content.decode()
    assert re.search(r'name="people"[^>]*value="covered"[^>]*checked', page)
    assert 'data-people="asked"' in page


def test_an_answer_that_is_none_is_refused_in_words(client, unit, candidate):
    client.force_login(candidate)
    url = address("portfolio:evidence_add", unit.registration, portfolio=unit.registration.uuid)
    assert "Choose one of these three, or none." in words(client.post(url, evidence_form(people="perhaps")))
