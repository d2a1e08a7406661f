"""Where a verifier goes on after a unit was sampled."""

from django.urls import reverse

from centres.models import User
from portfolio.models import CandidateUnit
from verification.models import PlannedSample, SampleStage, SamplingRecord


def next_after(record: SamplingRecord, unit: CandidateUnit, verifier: User) -> str:
    """The address of the next page: after a disagreement the unit, else the candidate's next planned unit.

    Where none is left, the page that countersigns all that was sampled of the candidate; after an interim look the
    board. What the assessor is asked to
    do after a disagreement is the verifier's next step: this is the place that leads to it.
    """
    centre, portfolio = unit.registration.centre.uuid, unit.registration
    if not record.agrees:
        return reverse("assessments:unit", args=[centre, unit.uuid])
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
