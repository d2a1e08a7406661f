"""Shows feedback on pages of rooms below, which know nothing of it."""

from typing import Any

from django import template

from assessments.feedback.selectors import feedback_on_piece
from portfolio.models import Evidence

register = template.Library()


@register.inclusion_tag("assessments/feedback/_on_piece.html")
def feedback_on(evidence: Evidence) -> dict[str, Any]:
    """What assessors said of a piece of evidence; one query."""
    return {"said": feedback_on_piece(evidence)}
