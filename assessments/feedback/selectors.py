"""Questions about the feedback on a unit and on a piece of evidence."""

from collections.abc import Sequence

from assessments.models import Feedback
from portfolio.models import CandidateUnit, Evidence


def feedback_on_unit(unit: CandidateUnit) -> Sequence[Feedback]:
    """All that was said of a unit and of the pieces in it, the newest first; one query."""
    found = Feedback.objects.filter(candidate_unit=unit).select_related("author__user", "evidence")
    return list(found.order_by("-pk"))


def feedback_on_piece(evidence: Evidence) -> Sequence[Feedback]:
    """All that was said of a piece, in whichever unit, the newest first; one query.

    Whoever may open the piece may open its portfolio, and reads it.
    """
    found = Feedback.objects.filter(evidence=evidence).select_related("author__user", "candidate_unit__revision__unit")
    return list(found.order_by("-pk"))
