"""Which rules hold of the qualifications of a centre."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from centres.models import Centre
from portfolio.models import QualificationRules, Registration
from record.prepared import prepared
from standards.models import Qualification
from standards.selectors import latest_qualifications


def rules_of(centre: Centre, address: str) -> QualificationRules | None:
    """The rules that hold of the qualification, None if nobody said any; one query."""
    found = _latest(centre.pk, address)
    return found[0] if found else None


@prepared
def _latest(centre: int, address: str) -> QuerySet[QualificationRules, QualificationRules]:
    return QualificationRules.objects.filter(centre=centre, qualification=address).order_by("-number")[:1]


@prepared
def rules_at(centres: Collection[int]) -> QuerySet[QualificationRules, QualificationRules]:
    """The rules that hold of each qualification at these centres, given by primary key; one query."""
    newest = QualificationRules.objects.filter(centre=OuterRef("centre"), qualification=OuterRef("qualification"))
    rows = QualificationRules.objects.filter(
        centre__pk__in=centres, pk=Subquery(newest.order_by("-number").values("pk")[:1])
    )
    return rows.select_related("author").order_by("centre", "qualification")


@dataclass(frozen=True, kw_only=True)
class QualificationAt:
    """A qualification at a centre: how many portfolios there are on it, and which rules hold."""

    qualification: Qualification
    portfolios: int
    rules: QualificationRules | None


def qualifications_at(centre: Centre) -> list[QualificationAt]:
    """Every qualification that the centre may register somebody on, first those that it uses; three queries."""
    used = {
        f"{framework}:{code}": number
        for framework, code, number in Registration.objects.filter(centre=centre, qualification__isnull=False)
        .values_list("qualification__framework__code", "qualification__code")
        .annotate(number=Count("pk"))
        .order_by()
    }
    rules = {row.qualification: row for row in rules_at([centre.pk])}
    there = [
        QualificationAt(qualification=one, portfolios=used.get(one.address, 0), rules=rules.get(one.address))
        for one in latest_qualifications().select_related("framework").order_by("framework__title", "code")
    ]
    return sorted(there, key=lambda one: not one.portfolios)


def qualification_by_address(address: str) -> Qualification | None:
    """The qualification in its latest wording; None if there is none of this address."""
    framework, _, code = address.partition(":")
    return latest_qualifications().filter(framework__code=framework, code=code).select_related("framework").first()


def titles_of(rows: Collection[QualificationRules]) -> Mapping[str, str]:
    """The title of each qualification that these rules are of, by its address; one query if there are any."""
    if not rows:
        return {}
    codes = {row.qualification.partition(":")[2] for row in rows}
    return {one.address: str(one) for one in latest_qualifications().filter(code__in=codes).select_related("framework")}
