"""The form on which one piece is claimed for criteria of one unit: what can be ticked, and what is."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.cells.changes import CellChange
from assessments.claiming.also_answers import Also, ClaimingUnit
from assessments.standing.unit_record import ClaimRecord, UnitClaims
from portfolio.barred_claims import Bar, bars_claim, words_of
from portfolio.models import Capacity, EvidenceVersion
from record.form_fields import WordsField
from standards.content import CriterionContent
from standards.models import Criterion
from standards.naming import Name, names_in
from standards.parts import Part, parts_in

NO_SUCH_CRITERION = "This page names a criterion that the unit does not have. Nothing was saved."


@dataclass
class ClaimLine:
    """One criterion on the page: how it is claimed, and what the person may do about it."""

    criterion: CriterionContent
    id: str  # the criterion's uuid; it stands in the line several times
    anchor: str  # the criterion's, as its code and its words: a hundred lines look them up faster here
    code: str
    text: str
    name: Name
    ticked_with: Name | None  # the range item that it repeats
    record: ClaimRecord | None  # the claim that stands, whoever made it
    is_own: bool  # made in the capacity that the person has here
    barred: Bar | None
    ticked: bool
    where: str
    seen: str  # what the person saw of their own claim: its stamp, a blank, and where to look; empty if there was none
    also: Also  # what it answers in other units of the portfolio
    also_ticked: bool
    errors: list[str] = field(default_factory=list)
    is_first_wrong: bool = False  # so that the page opens at it

    @property
    def can_be_ticked(self) -> bool:
        """Whether it can be ticked or unticked: no claim of others; a barred one can be taken back, but not made."""
        return self.is_own or (self.record is None and (self.barred is None or self.ticked))

    @property
    def asks_where(self) -> bool:
        """Whether it asks where to look: not for a requirement that is ticked with a range item."""
        return self.ticked_with is None and self.can_be_ticked

    @property
    def is_checked(self) -> bool:
        """Whether it is claimed, whoever claimed it."""
        return self.ticked or (self.record is not None and not self.is_own)


@dataclass
class ClaimGroup:
    """A part of the unit with its lines; without lines it only explains."""

    part: Part
    lines: list[ClaimLine] = field(default_factory=list)

    @cached_property
    def barred(self) -> list[str]:
        """Why criteria of the group cannot be claimed from this piece, each reason once."""
        return list(dict.fromkeys(str(line.barred) for line in self.lines if line.barred))

    @property
    def words(self) -> tuple[str, ...]:
        """What the unit says of it."""
        return words_of(line.barred for line in self.lines)


class ClaimsForm(forms.Form):
    """Ticks and where to look. The fields are `claimed` (uuids of criteria), `where-`, `seen-` and `also-<uuid>`.

    `seen` holds what the page showed of the person's own claims: stamp and where to look. So only what they changed is
    changed, and nothing that somebody else changed meanwhile is overwritten. `also` is ticked to claim the same words
    in other units, and names their criteria (`Also.value`).
    """

    def __init__(
        self,
        data: QueryDict | None,
        *,
        claims: UnitClaims,
        piece: EvidenceVersion,
        is_incomplete: bool,
        capacity: Capacity | None,
        also: Mapping[UUID | None, Also],
    ) -> None:
        """`piece` is the version that counts in the unit, if it is not `is_incomplete`.

        `also` is by the uuid of the unit's criterion.
        """
        super().__init__(data)
        self.claims = claims
        self.piece = piece
        self.is_incomplete = is_incomplete
        self.capacity = capacity
        self.also = {str(uuid): found for uuid, found in also.items()}
        self.tickable = {str(item.uuid): item for item in claims.content.unit.claimable}
        self.where_errors: dict[str, list[str]] = {}
        self.ticks, self.wheres, self.seens, self.alsos = self._sent()
        self._names = names_in(claims.content)
        self._records = {record.criterion.pk: record for record in claims.claims}

    def clean(self) -> dict[str, Any]:
        """Give `changes`: what the person changed, and `also`: what they claim with it in other units.

        Raises ValidationError for a foreign criterion.
        """
        if not {*self.ticks, *self.wheres, *self.seens, *self.alsos} <= self.tickable.keys():
            raise ValidationError(NO_SUCH_CRITERION)
        looked_for = WordsField(max_length=200, required=False)
        changes = []
        places = {}  # where to look of what is ticked
        for name in self.tickable:
            stamp, _, shown = self.seens.get(name, "").partition(" ")
            if name not in self.ticks:
                if stamp:
                    changes.append(self._change(name, to="empty", seen=stamp))
                continue
            try:
                where = places[name] = looked_for.clean(self.wheres.get(name, ""))
            except ValidationError as error:
                self.where_errors[name] = error.messages
                continue
            if not stamp or where != shown:
                changes.append(self._change(name, to="claimed", where=where, seen=stamp))
        if self.where_errors:
            raise ValidationError("One of your notes on where to look cannot be saved; it is marked below.")
        return {"changes": changes, "also": self._claimed_with_it(places)}

    def _change(self, name: str, *, to: str, seen: str, where: str | None = None) -> CellChange:
        evidence = self.piece.evidence.uuid
        return CellChange(evidence=evidence, criterion=self.tickable[name], to=to, where=where, seen=seen)

    def _claimed_with_it(self, places: Mapping[str, str]) -> dict[ClaimingUnit, list[CellChange]]:
        """By unit, what is claimed there with the same place to look. What is not ticked here takes nothing with it.

        A criterion that two of this unit name is claimed once. What the page offered, and is open no longer, is asked
        for all the same: whoever saves it says why it was not claimed.
        """
        wanted: dict[ClaimingUnit, dict[int, CellChange]] = defaultdict(dict)
        for name, named in self.alsos.items():
            where = places.get(name)
            record = self._records.get(self.tickable[name].pk)
            if where is None and record and not self._is_own(record):  # ticked, by somebody else
                where = record.claim.where
            if where is None:
                continue
            for one in self._also(name).found:
                if str(one.criterion.uuid) in named.split():
                    change = CellChange(
                        evidence=self.piece.evidence.uuid, criterion=one.criterion, to="claimed", where=where
                    )
                    wanted[one.other].setdefault(one.criterion.pk, change)
        return {other: [*changes.values()] for other, changes in wanted.items()}

    def _also(self, name: str) -> Also:
        return self.also.get(name, Also())

    def _is_own(self, record: ClaimRecord) -> bool:
        return record.claim.author.capacity == self.capacity

    def groups(self, *, fresh: bool = False) -> list[ClaimGroup]:
        """Return what the page shows, with what was typed. `fresh`: `seen` is what this page shows."""
        return [
            ClaimGroup(part=part, lines=[self._line(item, fresh) for item in part.criteria])
            for part in parts_in(self.claims.content)
        ]

    def typed(self) -> list[str]:
        """Return in words what was ticked, for a page on which nothing can be ticked any more."""
        return [
            ": ".join(filter(None, (str(self._names[item.kind, item.position]), self.wheres.get(name))))
            for name, item in self.tickable.items()
            if name in self.ticks
        ]

    def _sent(self) -> tuple[set[str], dict[str, str], dict[str, str], dict[str, str]]:
        """The uuids that were ticked; and by uuid, where to look, what the page had shown, and what is claimed too."""
        ticks: set[str] = set()
        by_prefix: dict[str, dict[str, str]] = {"where": {}, "seen": {}, "also": {}}
        if self.is_bound:
            ticks = set(self.data.getlist("claimed"))  # type: ignore[attr-defined]
            for name in self.data:
                prefix, _, uuid = name.partition("-")
                if prefix in by_prefix:
                    by_prefix[prefix][uuid] = str(self.data[name])
        return ticks, by_prefix["where"], by_prefix["seen"], by_prefix["also"]

    def _line(self, criterion: CriterionContent, fresh: bool) -> ClaimLine:
        name = str(criterion.uuid)
        record = self._records.get(criterion.pk)
        is_own = record is not None and self._is_own(record)
        ticked, where, seen = False, "", ""
        if record and is_own:
            ticked, where, seen = True, record.claim.where, f"{record.stamp} {record.claim.where}"
        # Somebody's own claim that this page did not know of yet (made in another window) stays ticked.
        if name in self.ticks or name in self.seens:
            ticked, where = name in self.ticks, self.wheres.get(name, "")
            seen = seen if fresh else self.seens.get(name, "")
        return ClaimLine(
            criterion=criterion,
            id=name,
            anchor=criterion.anchor,
            code=self._names[criterion.kind, criterion.position].code,
            text=criterion.text,
            name=self._names[criterion.kind, criterion.position],
            ticked_with=self._names[Criterion.Kind.RANGE, criterion.same_as] if criterion.same_as else None,
            record=record,
            is_own=is_own,
            barred=bars_claim(
                unit=self.claims.content.unit,
                criterion=criterion,
                kind=self.piece.kind,
                setting=self.piece.setting,
                is_incomplete=self.is_incomplete,
            ),
            ticked=ticked,
            where=where,
            seen=seen,
            also=self._also(name),
            also_ticked=set(self._also(name).value.split()) <= set(self.alsos.get(name, "").split()),
            errors=self.where_errors.get(name, []),
            is_first_wrong=name == next(iter(self.where_errors), None),
        )
