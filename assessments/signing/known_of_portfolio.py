"""What the portfolio says to who signs a unit off or countersigns it: against which rules, without an induction."""

from collections.abc import Iterator

from django.urls import reverse

from assessments.models import Stage
from assessments.signing.known_above import Known
from portfolio.induction.selectors import induction_of
from portfolio.models import CandidateUnit
from portfolio.qualification_rules.warnings import Act, qualification_warnings

ACTS = {Stage.COUNTERSIGNATURE: Act.COUNTERSIGNATURE, Stage.COUNTERSIGNATURE_CONFIRMED: Act.COUNTERSIGNATURE}


def known_of_portfolio(unit: CandidateUnit, stage: Stage) -> Iterator[Known]:
    """Yield what is to be known before this stage is signed. The candidate is told none of it."""
    registration = unit.registration
    if stage == Stage.SUBMISSION:
        return
    centre = registration.centre
    for warning in qualification_warnings(centre, registration.qualification, ACTS.get(stage, Act.SIGN_OFF)):
        yield Known(sentence=warning, is_warning=True)
    if stage == Stage.SIGN_OFF and induction_of(registration) is None:
        yield Known(
            sentence=f"{registration.candidate} has not signed the induction. Nothing waits for it.",
            url=reverse("portfolio:induction", args=[centre.uuid, registration.uuid]),
            action="See what it says",
        )
