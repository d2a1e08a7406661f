"""Questions about the standards: which unit an address means, and what a revision says."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, OuterRef, QuerySet, Subquery

from standards.combination import mandatory_codes
from standards.content import (
    CriterionContent,
    ElementContent,
    FrameworkContent,
    GroupContent,
    Prose,
    QualificationContent,
    Related,
    RevisionContent,
    Ruling,
    StandardsContent,
    UnitContent,
    in_order,
)
from standards.models import (
    Criterion,
    Element,
    Framework,
    Qualification,
    QualificationGroup,
    QualificationUnit,
    Unit,
    UnitRevision,
)
from standards.prose import newest_prose, prose_content
from standards.unit_rules import parse_rules


def related_units(unit: UnitContent) -> list[tuple[Related, Unit | None]]:
    """Return what the unit names as related, each with the unit here that it means; one query if there is any."""
    if not unit.related:
        return []
    codes = {named.unit.partition(":")[2] for named in unit.related}
    here = {one.address: one for one in Unit.objects.filter(code__in=codes).select_related("framework")}
    return [(named, here.get(named.unit)) for named in unit.related]


def unit_by_address(address: str) -> Unit:
    """Return the unit that an address such as "nvq:B10" names; upper and lower case differ.

    Raises Unit.DoesNotExist.
    """
    framework, _, code = address.partition(":")
    return Unit.objects.select_related("framework").get(framework__code=framework, code=code)


def latest_revision(unit: Unit) -> UnitRevision | None:
    """Return the wording that new registrations get; None if none is published."""
    return UnitRevision.objects.filter(unit=unit).select_related("unit__framework").order_by("-number").first()


def latest_revisions() -> QuerySet[UnitRevision]:
    """Return the latest revision of every unit."""
    newest = UnitRevision.objects.filter(unit=OuterRef("unit")).order_by("-number").values("pk")[:1]
    return UnitRevision.objects.filter(pk=Subquery(newest))


def latest_in_short() -> QuerySet[UnitRevision]:
    """Return the same with their frameworks and without long texts, for lists that name and count them."""
    return (
        latest_revisions()
        .select_related("unit__framework")
        .defer("purpose", "rules", "rule_words", "rulings", "related")
    )


def revision_content(revision: UnitRevision) -> RevisionContent:
    """Return what a revision says, in three queries."""
    return revision_contents(UnitRevision.objects.filter(pk=revision.pk))[0]


def revision_contents(revisions: QuerySet[UnitRevision]) -> list[RevisionContent]:
    """Return what each revision says, by framework and code, in three queries however many there are."""
    rows = list(revisions.select_related("unit__framework").order_by("unit__framework__code", "unit__code", "number"))
    numbers: dict[int, str] = {}
    elements: dict[int, list[ElementContent]] = defaultdict(list)
    for element in Element.objects.filter(revision__in=rows).order_by("position"):
        numbers[element.pk] = element.number
        elements[element.revision_id].append(_element_content(element))
    criteria = _criteria(rows, numbers)
    return [
        RevisionContent(
            pk=row.pk,
            uuid=row.uuid,
            number=row.number,
            unit=_unit_content(row, tuple(elements[row.pk]), in_order(criteria[row.pk].values())),
        )
        for row in rows
    ]


def _criteria(revisions: list[UnitRevision], numbers: dict[int, str]) -> dict[int, dict[int, CriterionContent]]:
    """Return the criteria by revision and primary key.

    Its query returns a range item once for each element to which it applies, which saves a query for the elements.
    """
    joined = list(
        Criterion.objects.filter(revision__in=revisions)
        .annotate(range_element=F("range_elements__pk"))
        .order_by("kind", "position", "range_elements__position")
    )
    applies_to: dict[int, list[str]] = defaultdict(list)
    by_pk: dict[int, Criterion] = {}
    for line in joined:
        by_pk[line.pk] = line
        if line.range_element is not None:
            applies_to[line.pk].append(numbers[line.range_element])
    found: dict[int, dict[int, CriterionContent]] = defaultdict(dict)
    for row in by_pk.values():
        found[row.revision_id][row.pk] = CriterionContent.of_row(
            row,
            element=numbers[row.element_id] if row.element_id else None,
            range_elements=applies_to[row.pk],
            parent=by_pk[row.parent_id] if row.parent_id else None,
            same_as=by_pk[row.same_as_id].position if row.same_as_id else None,
        )
    return found


def _element_content(element: Element) -> ElementContent:
    return ElementContent(
        pk=element.pk,
        position=element.position,
        number=element.number,
        title=element.title,
        kind=element.kind,
        guidance=tuple(element.guidance),
    )


def _unit_content(
    row: UnitRevision, elements: tuple[ElementContent, ...], criteria: tuple[CriterionContent, ...]
) -> UnitContent:
    return UnitContent(
        framework=framework_content(row.unit.framework),
        code=row.unit.code,
        title=row.title,
        reference=row.reference,
        level=row.level,
        credit=row.credit,
        glh=row.glh,
        theme=row.theme,
        purpose=row.purpose,
        rules=parse_rules(row.rules),
        rule_words={rule: tuple(words) for rule, words in row.rule_words.items()},
        rulings=_rulings(row.rulings),
        related=tuple(Related(**named) for named in row.related),
        elements=elements,
        criteria=criteria,
    )


def latest_qualifications() -> QuerySet[Qualification]:
    """Return the latest wording of every rule of combination."""
    newest = Qualification.objects.filter(framework=OuterRef("framework"), code=OuterRef("code")).order_by("-number")
    return Qualification.objects.filter(pk=Subquery(newest.values("pk")[:1]))


def mandatory_revisions(rule: QualificationContent) -> list[UnitRevision]:
    """Return the latest wording of each unit that everybody on the qualification takes, in the order of its rule."""
    codes = mandatory_codes(rule)
    named = latest_revisions().filter(unit__framework__code=rule.framework.code, unit__code__in=codes)
    latest = {revision.unit.code: revision for revision in named.select_related("unit__framework")}
    return [latest[code] for code in codes if code in latest]


def qualification_contents(qualifications: QuerySet[Qualification]) -> dict[Qualification, QualificationContent]:
    """Return what each rule of combination says, by framework and code, in three queries."""
    rows = list(qualifications.select_related("framework").order_by("framework__code", "code", "number"))
    members: dict[int, list[str]] = defaultdict(list)
    for member in QualificationUnit.objects.filter(group__qualification__in=rows).select_related("unit"):
        members[member.group_id].append(member.unit.code)
    groups: dict[int, list[GroupContent]] = defaultdict(list)
    for group in QualificationGroup.objects.filter(qualification__in=rows):
        said = GroupContent(name=group.name, choose=group.choose, credits=group.credits, units=tuple(members[group.pk]))
        groups[group.qualification_id].append(said)
    return {
        row: QualificationContent(
            framework=framework_content(row.framework),
            code=row.code,
            title=row.title,
            level=row.level,
            minimum_units=row.minimum_units,
            minimum_credit=row.minimum_credit,
            groups=tuple(groups[row.pk]),
            rulings=_rulings(row.rulings),
        )
        for row in rows
    }


def frameworks_whole(codes: Collection[str] = ()) -> list[StandardsContent]:
    """Return the frameworks with their latest wordings, by code; if codes are given, those only."""
    chosen = Framework.objects.filter(code__in=codes) if codes else Framework.objects.all()
    units: dict[str, list[UnitContent]] = defaultdict(list)
    for revision in revision_contents(latest_revisions().filter(unit__framework__in=chosen)):
        units[revision.unit.framework.code].append(revision.unit)
    qualifications: dict[str, list[QualificationContent]] = defaultdict(list)
    for content in qualification_contents(latest_qualifications().filter(framework__in=chosen)).values():
        qualifications[content.framework.code].append(content)
    prose: dict[str, dict[str, Prose]] = defaultdict(dict)
    for row in newest_prose().filter(unit__framework__in=chosen).select_related("unit__framework"):
        prose[row.unit.framework.code][row.unit.code] = prose_content(row)
    return [
        StandardsContent(
            framework=framework_content(framework),
            units=tuple(units[framework.code]),
            qualifications=tuple(qualifications[framework.code]),
            prose=prose[framework.code],
        )
        for framework in chosen.order_by("code")
    ]


def framework_now(code: str) -> FrameworkContent:
    """Return the framework with this code and its present name, in one query. Raises Framework.DoesNotExist."""
    return framework_content(Framework.objects.get(code=code))


def framework_content(framework: Framework) -> FrameworkContent:
    """Return a framework's name and publisher as plain values."""
    return FrameworkContent(
        code=framework.code, title=framework.title, publisher=framework.publisher, edition=framework.edition
    )


def _rulings(rows: list[dict[str, str]]) -> tuple[Ruling, ...]:
    return tuple(Ruling(about=ruling["about"], text=ruling["text"]) for ruling in rows)
