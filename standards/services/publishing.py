"""Publishes wordings of units. Nothing published is changed: whatever differs makes a new revision."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from standards.content import CriterionContent, FrameworkContent, UnitContent, public_id
from standards.models import Criterion, Element, Framework, Unit, UnitRevision
from standards.selectors import latest_revision, revision_content


@transaction.atomic
def unit_publish(
    *, content: UnitContent, at_least: int = 1, published_at: datetime | None = None
) -> UnitRevision | None:
    """Publish the content as a new revision of its unit, or return None where the latest says the same.

    The revision gets the number after the latest, and at least `at_least`; `published_at` is now unless
    given. The framework and the unit are made where they are missing, and a framework's title, publisher
    and edition follow the content. Two calls at once end with one revision: the second waits for the
    first and then finds nothing to do. Standards come from files and belong to no centre, so there is no
    actor and no event.
    """
    framework = _framework(content.framework)
    unit, _ = Unit.objects.get_or_create(
        framework=framework,
        code=content.code,
        defaults={"uuid": public_id("unit", framework.code, content.code)},
    )
    Unit.objects.select_for_update().get(pk=unit.pk)
    latest = latest_revision(unit)
    if latest is not None and revision_content(latest).unit == content:
        return None
    number = max(at_least, latest.number + 1 if latest else 1)
    revision = _revision(unit, content, number, published_at or timezone.now())
    elements = _elements(revision, content)
    _criteria(revision, content, elements)
    return revision


def _framework(content: FrameworkContent) -> Framework:
    said = {"title": content.title, "publisher": content.publisher, "edition": content.edition}
    framework, _ = Framework.objects.get_or_create(
        code=content.code, defaults={**said, "uuid": public_id("framework", content.code)}
    )
    if any(getattr(framework, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(framework, name, value)
        framework.save(update_fields=list(said))
    return framework


def _revision(unit: Unit, content: UnitContent, number: int, published_at: datetime) -> UnitRevision:
    return UnitRevision.objects.create(
        # Documents name a revision, so the same name must mean the same words in every installation.
        uuid=public_id("revision", *unit.natural_key(), number, content.words_digest()),
        unit=unit,
        number=number,
        reference=content.reference,
        title=content.title,
        level=content.level,
        credit=content.credit,
        glh=content.glh,
        theme=content.theme,
        purpose=content.purpose,
        rules=content.rules.as_json(),
        rulings=[{"about": ruling.about, "text": ruling.text} for ruling in content.rulings],
        published_at=published_at,
    )


def _elements(revision: UnitRevision, content: UnitContent) -> dict[str, Element]:
    rows = [
        Element(
            uuid=public_id("element", *revision.natural_key(), element.position),
            revision=revision,
            position=element.position,
            number=element.number,
            title=element.title,
            kind=element.kind,
            guidance=list(element.guidance),
        )
        for element in content.elements
    ]
    return {row.number: row for row in Element.objects.bulk_create(rows)}


def _criteria(revision: UnitRevision, content: UnitContent, elements: dict[str, Element]) -> None:
    """Write the criteria, those that have parts before the parts, since these point at them."""
    headings = [item for item in content.criteria if item.parent is None]
    made = {
        (row.kind, row.position): row
        for row in Criterion.objects.bulk_create(
            [_criterion(revision, item, elements, parent=None) for item in headings]
        )
    }
    parts = [item for item in content.criteria if item.parent is not None]
    for row in Criterion.objects.bulk_create(
        [_criterion(revision, item, elements, made[item.kind, item.parent or 0]) for item in parts]
    ):
        made[row.kind, row.position] = row
    applies = Criterion.range_elements.through
    applies.objects.bulk_create(
        [
            applies(criterion_id=made[item.kind, item.position].pk, element_id=elements[number].pk)
            for item in content.criteria
            for number in item.range_elements
        ]
    )


def _criterion(
    revision: UnitRevision,
    item: CriterionContent,
    elements: dict[str, Element],
    parent: Criterion | None,
) -> Criterion:
    return Criterion(
        uuid=public_id("criterion", *revision.natural_key(), item.kind, item.position),
        revision=revision,
        kind=item.kind,
        position=item.position,
        code=item.code,
        text=item.text,
        element=elements[item.element] if item.element is not None else None,
        parent=parent,
        group=item.group,
        section=item.section,
        minimum=item.minimum,
        emphasis=list(item.emphasis),
        is_tickable=item.is_tickable,
    )
