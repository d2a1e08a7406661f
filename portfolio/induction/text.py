"""What candidates of a centre read when they begin: ours, until the coordinator keeps other words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from centres.models import Centre, User
from centres.permissions import may_coordinate
from portfolio.models import InductionText
from portfolio.models.inductions import SECTIONS
from record.canonical import canonical, digest
from record.errors import ChangedMeanwhile
from record.services.events import event_add

HEADINGS = {
    "appeals": "If you do not agree with a decision",
    "complaints": "If you have a complaint",
    "data": "How your data is kept",
    "adjustments": "If something is to be adjusted for you",
}
OURS = {  # without days and names, which each centre has its own of
    "appeals": (
        "Say so to your assessor first, as soon as you can, and ask them to explain the decision. If you "
        "still do not agree, write to the centre's coordinator. Somebody who had no part in the decision "
        "looks at it again and answers you in writing. If you do not agree with that answer either, you may "
        "appeal to the awarding body; the coordinator tells you how."
    ),
    "complaints": (
        "Tell the centre's coordinator, in words or in writing, what went wrong and what you would like to be "
        "done. You are answered in writing. If that does not settle it, you may turn to the awarding body. A "
        "complaint never counts against you."
    ),
    "data": (
        "The centre keeps what you add, what others say of it, and who did what when. Your assessor, the "
        "internal verifier and the coordinator read it, and during a visit the awarding body's verifier. "
        "Leave out or cover what names customers and colleagues who have not agreed. What was signed is kept "
        "as long as the awarding body asks for. You may ask the coordinator at any time what is kept of you."
    ),
    "adjustments": (
        "If a disability, an illness, a language or anything else makes it harder for you to show what you "
        "can do, tell your assessor or the coordinator as early as you can. Much can be adjusted: more time, "
        "somebody who reads, writes, signs or interprets, other ways to give evidence. What is agreed stands "
        "in your portfolio, and you can read it there."
    ),
}


@dataclass(frozen=True, kw_only=True)
class InductionWords:
    """What there is to read; `number` tells one text of a centre from those after it, and 0 is ours."""

    number: int
    said: Mapping[str, str]  # by the names in SECTIONS

    @property
    def sections(self) -> list[list[str]]:
        """Each heading with its words, as it is read and kept."""
        return [[HEADINGS[name], self.said[name]] for name in SECTIONS]

    @cached_property
    def digest(self) -> str:
        """The digest of what is read."""
        return digest(canonical({"induction": self.sections}))


def induction_words(centre: Centre) -> InductionWords:
    """What candidates of the centre read now; one query."""
    kept = InductionText.objects.filter(centre=centre).order_by("-number").first()
    if kept is None:
        return InductionWords(number=0, said=OURS)
    return InductionWords(number=kept.number, said={name: getattr(kept, name) for name in SECTIONS})


@transaction.atomic
def induction_text_set(*, centre: Centre, actor: User, seen: int, said: Mapping[str, str]) -> InductionWords:
    """Let candidates of the centre read this from now on. What was signed stays signed.

    The same again changes nothing. Raises PermissionDenied unless `actor` coordinates the centre, ChangedMeanwhile if
    somebody else changed it since it was `seen`, ValidationError for a part without words.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    before = induction_words(centre)
    kept = InductionText(centre=centre, number=before.number + 1, author=actor, made_at=timezone.now(), **said)
    kept.full_clean()
    if all(getattr(kept, name) == before.said[name] for name in SECTIONS):
        return before
    if seen != before.number:
        raise ChangedMeanwhile("This text was")
    kept.save()
    event_add(chain=centre.chain, kind="induction_text.set", actor=actor.uuid, at=kept.made_at, row=kept)
    return induction_words(centre)
