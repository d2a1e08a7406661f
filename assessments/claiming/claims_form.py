"""The form on which one piece is claimed for criteria of one unit: what can be ticked, and what is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.cells.changes import CellChange
from assessments.claiming.also_answers import Also, ClaimingUnit
from assessments.models.status import Status
from assessments.standing.unit_record import ClaimRecord
from portfolio.barred_claims import Bar, words_of
from record.form_fields import WordsField
from standards.content import CriterionContent
from standards.models import Criterion
from standards.naming import Name, names_in
from standards.parts import Part, parts_in


class Leader(NamedTuple):
    """The line further up the page that says the same, and whose tick claims it elsewhere too."""

    name: str
    anchor: str


@dataclass
class ClaimLine:
    """One criterion on the page: how it is claimed, and what the person may do about it."""

    criterion: CriterionContent
    id: str  # the criterion's uuid; it stands in the line several times
    code: str  # the criterion's, as its words: a hundred lines look them up faster here
    text: str
    name: str  # what it is called beside those of other units
    status: Status  # of the criterion, whatever evidence claims it
    repeats: CriterionContent | None  # the range item with which it is ticked
    ticked_with: Name | None  # its name
    record: ClaimRecord | None  # the claim that stands, whoever made it
    is_own: bool  # made in the capacity that the person has here
    barred: Bar | None
    ticked: bool
    where: str
    seen: str  # what the person saw of their own claim: its stamp, a blank, and where to look; empty if there was none
    also: Also  # what it answers in other units of the portfolio
    also_ticked: bool
    errors: list[str] = field(default_factory=list)
    anchor: str = ""  # its place on the page
    repeats_at: str = ""  # that of the range item with which it is ticked
    is_first_wrong: bool = False  # so that the page opens at it
    led_by: Leader | None = None
    near: str = ""  # what the piece answers in another unit in nearly the same words

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

    @property
    def is_unsaved(self) -> bool:
        """Whether somebody has typed or ticked here what was not saved."""
        return bool(self.errors) or (self.ticked and self.record is None)


@dataclass
class ClaimGroup:
    """Lines under one heading of the unit."""

    part: Part
    explains: bool = True  # whether it shows what the unit says beside the heading; once in a unit
    lines: list[ClaimLine] = field(default_factory=list)

    @cached_property
    def barred(self) -> list[str]:
        """Why criteria of the group cannot be claimed from this piece, each reason once."""
        return list(dict.fromkeys(str(line.barred) for line in self.lines if line.barred))

    @property
    def words(self) -> tuple[str, ...]:
        """What the unit says of it."""
        return words_of(line.barred for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a page of ticks sent: the uuids of ticked criteria; and by uuid, what was said and shown of each.

    The fields are `claimed` (once for each tick), `where-`, `seen-` and `also-<uuid>`. `seens` holds what the page
    showed of the person's own claims: stamp and where to look. So only what they changed is changed, and nothing that
    somebody else changed meanwhile is overwritten. `also` is ticked to claim the same words in other units, and names
    their criteria (`Also.value`).
    """

    ticks: frozenset[str] = frozenset()
    wheres: Mapping[str, str] = field(default_factory=dict)
    seens: Mapping[str, str] = field(default_factory=dict)
    alsos: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """All criteria that it speaks of."""
        return {*self.ticks, *self.wheres, *self.seens, *self.alsos}

    @classmethod
    def by(cls, data: QueryDict | None) -> "Sent":
        """Read it from what a browser sent, or nothing."""
        by_prefix: dict[str, dict[str, str]] = {"where": {}, "seen": {}, "also": {}}
        for name in data or ():
            prefix, _, uuid = name.partition("-")
            if prefix in by_prefix:
                by_prefix[prefix][uuid] = str(data[name])  # type: ignore[index]
        return cls(
            ticks=frozenset(data.getlist("claimed")) if data else frozenset(),
            wheres=by_prefix["where"],
            seens=by_prefix["seen"],
            alsos=by_prefix["also"],
        )


class ClaimsForm(forms.Form):
    """Ticks and where to look in one unit. Of what the page sent it reads what speaks of criteria of its own."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        sent: Sent,
        unit: ClaimingUnit,
        records: Sequence[ClaimRecord],
        also: Mapping[Any, Also],
        statuses: Mapping[int, Status],
    ) -> None:
        """`records` are the piece's claims in the unit. `also` is by uuid of a criterion, `statuses` by primary key."""
        super().__init__(data)
        self.sent = sent
        self.unit = unit
        self.tickable = {str(item.uuid): item for item in unit.content.unit.claimable}
        self.where_errors: dict[str, list[str]] = {}
        self._also = also
        self._statuses = statuses
        self._names = names_in(unit.content)
        self._records = {record.criterion.pk: record for record in records}

    def clean(self) -> dict[str, Any]:
        """Give `changes`: what the person changed, and `also`: what they claim with it in other units."""
        looked_for = WordsField(max_length=200, required=False)
        changes = []
        places = {}  # where to look of what is ticked
        for name in self.tickable:
            stamp, _, shown = self.sent.seens.get(name, "").partition(" ")
            if name not in self.sent.ticks:
                if stamp:
                    changes.append(self._change(name, to="empty", seen=stamp))
                continue
            try:
                where = places[name] = looked_for.clean(self.sent.wheres.get(name, ""))
            except ValidationError as error:
                self.where_errors[name] = error.messages
                continue
            if not stamp or where != shown:
                changes.append(self._change(name, to="claimed", where=where, seen=stamp))
        if self.where_errors:
            raise ValidationError("One of your notes on where to look cannot be saved; it is marked below.")
        return {"changes": changes, "also": self._claimed_with_it(places)}

    def _change(self, name: str, *, to: str, seen: str, where: str | None = None) -> CellChange:
        evidence = self.unit.piece.evidence_uuid
        return CellChange(evidence=evidence, criterion=self.tickable[name], to=to, where=where, seen=seen)

    def _claimed_with_it(self, places: Mapping[str, str]) -> dict[ClaimingUnit, list[CellChange]]:
        """By unit, what is claimed there with the same place to look. What is not ticked here takes nothing with it.

        A criterion that two of this unit name is claimed once. What the page offered, and is open no longer, is asked
        for all the same: whoever saves it says why it was not claimed.
        """
        wanted: dict[ClaimingUnit, dict[int, CellChange]] = defaultdict(dict)
        for name in self.sent.alsos.keys() & self.tickable.keys():
            where = places.get(name)
            record = self._records.get(self.tickable[name].pk)
            if where is None and record and not self._is_own(record):  # ticked, by somebody else
                where = record.claim.where
            if where is None:
                continue
            named = self.sent.alsos[name].split()
            for one in self._also_of(self.tickable[name]).found:
                if str(one.criterion.uuid) in named:
                    change = CellChange(
                        evidence=self.unit.piece.evidence_uuid, criterion=one.criterion, to="claimed", where=where
                    )
                    wanted[one.other].setdefault(one.criterion.pk, change)
        return {other: [*changes.values()] for other, changes in wanted.items()}

    def _also_of(self, criterion: CriterionContent) -> Also:
        return self._also.get(criterion.uuid, Also())

    def _is_own(self, record: ClaimRecord) -> bool:
        return record.claim.author.capacity == self.unit.capacity

    def lines(self, *, fresh: bool = False) -> list[ClaimLine]:
        """Return the unit's criteria in their order, with what was typed. `fresh`: `seen` is what this page shows."""
        return [self._line(item, fresh) for part in parts_in(self.unit.content) for item in part.criteria]

    def typed(self) -> list[str]:
        """Return in words what was ticked, for a unit in which nothing can be ticked any more."""
        return [
            ": ".join(filter(None, (str(self._names[item.kind, item.position]), self.sent.wheres.get(name))))
            for name, item in self.tickable.items()
            if name in self.sent.ticks
        ]

    def _line(self, criterion: CriterionContent, fresh: bool) -> ClaimLine:
        name = str(criterion.uuid)
        record = self._records.get(criterion.pk)
        is_own = record is not None and self._is_own(record)
        ticked, where, seen = False, "", ""
        if record and is_own:
            ticked, where, seen = True, record.claim.where, f"{record.stamp} {record.claim.where}"
        # Somebody's own claim that this page did not know of yet (made in another window) stays ticked.
        if name in self.sent.ticks or name in self.sent.seens:
            ticked, where = name in self.sent.ticks, self.sent.wheres.get(name, "")
            seen = seen if fresh else self.sent.seens.get(name, "")
        also = self._also_of(criterion)
        said = self._names[criterion.kind, criterion.position]
        return ClaimLine(
            criterion=criterion,
            id=name,
            code=said.code,
            text=criterion.text,
            name=self.unit.name_of(criterion),
            status=self._statuses.get(criterion.pk, Status.EMPTY),
            repeats=self._repeated(criterion),
            ticked_with=self._names[Criterion.Kind.RANGE, criterion.same_as] if criterion.same_as else None,
            record=record,
            is_own=is_own,
            barred=self.unit.bars(criterion),
            ticked=ticked,
            where=where,
            seen=seen,
            also=also,
            also_ticked=set(also.value.split()) <= set(self.sent.alsos.get(name, "").split()),
            errors=self.where_errors.get(name, []),
        )

    def _repeated(self, criterion: CriterionContent) -> CriterionContent | None:
        """The range item with which a requirement is ticked, if it is."""
        if criterion.same_as is None:
            return None
        return next(item for item in self.unit.content.unit.range if item.position == criterion.same_as)
