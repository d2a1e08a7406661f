"""Standards as plain values: what fixtures and documents hold, what pages show, and what publishing compares."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID, uuid5

from standards.models import Criterion, full_code
from standards.unit_rules import UnitRules

KINDS = tuple(Criterion.Kind.values)  # the order in which forms and documents list them

# Names of fields that a ruling may be about, in words for people.
FIELDS_IN_WORDS = {"minimum_units": "How many units make it", "minimum_credit": "How many credits make it"}

# Every installation gives the same standard the same public identifiers, so that they can be compared.
NAMESPACE = UUID("6f1d2d0c-5a3b-5f0e-9c58-6f7e2b1f4a10")


def public_id(*natural_key: object) -> UUID:
    """Return the public identifier of the part of a standard that this natural key names."""
    return uuid5(NAMESPACE, ":".join(str(part) for part in natural_key))


def anchor(kind: str, position: int) -> str:
    """The id of a criterion on its unit's page; codes are missing or repeat, positions do not."""
    return f"{kind}-{position}"


@dataclass(frozen=True, kw_only=True)
class FrameworkContent:
    """One published set of standards, in one edition."""

    code: str
    title: str
    publisher: str = ""
    edition: str = ""

    @property
    def nameless(self) -> "FrameworkContent":
        """The framework with its code alone: all that never changes, so all that a process may keep."""
        return FrameworkContent(code=self.code, title="")


@dataclass(frozen=True, kw_only=True)
class ElementContent:
    """A numbered part of a unit. `pk` is 0 if it does not come from the database."""

    position: int
    number: str
    title: str
    kind: str = "performance"
    guidance: tuple[str, ...] = ()
    pk: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Span:
    """A piece of a text; `marked` if it stands out: it is bold in the unit, or was found by a search."""

    text: str
    marked: bool = False


@dataclass(frozen=True, kw_only=True)
class CriterionContent:
    """One thing that can be claimed, or a heading over lettered things that can.

    `element` and `range_elements` are numbers of elements. `parent` is the position of the item of the same kind
    of which this one is a lettered part; `same_as` is the position of the range item that it repeats.
    `pk` is 0 and `uuid` None if the content does not come from the database.
    """

    kind: str
    position: int
    code: str
    full_code: str
    text: str
    element: str | None = None
    range_elements: tuple[str, ...] = ()
    parent: int | None = None
    group: str = ""
    section: str = ""
    minimum: int | None = None
    emphasis: tuple[str, ...] = ()
    same_as: int | None = None
    is_tickable: bool = True
    pk: int = field(default=0, compare=False)
    uuid: UUID | None = field(default=None, compare=False)

    @classmethod
    def of_row(
        cls,
        row: Criterion,
        *,
        element: str | None = None,
        range_elements: Collection[str] = (),
        parent: Criterion | None = None,
        same_as: int | None = None,
    ) -> "CriterionContent":
        """Return what a row says, saved or not. What it refers to is passed in: no foreign key of it is followed."""
        return cls(
            kind=row.kind,
            position=row.position,
            code=row.code,
            full_code=full_code(row.code, parent.code if parent else ""),
            text=row.text,
            element=element,
            range_elements=tuple(range_elements),
            parent=parent.position if parent else None,
            group=row.group,
            section=row.section,
            minimum=row.minimum,
            emphasis=tuple(row.emphasis),
            same_as=same_as,
            is_tickable=row.is_tickable,
            pk=row.pk or 0,
            uuid=row.uuid if row.pk else None,
        )

    @property
    def anchor(self) -> str:
        """The id of this criterion on the unit's page."""
        return anchor(self.kind, self.position)

    @property
    def is_claimable(self) -> bool:
        """Whether it can be claimed. A requirement that repeats a range item cannot: that item's tick serves both."""
        return self.is_tickable and self.same_as is None

    @property
    def spans(self) -> tuple[Span, ...]:
        """The text in pieces; words that the unit prints in bold are marked where they first appear."""
        found, rest = [], self.text
        for words in self.emphasis:
            before, met, after = rest.partition(words)
            if met:
                found += [Span(before), Span(met, marked=True)]
                rest = after
        return tuple(span for span in (*found, Span(rest)) if span.text)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What the source says where it is in doubt, and what was decided."""

    about: str  # a code or a few words of the source, or the name of a field, as files call it
    text: str

    @property
    def heading(self) -> str:
        """What it is about, as a heading."""
        return FIELDS_IN_WORDS.get(self.about, self.about[:1].upper() + self.about[1:])


@dataclass(frozen=True, kw_only=True)
class Related:
    """A standard that a unit names as related, in the source's words; `unit` is its address here, "" if unknown."""

    words: str
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitContent:
    """One wording of one unit, whole: elements by position, criteria by kind and position."""

    framework: FrameworkContent
    code: str
    title: str
    reference: str = ""
    level: int | None = None
    credit: int | None = None
    glh: int | None = None
    theme: str = ""
    purpose: str = ""
    rules: UnitRules = field(default_factory=UnitRules)
    rule_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)  # by the key of the rule
    rulings: tuple[Ruling, ...] = ()
    related: tuple[Related, ...] = ()
    elements: tuple[ElementContent, ...] = ()
    criteria: tuple[CriterionContent, ...] = ()

    @property
    def address(self) -> str:
        """`framework:code`, as people and commands name the unit."""
        return f"{self.framework.code}:{self.code}"

    @property
    def suite(self) -> str:
        """The letters at the beginning of the unit's code: "B" for B10; empty if there are none."""
        found = re.match(r"[A-Za-z]+", self.code)
        return found.group().upper() if found else ""

    @property
    def performance(self) -> tuple[CriterionContent, ...]:
        """The performance criteria, in their order."""
        return self.of_kind(Criterion.Kind.PERFORMANCE)

    @property
    def knowledge(self) -> tuple[CriterionContent, ...]:
        """The knowledge items and their lettered parts, in their order."""
        return self.of_kind(Criterion.Kind.KNOWLEDGE)

    @property
    def range(self) -> tuple[CriterionContent, ...]:
        """The range categories and their items, in their order."""
        return self.of_kind(Criterion.Kind.RANGE)

    @property
    def evidence(self) -> tuple[CriterionContent, ...]:
        """The evidence requirements and their lettered items, in their order."""
        return self.of_kind(Criterion.Kind.EVIDENCE)

    @property
    def claimable(self) -> tuple[CriterionContent, ...]:
        """What can be claimed, in the order of forms: the columns of the grid."""
        return tuple(criterion for criterion in self.criteria if criterion.is_claimable)

    @property
    def by_element(self) -> tuple[tuple[ElementContent, tuple[CriterionContent, ...]], ...]:
        """Each element with its performance criteria."""
        return tuple(
            (element, tuple(item for item in self.performance if item.element == element.number))
            for element in self.elements
        )

    def of_kind(self, kind: str) -> tuple[CriterionContent, ...]:
        """Return the criteria of one kind, in their order."""
        return tuple(criterion for criterion in self.criteria if criterion.kind == kind)

    def words_digest(self) -> str:
        """Return a digest of what a candidate is judged against: the title, the codes and the words."""
        lines = [self.title, *(f"{item.kind} {item.full_code} {item.text}" for item in self.criteria)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, eq=False)  # by identity: a key for what is worked out
class RevisionContent:
    """A published revision with its content. `pk` and `uuid` are the revision's own."""

    pk: int
    uuid: UUID
    number: int
    unit: UnitContent

    @cached_property
    def criterion_by_pk(self) -> dict[int, CriterionContent]:
        """Its criteria by primary key."""
        return {criterion.pk: criterion for criterion in self.unit.criteria}


@dataclass(frozen=True, kw_only=True)
class GroupContent:
    """Units of a qualification of which `choose` must be taken, worth at least `credits` if given."""

    name: str
    choose: int
    credits: int | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QualificationContent:
    """One wording of a rule of combination. Its groups name units by their codes."""

    framework: FrameworkContent
    code: str
    title: str
    level: int | None = None
    minimum_units: int = 0
    minimum_credit: int | None = None
    groups: tuple[GroupContent, ...] = ()
    rulings: tuple[Ruling, ...] = ()

    @property
    def address(self) -> str:
        """`framework:code`, as people and commands name the qualification."""
        return f"{self.framework.code}:{self.code}"


@dataclass(frozen=True, kw_only=True)
class ProseParagraph:
    """A paragraph of a source's prose, with the heading that is printed over it and the bullets that it ends with."""

    text: str
    heading: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Prose:
    """What a unit is about, in the source's own words. It explains, and nobody is judged against it.

    `theme_statement` is what the unit says of its theme; `for_whom` are those sentences of the paragraphs that say
    who takes the unit and who does not.
    """

    theme_statement: str = ""
    paragraphs: tuple[ProseParagraph, ...] = ()
    for_whom: tuple[str, ...] = ()
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StandardsContent:
    """One framework, whole: what one standards document carries. `prose` is by the unit's code."""

    framework: FrameworkContent
    units: tuple[UnitContent, ...] = ()
    qualifications: tuple[QualificationContent, ...] = ()
    prose: Mapping[str, Prose] = field(default_factory=dict, hash=False)


def code_order(code: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts codes as people count: B2 before B10."""
    parts = re.findall(r"\d+|\D+", code)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def in_order(criteria: Collection[CriterionContent]) -> tuple[CriterionContent, ...]:
    """Return the criteria by kind, in the order of documents, and position."""
    return tuple(sorted(criteria, key=lambda item: (KINDS.index(item.kind), item.position)))
