"""Notices and the letters that carry them. They say nothing that events do not, so no chain tells of them."""

from datetime import datetime

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils import timezone

from centres.models import Centre, User
from portfolio.models import Registration
from portfolio.models.registrations import PortfolioOpen
from portfolio.models.tried_mail import PROBLEM_AT_MOST, TriedMail, TriedMailQuerySet
from record.fields import PublicModel, at_most, one_of


class NoticeKind(models.TextChoices):
    """What a person is told of. What is said of each: `notices/words.py`."""

    ALLOCATED = "allocated", "allocated to you"
    SUBMITTED = "submitted", "submitted"
    TAKEN_BACK = "taken_back", "taken back"
    RETURNED = "returned", "returned to you"
    SIGNED_OFF = "signed_off", "signed off"
    WITHDRAWN = "withdrawn", "sign-off withdrawn"
    TO_CONFIRM = "to_confirm", "a confirmation is wanted"
    CONFIRMED = "confirmed", "confirmed"
    TO_VERIFY = "to_verify", "waits for the countersignature"
    COUNTERSIGNED = "countersigned", "countersigned"
    REOPENED = "reopened", "reopened"
    ASKED = "asked", "asked of you"
    ANSWERED = "answered", "answered to you"
    REFUSED = "refused", "not enough yet"
    DUE = "due", "due soon"
    SAMPLE_DUE = "sample_due", "waits for your sampling"
    STAFF_DUE = "staff_due", "a date of staff is near"
    TARGET = "target", "a target date is near"
    RECORDED = "recorded", "recorded of you"
    TESTIMONY = "testimony", "a witness answered"
    SAMPLED = "sampled", "sampled"
    VISIT = "visit", "a visit opened to you"
    EXTENDED = "extended", "your visit lasts until another day"
    NOT_SHOWN = "not_shown", "something cannot be shown"
    NOT_SHOWN_SAID = "not_shown_said", "what cannot be shown was answered"
    SHEET = "sheet", "a plan or a review to read"
    PRINTED = "printed", "your print is done"
    CASE_WAITS = "case_waits", "an appeal or a complaint waits for you"
    CASE_STEP = "case_step", "a step in an appeal or a complaint"
    CASE_DUE = "case_due", "an appeal or a complaint is due soon"


class How(models.TextChoices):
    """How notices reach a person besides in the site."""

    AT_ONCE = "at_once", "By e-mail at once"
    DAILY = "daily", "By one e-mail a day, in the morning"
    SITE_ONLY = "site_only", "Here only, no e-mail"


class NoticeChoice(models.Model):
    """How a person wants to be told. Without a row it is at once."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="notice_choice")
    how = models.CharField(max_length=10, choices=How, default=How.AT_ONCE)

    class Meta:
        constraints = [one_of("how", How.values, "notice_choice_valid")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_how_display()}"


class Letter(TriedMail):
    """One e-mail to a person, with one notice or more of one centre. It is tried until it goes or is given up."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="letters")
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="letters")

    objects = TriedMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="letters_that_wait",
            )
        ]
        constraints = [
            CheckConstraint(name="letter_ends_once", condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True)),
            at_most("problem", PROBLEM_AT_MOST, "letter_problem_length"),
        ]

    def __str__(self) -> str:
        return f"Letter to {self.person}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unseen(self) -> "NoticeQuerySet":
        """Those that their person has not put away."""
        return self.filter(seen_at__isnull=True)

    def still_open(self, user: User | int, now: datetime | None = None) -> "NoticeQuerySet":
        """Those about nobody's portfolio, or about one that is open to the person (or whose primary key it is).

        `now` is given by a query that is put together once.
        """
        return self.filter(Q(registration=None) | Q(PortfolioOpen(user, "registration__", now)))


class Notice(PublicModel):
    """A person is told that something happened, and where to look."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices", db_index=False)
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    # The portfolio that it is about, if it is about one; nobody is led into one that is not open to them any more.
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="notices", null=True, blank=True
    )
    about = models.CharField(max_length=60, blank=True)  # in a sentence: "B10", "evidence 4"
    path = models.CharField(max_length=200)  # of the page that it leads to
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, related_name="notices", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-made_at"], name="notices_of_a_person"),
            models.Index(fields=["made_at"], condition=Q(letter__isnull=True), name="notices_without_a_letter"),
        ]
        constraints = [
            one_of("kind", NoticeKind.values, "notice_kind_valid"),
            at_most("about", 60, "notice_about_length"),
            at_most("path", 200, "notice_path_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"
