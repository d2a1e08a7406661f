"""What a unit is about is told where it is chosen; who should not take it stands open, before it is chosen."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from portfolio.registrations.unit_choice import unit_choose
from standards.fixtures import Fixtures, read_fixtures
from standards.models import UnitRevision
from standards.services.prose import ProsePublication, prose_publish
from standards.services.syncing import standards_sync
from tests.assessments.pages import html_of
from tests.portfolio.files.typed import address
from tests.portfolio.qualified import revision_of
from tests.standards.shapes import EVERY_PROSE

pytestmark = pytest.mark.django_db

NOT_FOR = "Do not use this unit if you do not hold that responsibility"
FOLDED = re.compile(r"<details\b.*?</details>", re.DOTALL)


@pytest.fixture
def development(db: None) -> dict[str, UnitRevision]:
    """D18 and D19 of the national occupational standards, which are of one theme."""
    found = read_fixtures(settings.BASE_DIR / "fixtures", frameworks=["nos"])
    standards_sync(
        fixtures=Fixtures(
            units=tuple(one for one in found.units if one.content.code in {"D18", "D19"}),
            prose=tuple(one for one in found.prose if one.unit.code in {"D18", "D19"}),
        )
    )
    return {row.unit.code: row for row in UnitRevision.objects.filter(unit__framework__code="nos")}


def described_by(html: str, words: str) -> str:
    """What stands in the element to which the field or button with these words in its tag points."""
    [tag] = [tag for tag in re.findall(r"<(?:input|button)\b[^>]*>", html) if words in tag]
    [its_id] = re.findall(r'aria-describedby="([^"]+)"', tag)
    [said] = re.findall(rf'id="{its_id}">(.*?)</p>', html)
    return said


@pytest.mark.parametrize("page", ["unit_add", "registration_add"])
def test_who_must_not_use_d19_is_said_before_it_is_ticked(
    client: Client, coordinator: Any, registration: Any, development: dict[str, UnitRevision], page: str
) -> None:
    client.force_login(coordinator)
    where = {"portfolio": registration.uuid} if page == "unit_add" else {}
    html = html_of(client.get(address(f"portfolio:{page}", registration, **where), {"framework": "nos"}))
    d18, d19 = development["D18"], development["D19"]
    assert NOT_FOR in described_by(html, f'value="{d19.uuid}"')
    assert NOT_FOR in FOLDED.sub("", html)
    assert f'aria-describedby="for-whom-{d18.uuid}"' not in html
    folded = FOLDED.findall(html)
    assert [words for words in folded if "D19</span>" in words and "From time to time, a customer process" in words]
    assert html.count("This Theme covers activities and approaches") == 1
    assert [words for words in folded if "What this theme covers" in words]


def test_it_is_said_before_an_optional_unit_is_taken_and_not_of_what_is_taken(
    client: Client, candidate: Any, qualified: Any
) -> None:
    prose_publish(
        publications=[ProsePublication(framework="cvq", code=code, prose=EVERY_PROSE) for code in ("M1", "O1", "O2")]
    )
    unit_choose(registration=qualified, actor=candidate, revision=revision_of("O2"))
    client.force_login(candidate)
    html = html_of(client.get(address("portfolio:units", qualified, portfolio=qualified.uuid)))
    assert described_by(html, f'value="{revision_of("O1").unit.uuid}"') == EVERY_PROSE.for_whom[0]
    assert FOLDED.sub("", html).count(EVERY_PROSE.for_whom[0]) == 1
    [about] = [words for words in FOLDED.findall(html) if "What this unit is about" in words]
    assert "This theme covers shapes." in about
    assert "<li>squares.</li>" in about
