"""What the page of a piece says of the record behind it."""

from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from assessments.observations.handed_over import page_of
from assessments.observations.selectors import part_of
from centres.models import User
from portfolio.evidence.additions import Addition, additions_from
from portfolio.models import Evidence


def begin() -> None:
    """Have the pages of evidence ask."""
    additions_from(additions)


def additions(evidence: Evidence, person: User) -> list[Addition]:
    """Who signed it and when, what the candidate said of it, and where they say it; nothing of what is no record."""
    if evidence.author_id == evidence.registration.candidate_id:
        return []
    part = part_of(evidence.pk)
    if part is None:
        return []
    of = {"centre": part.registration.centre.uuid, "evidence": evidence.uuid}
    links = [(reverse("assessments:observation_pdf", kwargs=of), "Print the record")]
    said = getattr(part, "acknowledgement", None)
    is_asked = said is None and person.pk == part.registration.candidate_id and evidence.removed_at is None
    if is_asked:
        links.insert(0, (reverse("assessments:acknowledge", kwargs=of), "Say that you have seen it"))
    if said is None and person.pk == part.record.author_id:
        links.append((page_of(of["centre"], evidence.uuid), f"Hand the device to {part.registration.candidate}"))
    signed = timezone.localtime(part.record.signed_at, ZoneInfo(part.registration.centre.time_zone))
    sentence = f"{part.record.author} signed this on {signed.day} {signed:%B %Y}. "
    if evidence.versions.count() > 1:
        sentence += "The evidence was corrected since; what was signed stands in version 1. "
    if said is None:
        sentence += part.registration.centre.words.say("Not yet seen by the {candidate}.")
    else:
        sentence += f"{part.registration.candidate} has seen it and {'agrees' if said.agrees else 'does not agree'}."
    name = getattr(part, "drawn_name", None)
    return [
        Addition(
            sentence=sentence,
            quote=said.words if said else "",
            links=tuple(links),
            asked=is_asked,
            template="assessments/observations/_drawn_name.html" if name else "",
            about=name,
        )
    ]
