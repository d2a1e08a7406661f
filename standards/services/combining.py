"""Publishes rules of combination. A published one is never changed: a changed rule is a new wording."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from standards.content import QualificationContent, public_id
from standards.models import Framework, Qualification, QualificationGroup, QualificationUnit, Unit
from standards.selectors import latest_qualifications, qualification_contents
from standards.services.publishing import frameworks_publish


@dataclass(frozen=True, kw_only=True)
class QualificationPublication:
    """A rule to publish; its number is at least `at_least`, and after the latest; its time is now unless given."""

    content: QualificationContent
    at_least: int = 1
    published_at: datetime | None = None


@transaction.atomic
def qualifications_publish(*, publications: Iterable[QualificationPublication]) -> list[Qualification]:
    """Publish each rule unless the latest under its code says the same; return the new ones.

    Its units must exist. Two calls at the same time make one wording: the second waits for the lock of the framework.
    """
    said = list(publications)
    if not said:
        return []
    frameworks = frameworks_publish(contents=[publication.content.framework for publication in said])
    # Before there is a first wording, nothing else could be locked.
    list(Framework.objects.select_for_update().filter(pk__in=[row.pk for row in frameworks.values()]).order_by("pk"))
    held = latest_qualifications().filter(framework__in=frameworks.values())
    latest = {content.address: (row, content) for row, content in qualification_contents(held).items()}
    new = []
    for publication in said:
        before, content = latest.get(publication.content.address, (None, None))
        if content == publication.content:
            continue
        number = max(publication.at_least, before.number + 1 if before else 1)
        new.append(_qualification(frameworks[publication.content.framework.code], publication, number))
    return new


def _qualification(framework: Framework, publication: QualificationPublication, number: int) -> Qualification:
    content = publication.content
    key = (framework.code, content.code, number)
    row = Qualification.objects.create(
        uuid=public_id("qualification", *key),
        framework=framework,
        code=content.code,
        number=number,
        title=content.title,
        level=content.level,
        minimum_units=content.minimum_units,
        minimum_credit=content.minimum_credit,
        rulings=[{"about": ruling.about, "text": ruling.text} for ruling in content.rulings],
        published_at=publication.published_at or timezone.now(),
    )
    groups = QualificationGroup.objects.bulk_create(
        [
            QualificationGroup(
                uuid=public_id("group", *key, position),
                qualification=row,
                position=position,
                name=group.name,
                choose=group.choose,
                credits=group.credits,
            )
            for position, group in enumerate(content.groups, start=1)
        ]
    )
    units = {unit.code: unit for unit in Unit.objects.filter(framework=framework)}
    QualificationUnit.objects.bulk_create(
        [
            QualificationUnit(
                uuid=public_id("group-unit", *key, group.position, position),
                group=group,
                position=position,
                unit=units[code],
            )
            for group, said in zip(groups, content.groups, strict=True)
            for position, code in enumerate(said.units, start=1)
        ]
    )
    return row
