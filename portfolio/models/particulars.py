"""What an awarding body asks of a registration, as it was said each time."""

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from centres.models import User
from portfolio.models.registrations import Registration
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PublicModel, at_most

# In the order in which they are asked, shown and told.
WORDS = (
    "number", "uln", "awarding_body", "qualification_number", "site", "cohort", "language", "certificate_number",
)  # fmt: skip
DAYS = ("registered_on", "started_on", "target_on", "ended_on", "claimed_on")
ULN_LENGTH = 10


def uln_is_right(uln: str) -> bool:
    """Whether it is a Unique Learner Number of the UK: ten digits, the last of which checks the others.

    The first nine, weighted from 10 down to 2, leave a remainder by 11, and the last is 10 less that. Where nothing
    remains there is no such number.
    """
    if len(uln) != ULN_LENGTH or not (uln.isascii() and uln.isdigit()):
        return False
    remainder = sum(int(digit) * weight for digit, weight in zip(uln[:9], range(10, 1, -1), strict=True)) % 11
    return remainder > 0 and int(uln[9]) == 10 - remainder


def check_uln(uln: str) -> None:
    """Refuse what is no ULN."""
    if not uln_is_right(uln):
        raise ValidationError(
            "This is no ULN: it has ten digits, and the last does not fit the others. Compare it with the original."
        )


def _day() -> models.DateField:
    said = "Look at the year: it is to be between 1980 and 2100."
    first, last = datetime.date(1980, 1, 1), datetime.date(2100, 12, 31)
    return models.DateField(
        null=True, blank=True, validators=[MinValueValidator(first, said), MaxValueValidator(last, said)]
    )


def _in_order(first: str, second: str, message: str) -> CheckConstraint:
    return CheckConstraint(
        name=f"particulars_{second}_after_{first}",
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{second}__isnull": True})
        | Q(**{f"{second}__gte": F(first)}),
        violation_error_message=message,
    )


class ParticularsQuerySet(models.QuerySet["RegistrationParticulars"]):
    def current(self) -> "ParticularsQuerySet":
        """Those that count: the latest of each registration."""
        return self.filter(replaced_at__isnull=True)


class RegistrationParticulars(ToldModel, PublicModel):
    """What was said of a registration at one time. A correction makes a further row, with its reason.

    The candidate's number is in `Registration.number` too, as it is now: that is where everybody reads it. The first
    row has no author where it says the number that a registration had before there were particulars.
    """

    told_as: ClassVar[str] = "registration_particulars"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "author")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="particulars")
    version = models.PositiveIntegerField()
    number = PlainCharField(max_length=40, blank=True)  # of the candidate, with the awarding body
    uln = PlainCharField(max_length=ULN_LENGTH, blank=True, validators=[check_uln])
    awarding_body = PlainCharField(max_length=120, blank=True)
    qualification_number = PlainCharField(max_length=40, blank=True)
    registered_on = _day()  # with the awarding body
    started_on = _day()
    target_on = _day()
    ended_on = _day()
    site = PlainCharField(max_length=60, blank=True)
    cohort = PlainCharField(max_length=60, blank=True)
    language = PlainCharField(max_length=60, blank=True)  # of assessment
    claimed_on = _day()  # the certificate
    certificate_number = PlainCharField(max_length=60, blank=True)
    reason = PlainCharField(max_length=300, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)  # by the next version

    objects = ParticularsQuerySet.as_manager()

    class Meta:
        ordering = ["registration", "version"]
        constraints = [
            UniqueConstraint(fields=["registration", "version"], name="particulars_version_once_a_registration"),
            UniqueConstraint(
                fields=["registration"], condition=Q(replaced_at__isnull=True), name="one_particulars_count"
            ),
            *(at_most(name, 60, f"particulars_{name}_length") for name in ("site", "cohort", "language")),
            *(at_most(name, 40, f"particulars_{name}_length") for name in ("number", "qualification_number")),
            at_most("awarding_body", 120, "particulars_awarding_body_length"),
            at_most("certificate_number", 60, "particulars_certificate_number_length"),
            at_most("reason", 300, "particulars_reason_length"),
            CheckConstraint(name="particulars_uln_whole", condition=Q(uln="") | Q(uln__length=ULN_LENGTH)),
            _in_order("started_on", "target_on", "The target date is before the start. Look at the two dates."),
            _in_order("started_on", "ended_on", "The end is before the start. Look at the two dates."),
            _in_order("registered_on", "target_on", "The target date is before the registration. Look at both dates."),
            _in_order("registered_on", "ended_on", "The end is before the registration. Look at the two dates."),
            _in_order("registered_on", "claimed_on", "The certificate is claimed before the registration. Look again."),
            CheckConstraint(
                name="particulars_certificate_claimed_on_a_day",
                condition=Q(certificate_number="") | Q(claimed_on__isnull=False),
                violation_error_message="Give the day on which the certificate was claimed, as well as its number.",
            ),
        ]

    def __str__(self) -> str:
        return f"Particulars of {self.registration}, version {self.version}"

    def printed(self) -> dict[str, str]:
        """What the recording form prints of it beside the candidate's number; only what was said."""
        registered = self.registered_on.isoformat() if self.registered_on else ""
        said = {"uln": self.uln, "awarding_body": self.awarding_body, "registered_on": registered}
        return {name: words for name, words in said.items() if words}

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        days = {name: getattr(self, name) for name in DAYS}
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "version": self.version,
            **{name: getattr(self, name) for name in WORDS},
            **{name: day.isoformat() if day else None for name, day in days.items()},
            "reason": self.reason,
            "author": str(self.author.uuid) if self.author else None,
            "made_at": told_time(self.made_at),
            "replaced_at": told_time(self.replaced_at),
        }
