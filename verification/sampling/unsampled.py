"""What the page on how a registration stands says of samples that are planned and not done."""

from collections.abc import Iterator

from portfolio.models import Registration
from verification.models import PlannedSample


def unsampled_in(registration: Registration) -> Iterator[str]:
    """Name the units of a portfolio that are planned to be sampled and were not; one query."""
    planned = PlannedSample.objects.open().filter(
        unit_version__candidate_unit__registration=registration,
        unit_version__closed_at=None,
        unit_version__candidate_unit__set_aside_at=None,
    )
    code = "unit_version__candidate_unit__revision__unit__code"
    if codes := list(planned.order_by(code).values_list(code, flat=True).distinct()):
        yield f"Planned to be sampled, and not sampled yet: {', '.join(codes)}."
