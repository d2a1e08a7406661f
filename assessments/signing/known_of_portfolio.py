"""What the portfolio says to who signs a unit off or countersigns it: against which rules, without an induction."""

from collections.abc import Iterator

from django.urls import reverse

from assessments.models import Stage
from assessments.signing.known_above import Known
from portfolio.induction.selectors import induction_of
from portfolio.models import CandidateUnit
from portfolio.qualification_rules.selectors import rules_of
from portfolio.qualification_rules.warnings import Act, rule_warnings

NO_DIRECT_CLAIMS = (
    "The centre has no direct claims for this qualification: the awarding body's verifier releases its certificates."
)


def known_of_portfolio(unit: CandidateUnit, stage: Stage) -> Iterator[Known]:
    """Yield what is to be known before this stage is signed. The candidate is told none of it."""
    registration = unit.registration
    if stage == Stage.SUBMISSION:
        return
    qualification, centre = registration.qualification, registration.centre
    rules = rules_of(centre, qualification.address) if qualification else None
    if rules:
        for warning in rule_warnings(rules, act=Act.SIGNATURE, day=centre.today):
            yield Known(sentence=warning, is_warning=True)
        if stage == Stage.COUNTERSIGNATURE and not rules.direct_claims:
            yield Known(sentence=NO_DIRECT_CLAIMS)
    if stage == Stage.SIGN_OFF and induction_of(registration) is None:
        yield Known(
            sentence=f"{registration.candidate} has not signed the induction. Nothing waits for it.",
            url=reverse("portfolio:induction", args=[centre.uuid, registration.uuid]),
            action="See what it says",
        )
