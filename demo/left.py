"""Who left the demo's centre early, with a unit certificate; and a unit that somebody achieved before they came."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from assessments.endings.selectors import certifiable_units
from assessments.endings.services import certificate_claim
from centres.models import Centre, User
from demo import stories
from demo.beach import JERMAINE
from demo.clock import told_at
from demo.stories import (
    DESMOND,
    JOYCELYN,
    Countersign,
    Judge,
    MakeStatements,
    SignOff,
    Story,
    StoryEvidence,
    StoryPerson,
    Submit,
)
from portfolio.achieved_before.services import AchievedSaid, achieved_before_record
from portfolio.models import AchievedBefore, Registration, RegistrationState
from portfolio.registrations.choosing import unit_choice
from portfolio.registrations.standing import StandingSaid, standing_change
from standards.evidence_kinds import EvidenceKind

DESK = "Front desk of the Sandpiper Hotel, blue folder"

CAMILLE = Story(
    candidate=StoryPerson("Camille Best"),
    number="PR-25-0566",
    assessor=DESMOND,
    verifier=JOYCELYN,
    steps=[
        StoryEvidence(
            title="The shift book of the front desk, as I kept it through one season",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=260,
            until=180,
            location=DESK,
            relevance="Every entry of the evening shift is mine: what guests asked, what I did, and what came of it",
            claims="1.1; 1.2; 1.3; 2.1; 2.2; 2.3; 2.4; 2.5; 2.6; 3.1; 3.3; 4a; 4b; 4c; 4d; 5a; 5b; f; g",
        ),
        StoryEvidence(
            title="What guests said of late check-out, and what we changed",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=220,
            until=175,
            location=DESK,
            relevance="I asked the guests, counted their answers and brought them to the manager",
            claims="2.7; 2.8; 3.2; 3.4; 5c; a; b; c; d; e; h",
        ),
        Submit(),
        Judge(),
        MakeStatements(),
        SignOff("A calm, complete record of a whole season."),
        Countersign("I read the shift book at the hotel. I agree with the assessor."),
    ],
)


def endings_tell(centre: Centre, people: Mapping[StoryPerson, User], now: datetime) -> None:
    """Let Camille leave with a certificate, and have noted what Jermaine achieved before: somebody still checks it."""
    marva = people[stories.MARVA]
    portfolios = Registration.objects.filter(centre=centre).select_related("centre__chain", "chain", "candidate")
    if CAMILLE.candidate in people:
        camille = portfolios.get(candidate=people[CAMILLE.candidate])
        with told_at(now - timedelta(days=40)):
            _leave(camille, marva)
        with told_at(now - timedelta(days=33)):
            for unit in certifiable_units(camille):
                day = centre.today
                certificate_claim(registration=camille, version=unit.version, actor=marva, number="UC-118204", day=day)
    if JERMAINE.candidate in people:
        with told_at(now - timedelta(minutes=5)):
            _note_before(portfolios.get(candidate=people[JERMAINE.candidate]), marva)


def _leave(camille: Registration, marva: User) -> None:
    said = StandingSaid(
        state=RegistrationState.WITHDRAWN,
        day=camille.centre.today,
        reason="She has moved to another island. She asked for a certificate of what she finished.",
    )
    standing_change(registration=camille, actor=marva, seen=RegistrationState.ACTIVE, said=said)


def _note_before(jermaine: Registration, marva: User) -> None:
    free = [offered.revision for offered in unit_choice(jermaine).offered if not offered.is_taken]
    if free:
        said = AchievedSaid(
            where=AchievedBefore.Where.CERTIFICATE,
            day=timezone.localdate() - timedelta(days=900),
            shown_by="The unit certificate of his last employer's centre, which he brought along.",
            certificate_number="CV-20417",
        )
        achieved_before_record(registration=jermaine, actor=marva, revision=free[0], said=said)
