"""What pages say of the witness of a piece: who they are, what they ticked, and what assessors added."""

from typing import Any

from django import template

from portfolio.models import Evidence, Testimony
from portfolio.permissions import may_note_testimony
from portfolio.remarks import FAMILY
from portfolio.testimony.criteria import criteria_named
from portfolio.testimony.selectors import is_as_taken_down

register = template.Library()


@register.inclusion_tag("portfolio/testimony/_testimony.html", takes_context=True)
def testimony_of(context: dict[str, Any], evidence: Evidence) -> dict[str, Any]:
    """Show the witness of a piece and their testimony; nothing, and no query, for a piece without one.

    A piece that was taken over from another portfolio names its witness alone.
    """
    if evidence.witness_id is None:
        return {}
    registration = evidence.registration
    said = {"witness": evidence.witness, "called": registration.centre.words, "centre": registration.centre.uuid}
    given = Testimony.objects.select_related(
        "request__asked_by", "request__taken_down", "evidence__witness", "evidence__put_in_by"
    )
    testimony = given.filter(evidence=evidence).first()
    if testimony is None:
        return said
    is_family = testimony.is_family or testimony.evidence.witness.is_family  # type: ignore[union-attr]
    taken_down = getattr(testimony.request, "taken_down", None)
    notes = list(testimony.notes.select_related("author"))
    return said | {
        "testimony": testimony,
        "taken_down": taken_down,
        "is_as_taken_down": taken_down is not None and is_as_taken_down(testimony, taken_down),
        "standing": testimony.evidence.witness.standings.select_related("accepted_by").first(),  # type: ignore[union-attr]
        "ticked": criteria_named(registration, testimony.criteria) if testimony.criteria else [],
        "notes": notes,
        "is_reached": any(note.reached for note in notes),
        "given_on": registration.centre.words.say(testimony.get_given_on_display()),
        "family": FAMILY if is_family else "",
        "may_note": may_note_testimony(context["user"], registration),
    }
