"""The codes by which the stories name criteria."""

from collections.abc import Mapping

from standards.models import Criterion, UnitRevision


def criteria_by_code(revision: UnitRevision) -> dict[str, Criterion]:
    """What can be claimed in a unit, by the codes that the stories use, in the unit's order.

    The code of a requirement that repeats a range item stands for that item: one tick serves both.
    """
    code = revision.unit.code
    found: dict[str, Criterion] = {}
    categories: dict[str, list[int | None]] = {}
    order = list(Criterion.Kind.values)
    rows = revision.criteria.filter(is_tickable=True).select_related("element", "parent")
    rows = rows.prefetch_related("range_elements")
    for criterion in sorted(rows, key=lambda one: (order.index(one.kind), one.position)):
        plain = criterion.full_code.removeprefix(code).removeprefix(".")
        if criterion.kind == Criterion.Kind.RANGE:
            letter = criterion.parent.code if criterion.parent else ""
            for element in criterion.range_elements.all():
                # U00306 has two categories A over element 5: the second is "5A2".
                alike = categories.setdefault(f"{element.number}{letter}", [])
                if criterion.parent_id not in alike:
                    alike.append(criterion.parent_id)
                place = alike.index(criterion.parent_id)
                found[f"{element.number}{letter}{place + 1 if place else ''}.{criterion.code}"] = criterion
            continue
        if criterion.kind == Criterion.Kind.KNOWLEDGE:
            found[f"K{plain}"] = criterion
        found.setdefault(plain, criterion)
    by_pk = {criterion.pk: criterion for criterion in rows}
    return {named: by_pk[criterion.same_as_id or criterion.pk] for named, criterion in found.items()}


def claims_meant(claims: str, criteria: Mapping[str, Criterion]) -> dict[Criterion, str]:
    """Return the criteria that a story's claims name, each with where to look. Raises KeyError for a wrong code."""
    meant: dict[Criterion, str] = {}
    codes = list(criteria)
    for claim in filter(None, map(str.strip, claims.split(";"))):
        named, _, where = claim.partition(" ")
        first, _, last = named.partition("-")
        if first not in criteria or (last and last not in criteria):
            raise KeyError(f"{named} is not among {', '.join(codes)}")
        kind = first[:1] == "K"
        for code in codes[codes.index(first) : codes.index(last or first) + 1]:
            if (code[:1] == "K") == kind:  # a knowledge item has two codes
                meant[criteria[code]] = where.strip()
    return meant
