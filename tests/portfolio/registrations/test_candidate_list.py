"""The list of candidates: found, sorted, and the same as a spreadsheet."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from centres.models import Role
from portfolio.models import Allocation, Registration
from portfolio.registrations.services import registration_create
from standards.models import Qualification
from tests.cast import join
from tests.portfolio.files.typed import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def page(client, coordinator, centre):
    client.force_login(coordinator)
    return lambda query="": client.get(reverse("portfolio:registrations", args=[centre.uuid]) + query)


@pytest.fixture
def zoe(centre, coordinator, unit):
    """Zoe has one unit and no assessor yet; Pat's unit is assessed by Ann."""
    zoe = join(centre, coordinator, "Zoe Zulu", "zoe@harbour.example", Role.CANDIDATE)
    return registration_create(
        centre=centre, actor=coordinator, candidate=zoe, number="C-77", revisions=[unit.revision]
    )


def names(answer) -> list[str]:
    return [line.candidate for line in answer.context["candidates"]]


def test_it_finds_by_name_number_state_assessor_and_qualification(page, zoe, assessor, verifier):
    assert names(page()) == ["Pat Candidate", "Zoe Zulu"]
    assert names(page("?sort=-name")) == ["Zoe Zulu", "Pat Candidate"]
    assert names(page("?sort=-registered")) == ["Zoe Zulu", "Pat Candidate"]
    assert names(page("?find=c-77")) == ["Zoe Zulu"]
    assert names(page("?find=zulu+zoe")) == ["Zoe Zulu"]
    assert names(page(f"?assessor={assessor.uuid}")) == ["Pat Candidate"]
    assert names(page("?assessor=nobody")) == ["Zoe Zulu"]
    assert names(page("?qualification=none&state=collecting")) == ["Pat Candidate", "Zoe Zulu"]
    assert "Nothing here is like that." in words(page("?state=verified"))
    Allocation.objects.filter(user=assessor).update(ended_at=timezone.now())
    assert names(page("?assessor=nobody")) == ["Pat Candidate", "Zoe Zulu"]
    # An address that somebody made up finds what the part of it that is known finds.
    assert names(page("?assessor=drop+table&state=x&qualification=y&sort=height&after=x")) == [
        "Pat Candidate", "Zoe Zulu",
    ]  # fmt: skip


def test_a_qualification_is_offered_under_its_latest_title_and_found(page, qualified):
    [offered, _] = page().context["listed"].filters.filters["qualification"].extra["choices"]
    assert offered == ("cvq:Q2", str(qualified.qualification))
    assert names(page("?qualification=cvq:Q2")) == ["Pat Candidate"]
    assert names(page("?qualification=none")) == []


def test_two_frameworks_with_one_code_are_two_qualifications(page, qualified, zoe, b10):
    other = Qualification.objects.create(
        framework=b10.unit.framework, code="Q2", number=1, title="Another", published_at=timezone.now()
    )
    Registration.objects.filter(candidate__name="Zoe Zulu").update(qualification=other)
    offered = page().context["listed"].filters.filters["qualification"].extra["choices"]
    assert offered == [
        ("cvq:Q2", "Q2 Service (CVQ)"), ("nvq:Q2", "Q2 Another (NVQ)"), ("none", "Single units"),
    ]  # fmt: skip
    assert names(page("?qualification=cvq:Q2")) == ["Pat Candidate"]
    assert names(page("?qualification=nvq:Q2")) == ["Zoe Zulu"]


def test_the_spreadsheet_has_a_row_for_each_unit(page, zoe, unit):
    head, *rows = csv.reader(io.StringIO(page("?as=csv").content.decode("utf-8-sig")))
    assert head[0:2] + head[7:] == ["Name", "Number", "Registration", "Unit", "State", "Assessor", "Internal verifier"]
    code = unit.revision.unit.code
    assert [[row[0], row[1], row[7], row[8][: len(code)], *row[9:]] for row in rows] == [
        ["Pat Candidate", "C-1001", "active", code, "Collecting", "Ann Assessor", "Ivy Verifier"],
        ["Zoe Zulu", "C-77", "active", code, "Collecting", "", ""],
    ]
