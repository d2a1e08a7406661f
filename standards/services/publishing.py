"""Publishes wordings of units. Nothing published is changed: a changed wording is a new revision."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from standards.content import CriterionContent, FrameworkContent, UnitContent, public_id
from standards.models import Criterion, Element, Framework, Unit, UnitRevision
from standards.selectors import framework_content, latest_revisions, revision_contents

BATCH = 1000  # rows in one statement; for SQLite Django takes fewer at once


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A wording to publish. Its revision gets the number after the latest, and at least `at_least`.

    `published_at` is now unless given.
    """

    content: UnitContent
    at_least: int = 1
    published_at: datetime | None = None


def unit_publish(
    *, content: UnitContent, at_least: int = 1, published_at: datetime | None = None
) -> UnitRevision | None:
    """Publish one wording as `units_publish` does; return None if the latest revision says the same."""
    made = units_publish(publications=[Publication(content=content, at_least=at_least, published_at=published_at)])
    return made[0] if made else None


@transaction.atomic
def units_publish(*, publications: Sequence[Publication]) -> list[UnitRevision]:
    """Publish each content as a new revision of its unit, unless the latest says the same; return the new ones.

    Missing frameworks and units are made, and a framework's title, publisher and edition follow the content. Two
    calls at the same time make one revision: the second waits for the first and then finds nothing to do. Standards
    come from files and belong to no centre, so there is no actor and no event. The number of statements does not
    grow with the number of units.
    """
    frameworks = frameworks_publish(contents=[publication.content.framework for publication in publications])
    units = _locked_units(frameworks, [publication.content for publication in publications])
    latest = {
        found.unit.address: found
        for found in revision_contents(latest_revisions().filter(unit__in=list(units.values())))
    }
    new: list[tuple[UnitRevision, UnitContent]] = []
    for publication in publications:
        content = publication.content
        before = latest.get(content.address)
        if before is not None and before.unit == content:
            continue
        number = max(publication.at_least, before.number + 1 if before else 1)
        published_at = publication.published_at or timezone.now()
        new.append((_revision(units[content.address], content, number, published_at), content))
    UnitRevision.objects.bulk_create([revision for revision, _ in new], batch_size=BATCH)
    _write_parts(new)
    return [revision for revision, _ in new]


@transaction.atomic
def frameworks_publish(*, contents: Iterable[FrameworkContent]) -> dict[str, Framework]:
    """Return the frameworks by code, with the names and publishers of the contents; missing ones are made."""
    said = {content.code: content for content in contents}
    held = {framework.code: framework for framework in Framework.objects.filter(code__in=said)}
    for code, content in said.items():
        names = {"title": content.title, "publisher": content.publisher, "edition": content.edition}
        if code not in held:
            held[code], _ = Framework.objects.get_or_create(
                code=code, defaults={**names, "uuid": public_id("framework", code)}
            )
        if framework_content(held[code]) != content:
            for name, value in names.items():
                setattr(held[code], name, value)
            held[code].save(update_fields=list(names))
    return held


def _locked_units(frameworks: dict[str, Framework], contents: Sequence[UnitContent]) -> dict[str, Unit]:
    """Return the units by address, locked until the transaction ends; missing ones are made."""
    wanted = {content.address: content for content in contents}
    held = Unit.objects.filter(framework__in=frameworks.values()).select_related("framework")
    found = {unit.address for unit in held}
    missing = [
        Unit(
            uuid=public_id("unit", content.framework.code, content.code),
            framework=frameworks[content.framework.code],
            code=content.code,
        )
        for address, content in wanted.items()
        if address not in found
    ]
    # If another run makes the same ones meanwhile, its rows are used.
    Unit.objects.bulk_create(missing, batch_size=BATCH, ignore_conflicts=True)
    locked = held.filter(code__in={content.code for content in contents}).select_for_update(of=("self",))
    return {unit.address: unit for unit in locked.order_by("pk") if unit.address in wanted}


def _revision(unit: Unit, content: UnitContent, number: int, published_at: datetime) -> UnitRevision:
    return UnitRevision(
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
        rule_words={rule: list(words) for rule, words in content.rule_words.items()},
        rulings=[{"about": ruling.about, "text": ruling.text} for ruling in content.rulings],
        related=[asdict(named) for named in content.related],
        published_at=published_at,
    )


def _write_parts(new: Sequence[tuple[UnitRevision, UnitContent]]) -> None:
    """Write elements and criteria, those first that others point at: headings, their parts, what repeats them."""
    elements = _elements(new)
    made: dict[int, dict[tuple[str, int], Criterion]] = defaultdict(dict)

    def write(wanted: Sequence[CriterionContent], revision: UnitRevision) -> list[Criterion]:
        return [_criterion(revision, item, elements[revision.pk], made[revision.pk]) for item in wanted]

    for belongs in (_is_heading, _is_part, _repeats):
        rows = [
            row
            for revision, content in new
            for row in write([item for item in content.criteria if belongs(item)], revision)
        ]
        for row in Criterion.objects.bulk_create(rows, batch_size=BATCH):
            made[row.revision_id][row.kind, row.position] = row
    applies = Criterion.range_elements.through
    applies.objects.bulk_create(
        [
            applies(
                criterion_id=made[revision.pk][item.kind, item.position].pk,
                element_id=elements[revision.pk][number].pk,
            )
            for revision, content in new
            for item in content.criteria
            for number in item.range_elements
        ],
        batch_size=BATCH,
    )


def _is_heading(item: CriterionContent) -> bool:
    return item.parent is None and item.same_as is None


def _is_part(item: CriterionContent) -> bool:
    return item.parent is not None and item.same_as is None


def _repeats(item: CriterionContent) -> bool:
    return item.same_as is not None


def _elements(new: Sequence[tuple[UnitRevision, UnitContent]]) -> dict[int, dict[str, Element]]:
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
        for revision, content in new
        for element in content.elements
    ]
    found: dict[int, dict[str, Element]] = defaultdict(dict)
    for row in Element.objects.bulk_create(rows, batch_size=BATCH):
        found[row.revision_id][row.number] = row
    return found


def _criterion(
    revision: UnitRevision,
    item: CriterionContent,
    elements: dict[str, Element],
    made: dict[tuple[str, int], Criterion],
) -> Criterion:
    return Criterion(
        uuid=public_id("criterion", *revision.natural_key(), item.kind, item.position),
        revision=revision,
        kind=item.kind,
        position=item.position,
        code=item.code,
        text=item.text,
        element=elements[item.element] if item.element is not None else None,
        parent=made[item.kind, item.parent] if item.parent is not None else None,
        group=item.group,
        section=item.section,
        minimum=item.minimum,
        emphasis=list(item.emphasis),
        same_as=made[Criterion.Kind.RANGE, item.same_as] if item.same_as is not None else None,
        is_tickable=item.is_tickable,
    )
