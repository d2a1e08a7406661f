"""What a process keeps of a portfolio holds for as long as nothing happens in it, and not a moment longer."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.remembered import Remembered
from assessments.selectors import forget_progress
from assessments.services.judgements import judge, statements_set
from assessments.services.signing import unit_submit
from centres.models import Role, User
from portfolio.models import CandidateUnit, Capacity, Evidence
from portfolio.services.claims import claims_set
from portfolio.services.evidence import evidence_remove
from portfolio.services.registrations import allocate
from portfolio.services.unit_choice import unit_set_aside
from standards.models import Criterion
from tests.assessments.pages import address, signed_in
from tests.assessments.steps import answer, give_back
from tests.assessments.test_judgements import correct
from tests.cast import PASSWORD, claim_make, join, seen

PAGES = ("grid", "unit", "portfolio", "criterion", "claims", "judge", "sign")
WITH_ITS_STATE = ("grid", "unit", "portfolio", "criterion", "claims", "sign")
# What happens: what has to happen before it, and the pages that show it.
CHANGES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "claim": ((), PAGES),
    "take the claim back": (("claim",), PAGES),
    "judge": (("claim",), PAGES),
    "take the judgement back": (("claim", "judge"), PAGES),
    "statements": (("claim",), ("unit", "sign")),
    "correct the piece": (("claim",), PAGES),
    "remove the piece": ((), ("grid", "claims", "portfolio", "criterion")),
    "submit": (("claim",), WITH_ITS_STATE),
    "return": (("claim", "submit"), WITH_ITS_STATE),
    "set aside": (("claim",), PAGES),
    "allocate": (("claim",), ("unit", "judge")),
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """A unit with one piece, the criterion that it is claimed for, and the people it takes."""

    unit: CandidateUnit
    evidence: Evidence
    criterion: Criterion
    candidate: User
    assessor: User
    coordinator: User

    def happens(self, what: str) -> None:
        """Let this happen in the portfolio."""
        unit = self.unit
        piece: dict[str, Any] = {"unit": unit, "evidence": self.evidence, "actor": self.candidate}
        match what:
            case "claim":
                claim_make(**piece, criterion=self.criterion, where="page 9")
            case "take the claim back":
                claims_set(**piece, seen={self.criterion: "page 9"}, wanted={})
            case "judge":
                judge(unit=unit, actor=self.assessor, answers=[answer(unit)])
            case "take the judgement back":
                judge(unit=unit, actor=self.assessor, answers=[answer(unit, outcome=None)])
            case "statements":
                statements_set(unit=unit, actor=self.assessor, statements=unit.revision.rules["statements"])
            case "correct the piece":
                correct(self.evidence, self.candidate, title="Another log", setting="simulation")
            case "remove the piece":
                evidence_remove(evidence=self.evidence, actor=self.candidate)
            case "submit":
                unit_submit(unit=unit, actor=self.candidate, password=PASSWORD, seen=seen(unit))
            case "return":
                give_back(unit, self.assessor)
            case "set aside":
                unit_set_aside(unit=unit, actor=self.coordinator)
            case "allocate":
                other = join(unit.registration.centre, self.coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
                allocate(unit=unit, actor=self.coordinator, user=other, capacity=Capacity.ASSESSOR)
            case _:
                raise AssertionError(what)

    def path(self, page: str) -> str:
        """The address of one of PAGES."""
        registration = self.unit.registration
        match page:
            case "portfolio":
                named = {"centre": registration.centre.uuid, "portfolio": registration.uuid}
                return reverse("assessments:portfolio", kwargs=named)
            case "criterion":
                return address(page, self.unit, criterion=f"{self.criterion.kind}-{self.criterion.position}")
            case "claims" | "judge":
                return address(page, self.unit, evidence=self.evidence.uuid)
            case _:
                return address(page, self.unit)


@pytest.fixture
def story(unit, evidence, candidate, assessor, coordinator) -> Story:
    return Story(
        unit=unit,
        evidence=evidence,
        criterion=unit.revision.criteria.filter(is_tickable=True).first(),
        candidate=candidate,
        assessor=assessor,
        coordinator=coordinator,
    )


@pytest.fixture
def look(story):
    """Open a page of the story, as the assessor where only they may, and return what it shows."""
    candidate, assessor = signed_in(story.candidate), signed_in(story.assessor)

    def open_page(page: str) -> list[str]:
        response = (assessor if page == "judge" else candidate).get(story.path(page), follow=True)
        main = response.content.decode().partition("<main")[2]
        return [line for line in main.splitlines() if "csrfmiddlewaretoken" not in line]

    return open_page


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_a_portfolio_once_while_nothing_happens_in_it(page, story, look):
    story.happens("claim")
    with CaptureQueriesContext(connection) as at_first:
        look(page)
    with CaptureQueriesContext(connection) as again:
        look(page)
    assert len(again) <= len(at_first) - 3


@pytest.mark.django_db
@pytest.mark.parametrize("what", CHANGES)
def test_what_happens_is_shown_at_once(what, story, look):
    happened, shown_on = CHANGES[what]
    for earlier in happened:
        story.happens(earlier)
    before = {page: look(page) for page in shown_on}
    story.happens(what)
    after = {page: look(page) for page in shown_on}
    assert [page for page in shown_on if after[page] == before[page]] == []
    Remembered.forget()
    forget_progress()
    assert after == {page: look(page) for page in shown_on}


def test_nothing_is_kept_without_a_head():
    found = iter("abc")
    kept: Remembered[str] = Remembered(at_most=5)
    assert [kept.at("unit", "", lambda: next(found)) for _ in range(2)] == ["a", "b"]


def test_what_was_found_first_makes_room():
    kept: Remembered[str] = Remembered(at_most=2)
    for key in ("one", "two", "three"):
        kept.at(key, "head", key.upper)
    assert kept.at("three", "head", lambda: "anew") == "THREE"
    assert kept.at("one", "head", lambda: "anew") == "anew"


def test_another_head_finds_anew():
    kept: Remembered[str] = Remembered(at_most=2)
    kept.at("unit", "head", lambda: "before")
    assert kept.at("unit", "other", lambda: "after") == "after"
    assert kept.at("unit", "other", lambda: "later") == "after"
