"""The headings and prompts of a centre's plans and reviews: ours, until the coordinator keeps others."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import SheetKind, SheetTemplate
from centres.models import Centre, User
from centres.permissions import may_coordinate
from record.errors import ChangedMeanwhile
from record.services.events import event_add

HEADINGS_AT_MOST = 12
HEADING_AT_MOST = 100  # characters
PROMPT_AT_MOST = 500


@dataclass(frozen=True, kw_only=True)
class SheetHeadings:
    """What the sheets of one kind are called and ask; `number` tells one from those after it, and 0 is ours."""

    number: int
    title: str
    headings: Sequence[tuple[str, str]]  # each with its prompt


DEFAULTS = {
    SheetKind.PLAN: SheetHeadings(
        number=0,
        title="Assessment plan",
        headings=(
            ("Your work, and what it can show", "Where in the work can this be shown? Which occasions are coming?"),
            ("Needs and adjustments", "What is needed to be assessed fairly? Who sees to it?"),
            ("Agreed", "How evidence is recorded, who else is asked, and how to appeal."),
        ),
    ),
    SheetKind.REVIEW: SheetHeadings(
        number=0,
        title="Review",
        headings=(
            ("Since the last review", "What was done, what went well, what held things up."),
            ("Feedback", "What the evidence shows so far, and what is still wanted."),
            ("What the candidate says", "How it goes for them, and what would help."),
            ("Needs and adjustments", "Are those that were agreed still right?"),
            ("Agreed", "What happens next, in a few words. What is to be done by a day stands below."),
        ),
    ),
}


def sheet_headings(centre: Centre, kind: SheetKind) -> SheetHeadings:
    """What the sheets of the centre are called and ask now; one query."""
    kept = SheetTemplate.objects.filter(centre=centre, kind=kind).order_by("-number").first()
    if kept is None:
        return DEFAULTS[kind]
    headings = [(heading, prompt) for heading, prompt in kept.headings]
    return SheetHeadings(number=kept.number, title=kept.title, headings=headings)


@transaction.atomic
def sheet_template_set(
    *, centre: Centre, actor: User, kind: SheetKind, seen: int, title: str, headings: Sequence[tuple[str, str]]
) -> SheetHeadings:
    """Let the centre's sheets of a kind ask this from now on. What is signed keeps its headings.

    The same again changes nothing. Raises PermissionDenied unless `actor` coordinates the centre, ChangedMeanwhile if
    somebody else changed it since it was `seen`, ValidationError without a title or a heading.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    before = sheet_headings(centre, kind)
    if (title, list(headings)) == (before.title, list(before.headings)):
        return before
    if seen != before.number:
        raise ChangedMeanwhile("This form was")
    if not headings:
        raise ValidationError("Give at least one heading: without one there is nowhere to write.")
    if len({heading.casefold() for heading, _ in headings}) < len(headings):
        raise ValidationError("Two headings are the same. Give each its own words.")
    kept = SheetTemplate(
        centre=centre,
        kind=kind,
        number=before.number + 1,
        title=title,
        headings=[list(one) for one in headings],
        author=actor,
        made_at=timezone.now(),
    )
    kept.full_clean()
    kept.save()
    event_add(chain=centre.chain, kind="sheet_template.set", actor=actor.uuid, at=kept.made_at, row=kept)
    return sheet_headings(centre, kind)
