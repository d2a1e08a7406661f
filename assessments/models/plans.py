"""Assessment plans and reviews: sheets that an assessor signs for a portfolio, in the headings of the centre."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from assessments.models.actions import Action
from assessments.models.judgements import REASON_AT_MOST
from assessments.models.observations import PLACE_AT_MOST, PRESENT_AT_MOST
from centres.models import Centre, User
from portfolio.models import Registration
from portfolio.models.registrations import PortfolioOpen
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of
from standards.evidence_kinds import EvidenceKind

TITLE_AT_MOST = 100  # characters
BRING_AT_MOST = 1000


class SheetKind(models.TextChoices):
    """What a sheet is. Each is also the first word of the events that tell of it."""

    PLAN = "plan", "Assessment plan"
    REVIEW = "review", "Review"


class MetHow(models.TextChoices):
    """How assessor and candidate came together."""

    IN_PERSON = "in_person", "In person"
    LIVE_VIDEO = "live_video", "By live video"
    TELEPHONE = "telephone", "By telephone"
    IN_WRITING = "in_writing", "In writing"


class SheetTemplate(ToldModel, PublicModel):
    """What a centre's sheets of one kind are called and ask, from its `made_at` on. Append-only: the newest holds.

    A sheet keeps the headings that it was signed with.
    """

    told_as: ClassVar[str] = "sheet_template"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "author")

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="sheet_templates")
    kind = models.CharField(max_length=10, choices=SheetKind)
    number = models.PositiveIntegerField()  # of its kind in the centre, from 1
    title = PlainCharField(max_length=TITLE_AT_MOST)
    headings = models.JSONField()  # [heading, prompt] of each
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sheet_templates")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("kind", SheetKind.values, "sheet_template_kind_valid"),
            UniqueConstraint(fields=["centre", "kind", "number"], name="sheet_template_number_once"),
            CheckConstraint(name="sheet_template_has_a_title", condition=~Q(title="")),
            at_most("title", TITLE_AT_MOST, "sheet_template_title_length"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "kind": str(self.kind),
            "number": self.number,
            "title": self.title,
            "headings": self.headings,
            "author": str(self.author.uuid),
            "made_at": told_time(self.made_at),
        }


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, user: Any) -> "SheetQuerySet":
        """The sheets of the portfolios open to the person."""
        return self.filter(PortfolioOpen(user, "registration__"))


class Sheet(ToldModel, PublicModel):
    """A plan or a review, signed with its assessor's password. Append-only, but that a later plan replaces it once.

    A review holds what it found: how far each unit had come, and what was still to be done.
    """

    told_as: ClassVar[str] = "sheet"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "author", "replaced_by")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="sheets")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sheets")
    kind = models.CharField(max_length=10, choices=SheetKind)
    number = models.PositiveIntegerField()  # of its kind in the portfolio, from 1
    title = PlainCharField(max_length=TITLE_AT_MOST)
    held_on = models.DateField()
    how = models.CharField(max_length=20, choices=MetHow)
    present = PlainTextField(limit=PRESENT_AT_MOST, blank=True)  # who else was there
    sections = models.JSONField(default=list, blank=True)  # [heading, words] of each
    progress = models.JSONField(default=list, blank=True)  # of each unit: unit, code, title, state, met, of
    carried = models.JSONField(default=list, blank=True)  # of each action still open: action, text, by, due
    next_review = models.DateField(null=True, blank=True)
    signed_at = models.DateTimeField()
    form_key = models.UUIDField()  # a second press of the button finds what the first one signed
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replaced", null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", SheetKind.values, "sheet_kind_valid"),
            one_of("how", MetHow.values, "sheet_how_valid"),
            UniqueConstraint(fields=["author", "form_key"], name="sheet_sent_once"),
            UniqueConstraint(fields=["registration", "kind", "number"], name="sheet_number_once"),
            CheckConstraint(
                name="next_review_is_after_this",
                condition=Q(next_review=None) | Q(next_review__gt=F("held_on")),
                violation_error_message="The next review is after this day.",
            ),
            CheckConstraint(
                name="only_a_plan_is_replaced", condition=Q(replaced_by=None) | Q(kind=SheetKind.PLAN.value)
            ),
            CheckConstraint(name="sheet_has_a_title", condition=~Q(title="")),
            at_most("title", TITLE_AT_MOST, "sheet_title_length"),
            at_most("present", PRESENT_AT_MOST, "sheet_present_length"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    def told(self) -> dict[str, Any]:
        """What events tell of it. `form_key` is not told: it only keeps a second press from signing again."""
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "author": str(self.author.uuid),
            "kind": str(self.kind),
            "number": self.number,
            "title": self.title,
            "held_on": self.held_on.isoformat(),
            "how": str(self.how),
            "present": self.present,
            "sections": self.sections,
            "progress": self.progress,
            "carried": self.carried,
            "next_review": self.next_review.isoformat() if self.next_review else None,
            "signed_at": told_time(self.signed_at),
            "replaced_by": str(self.replaced_by.uuid) if self.replaced_by else None,
        }


class SheetLine(ToldModel, PublicModel):
    """What a sheet asks of candidate or assessor, as an action. Append-only.

    In a plan it says how something is assessed: by which method, where, of which units, and what is to be brought.
    """

    told_as: ClassVar[str] = "sheet_line"
    told_with: ClassVar[tuple[str, ...]] = ("sheet", "action")

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    action = models.OneToOneField(Action, on_delete=models.PROTECT, related_name="sheet_line")
    method = models.CharField(max_length=30, choices=EvidenceKind, blank=True)
    place = PlainCharField(max_length=PLACE_AT_MOST, blank=True)
    # Of each unit: unit, and criteria as [kind, position] in the wording that it has in the portfolio; none is all.
    covers = models.JSONField(default=list, blank=True)
    bring = PlainTextField(limit=BRING_AT_MOST, blank=True)

    class Meta:
        ordering = ["sheet", "position"]
        constraints = [
            one_of("method", ["", *EvidenceKind.values], "sheet_line_method_valid"),
            UniqueConstraint(fields=["sheet", "position"], name="sheet_line_position_once"),
            at_most("place", PLACE_AT_MOST, "sheet_line_place_length"),
            at_most("bring", BRING_AT_MOST, "sheet_line_bring_length"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}, line {self.position}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "sheet": str(self.sheet.uuid),
            "position": self.position,
            "action": str(self.action.uuid),
            "method": str(self.method),
            "place": self.place,
            "covers": self.covers,
            "bring": self.bring,
        }


class SheetAnswer(ToldModel, PublicModel):
    """The candidate has seen a sheet of theirs, and agrees or says why not. Append-only; nothing waits for it."""

    told_as: ClassVar[str] = "sheet_answer"
    told_with: ClassVar[tuple[str, ...]] = ("sheet",)
    told_where_set: ClassVar[tuple[str, ...]] = ("on_the_spot",)

    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="answer")
    agrees = models.BooleanField()
    words = PlainTextField(limit=REASON_AT_MOST, blank=True)
    on_the_spot = models.BooleanField(default=False)  # with their password, on the assessor's device
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="who_disagrees_with_a_sheet_says_why",
                condition=Q(agrees=True) | ~Q(words=""),
                violation_error_message="Say what you do not agree with.",
            ),
            at_most("words", REASON_AT_MOST, "sheet_answer_words_length"),
        ]

    def __str__(self) -> str:
        return f"{'Agreed' if self.agrees else 'Not agreed'}: {self.sheet}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        said: dict[str, Any] = {
            "id": str(self.uuid),
            "sheet": str(self.sheet.uuid),
            "agrees": self.agrees,
            "words": self.words,
            "made_at": told_time(self.made_at),
        }
        if self.on_the_spot:
            said["on_the_spot"] = True
        return said


class SheetDraft(models.Model):
    """What an assessor has typed of a sheet and not signed: for its author alone. It counts for nothing."""

    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sheet_drafts")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="sheet_drafts")
    form_key = models.UUIDField()
    kind = models.CharField(max_length=10, choices=SheetKind)
    fields = models.JSONField(default=dict)  # as the form sent them, each name with its values
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            one_of("kind", SheetKind.values, "sheet_draft_kind_valid"),
            UniqueConstraint(fields=["author", "form_key"], name="sheet_draft_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, not signed"
