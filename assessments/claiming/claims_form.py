"""The form on which one piece is claimed for criteria of one unit: what can be ticked, and what is."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.cells.changes import CellChange
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
    """Ticks and where to look. The fields are `claimed` (uuids of criteria), `where-<uuid>` and `seen-<uuid>`.

    `seen` holds what the page showed of the person's own claims: stamp and where to look. So only what they changed is
    changed, and nothing that somebody else changed meanwhile is overwritten.
    """

    def __init__(
        self, data: QueryDict | None, *, claims: UnitClaims, piece: EvidenceVersion, capacity: Capacity | None
    ) -> None:
        """`piece` is the version that counts in the unit."""
        super().__init__(data)
        self.claims = claims
        self.piece = piece
        self.capacity = capacity
        self.tickable = {str(item.uuid): item for item in claims.content.unit.claimable}
        self.where_errors: dict[str, list[str]] = {}
        self.ticks, self.wheres, self.seens = self._sent()
        self._names = names_in(claims.content)
        self._records = {record.criterion.pk: record for record in claims.claims}

    def clean(self) -> dict[str, Any]:
        """Give `changes`: what the person changed. Raises ValidationError for a foreign criterion."""
        if not {*self.ticks, *self.wheres, *self.seens} <= self.tickable.keys():
            raise ValidationError(NO_SUCH_CRITERION)
        looked_for = WordsField(max_length=200, required=False)
        changes = []
        for name in self.tickable:
            stamp, _, shown = self.seens.get(name, "").partition(" ")
            if name not in self.ticks:
                if stamp:
                    changes.append(self._change(name, to="empty", seen=stamp))
                continue
            try:
                where = looked_for.clean(self.wheres.get(name, ""))
            except ValidationError as error:
                self.where_errors[name] = error.messages
                continue
            if not stamp or where != shown:
                changes.append(self._change(name, to="claimed", where=where, seen=stamp))
        if self.where_errors:
            raise ValidationError("One of your notes on where to look cannot be saved; it is marked below.")
        return {"changes": changes}

    def _change(self, name: str, *, to: str, seen: str, where: str | None = None) -> CellChange:
        evidence = self.piece.evidence.uuid
        return CellChange(evidence=evidence, criterion=self.tickable[name], to=to, where=where, seen=seen)

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

    def _sent(self) -> tuple[set[str], dict[str, str], dict[str, str]]:
        """The uuids that were ticked; and by uuid, where to look and what the page had shown."""
        if not self.is_bound:
            return set(), {}, {}
        data = self.data
        by_prefix: dict[str, dict[str, str]] = {"where": {}, "seen": {}}
        for name in data:
            prefix, _, uuid = name.partition("-")
            if prefix in by_prefix:
                by_prefix[prefix][uuid] = str(data[name])
        return set(data.getlist("claimed")), by_prefix["where"], by_prefix["seen"]  # type: ignore[attr-defined]

    def _line(self, criterion: CriterionContent, fresh: bool) -> ClaimLine:
        name = str(criterion.uuid)
        record = self._records.get(criterion.pk)
        is_own = record is not None and record.claim.author.capacity == self.capacity
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
            ),
            ticked=ticked,
            where=where,
            seen=seen,
            errors=self.where_errors.get(name, []),
            is_first_wrong=name == next(iter(self.where_errors), None),
        )
