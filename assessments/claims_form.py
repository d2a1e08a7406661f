"""The page on which one piece claims criteria of one unit: what can be ticked, and what was."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.unit_record import ClaimRecord, UnitClaims
from portfolio.forms import WordsField
from portfolio.models import Capacity, EvidenceVersion
from portfolio.rules import setting_bars_claim
from standards.content import CriterionContent, UnitContent
from standards.models import Criterion

NO_SUCH_CRITERION = "This page names a criterion that the unit does not have. Nothing was saved."


@dataclass
class ClaimLine:
    """One criterion on the page: how it is claimed, and what the person may do about it."""

    criterion: CriterionContent
    record: ClaimRecord | None  # the standing claim, whoever made it
    is_own: bool  # made in the capacity in which the person is here
    barred: str | None
    ticked: bool
    where: str
    seen: str | None  # where to look as the person's own claim had it when they saw it
    errors: list[str] = field(default_factory=list)

    @property
    def can_be_ticked(self) -> bool:
        """Others' claims stay as they are; what the setting bars can be taken back, and not claimed."""
        return self.is_own or (self.record is None and (self.barred is None or self.ticked))


@dataclass
class ClaimGroup:
    """Criteria under one heading, in the words of the standard."""

    heading: str
    number: str = ""
    above: str = ""  # what kind of criteria these are, where the heading does not say it
    lines: list[ClaimLine] = field(default_factory=list)

    @property
    def barred(self) -> list[str]:
        """Why criteria of the group cannot be claimed from this piece, each reason once."""
        return list(dict.fromkeys(line.barred for line in self.lines if line.barred))


class ClaimsForm(forms.Form):
    """Ticks and where to look. The fields are `claimed` (uuids of criteria), `where-<uuid>` and `seen-<uuid>`.

    `seen` says what the person's page showed of their own claims, so that only what they changed is changed.
    """

    def __init__(
        self, data: QueryDict | None, *, claims: UnitClaims, piece: EvidenceVersion, capacity: Capacity | None
    ) -> None:
        super().__init__(data)
        self.claims = claims
        self.piece = piece
        self.capacity = capacity
        self.tickable = {str(item.uuid): item for item in claims.content.unit.criteria if item.is_tickable}
        self.where_errors: dict[str, list[str]] = {}
        self.ticks, self.wheres, self.seens = self._sent()
        self._records = {record.criterion.pk: record for record in claims.claims}

    def clean(self) -> dict[str, Any]:
        """Give `seen` and `wanted`: criteria, with where to look. Raises ValidationError for a foreign criterion."""
        if not {*self.ticks, *self.wheres, *self.seens} <= self.tickable.keys():
            raise ValidationError(NO_SUCH_CRITERION)
        rows = Criterion.objects.filter(revision=self.claims.content.pk).select_related("parent", "element")
        criteria = {str(row.uuid): row for row in rows}
        looked_for = WordsField(max_length=200, required=False)
        wanted = {}
        for name in self.tickable:
            if name in self.ticks:
                try:
                    wanted[criteria[name]] = looked_for.clean(self.wheres.get(name, ""))
                except ValidationError as error:
                    self.where_errors[name] = error.messages
        if self.where_errors:
            raise ValidationError("One of your notes on where to look cannot be saved; it is marked below.")
        return {"seen": {criteria[name]: where for name, where in self.seens.items()}, "wanted": wanted}

    def groups(self, *, fresh: bool = False) -> list[ClaimGroup]:
        """Return what the page shows, with what was typed. `fresh`: the person is now shown how it stands."""
        lines = {name: self._line(name, fresh) for name in self.tickable}
        return list(_grouped(self.claims.content.unit, lines))

    def typed(self) -> list[str]:
        """Return what was ticked, in words, for a page on which nothing can be ticked any more."""
        return [
            f"{item.full_code}: {self.wheres[name]}" if self.wheres.get(name) else item.full_code
            for name, item in self.tickable.items()
            if name in self.ticks
        ]

    def _sent(self) -> tuple[set[str], dict[str, str], dict[str, str]]:
        """The uuids that were ticked, and by uuid where to look and what was seen of it."""
        if not self.is_bound:
            return set(), {}, {}
        data = self.data
        by_prefix: dict[str, dict[str, str]] = {"where": {}, "seen": {}}
        for name in data:
            prefix, _, uuid = name.partition("-")
            if prefix in by_prefix:
                by_prefix[prefix][uuid] = str(data[name])
        return set(data.getlist("claimed")), by_prefix["where"], by_prefix["seen"]  # type: ignore[attr-defined]

    def _line(self, name: str, fresh: bool) -> ClaimLine:
        criterion = self.tickable[name]
        record = self._records.get(criterion.pk)
        is_own = record is not None and record.claim.author.capacity == self.capacity
        stands = record.claim.where if record and is_own else None
        ticked, where, seen = stands is not None, stands or "", stands
        # Somebody's own claim that this page did not know of yet (made in another window) stays ticked.
        if name in self.ticks or name in self.seens:
            ticked, where = name in self.ticks, self.wheres.get(name, "")
            seen = stands if fresh else self.seens.get(name)
        return ClaimLine(
            criterion=criterion,
            record=record,
            is_own=is_own,
            barred=setting_bars_claim(
                kind=criterion.kind,
                setting=self.piece.setting,
                permitted=self.claims.content.unit.rules.settings_for(criterion.element),
                unit=self.claims.content.unit.code,
            ),
            ticked=ticked,
            where=where,
            seen=seen,
            errors=self.where_errors.get(name, []),
        )


def _grouped(unit: UnitContent, lines: dict[str, ClaimLine]) -> Iterable[ClaimGroup]:
    """Performance by element, then the other kinds, lettered items under their parent's words."""
    for element, criteria in unit.by_element:
        yield from _filled(ClaimGroup(heading=element.title, number=element.number), criteria, lines)
    yield from _filled(
        ClaimGroup(heading="Performance criteria"), [item for item in unit.performance if not item.element], lines
    )
    for heading, criteria in (
        ("Knowledge and understanding", unit.knowledge),
        ("Range", unit.range),
        ("Evidence requirements", unit.evidence),
    ):
        parents = {item.position: item for item in criteria if not item.is_tickable}
        loose = [item for item in criteria if item.parent not in parents]
        yield from _filled(ClaimGroup(heading=heading), loose, lines)
        for parent in parents.values():
            under = [item for item in criteria if item.parent == parent.position]
            yield from _filled(ClaimGroup(heading=parent.text, number=parent.full_code, above=heading), under, lines)


def _filled(
    group: ClaimGroup, criteria: Iterable[CriterionContent], lines: dict[str, ClaimLine]
) -> Iterable[ClaimGroup]:
    group.lines = [lines[str(item.uuid)] for item in criteria if item.is_tickable]
    if group.lines:
        yield group
