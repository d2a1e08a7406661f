"""Where a verifier goes on after a unit was sampled: to the next one, or to what the assessor is asked to do."""

from django.urls import reverse

from assessments.actions.begun import Begun
from assessments.models import REASON_AT_MOST, Origin
from assessments.permissions import can_return
from centres.models import User
from portfolio.models import CandidateUnit
from portfolio.models.evidence_number import evidence_number
from portfolio.open_versions import open_version
from portfolio.permissions import signs_as
from standards.naming import names_in
from standards.published import published_content
from verification.days import day_at, in_words
from verification.models import PlannedSample, SampleStage, SamplingRecord


def next_after(record: SamplingRecord, unit: CandidateUnit, verifier: User) -> str:
    """The address of the next page: after a disagreement where it is acted on, else the candidate's next planned unit.

    Where none is left, the page that countersigns all that was sampled of the candidate; after an interim look the
    board.
    """
    centre, portfolio = unit.registration.centre.uuid, unit.registration
    if not record.agrees:
        return act_on(unit, verifier)
    waiting = PlannedSample.objects.open().filter(
        unit_version__candidate_unit__registration=portfolio,
        unit_version__closed_at__isnull=True,
        unit_version__candidate_unit__progress__verifier=verifier,
    )
    following = waiting.order_by("due", "pk").values_list("unit_version__candidate_unit__uuid", flat=True).first()
    if following:
        return reverse("verification:sample", args=[centre, following])
    if record.stage == SampleStage.INTERIM:
        return reverse("verification:board", args=[centre])
    return reverse("verification:countersign", args=[centre], query={"portfolio": portfolio.uuid})


def act_on(unit: CandidateUnit, verifier: User) -> str:
    """Where a disagreement is acted on: on the page that returns the unit, where it can be returned, or that asks."""
    returns = can_return(signs_as(verifier, unit), open_version(unit))
    page = "assessments:return" if returns else "assessments:ask"
    return reverse(page, args=[unit.registration.centre.uuid, unit.uuid], query={"from": Origin.SAMPLING.value})


def begun_by_sampling(unit: CandidateUnit, verifier: User) -> Begun | None:
    """What an action begins with: what the verifier wrote in their last sampling of the unit, if they disagreed."""
    records = SamplingRecord.objects.filter(unit_version__candidate_unit=unit, verifier__user=verifier)
    last = records.filter(unit_version__closed_at__isnull=True).order_by("-pk").first()
    if last is None or last.agrees:
        return None
    day = in_words(day_at(last.made_at, unit.registration.centre))
    lines = [f"Sampling of {day}: {last.words}"]
    if last.failed:
        lines.append(f"Not {', not '.join(last.failed)}.")
    names = names_in(published_content(unit.revision))
    exceptions = last.claims.exclude(exception="").select_related("claim__criterion", "claim__evidence")
    for looked_at in exceptions.order_by("claim__evidence__number", "pk"):
        criterion = looked_at.claim.criterion
        name = names[criterion.kind, criterion.position].code
        number = evidence_number(looked_at.claim.evidence.number)
        lines.append(f"Evidence {number}, {name}: {looked_at.exception}")
    words = "\n".join(lines)
    return Begun(
        words=words if len(words) <= REASON_AT_MOST else f"{words[: REASON_AT_MOST - 1]}…", origin=Origin.SAMPLING
    )
