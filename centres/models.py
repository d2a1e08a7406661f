"""Who is there: people, centres, and the roles that people hold in them."""

import datetime
from dataclasses import fields
from functools import reduce
from operator import or_
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import CheckConstraint, Index, Max, OuterRef, Q, Subquery, UniqueConstraint, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from centres.candidate_numbers.models import SignInCode  # noqa: F401 - so that it is a table of this app
from centres.corrections.models import Correction  # noqa: F401 - likewise
from centres.guardians.models import ComingOfAge, GuardianConsent  # noqa: F401 - likewise
from centres.invitations.models import Invitation  # noqa: F401 - likewise
from centres.policy.choices import LIMITS, SECOND_STEP_CHOICES, SENTENCES_AT_MOST, FileGroup, PolicyChoices
from centres.sign_in.models import PasswordTries, SignIn  # noqa: F401 - so that they are tables of this app
from centres.staff.kinds import StaffKind
from centres.staff.models import AWARD_ROLES, StaffRecord
from centres.words import CandidateWord, ExternalVerifierWord, InternalVerifierWord, Words
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of
from record.models import Chain
from record.plain_text import plain_characters


class UserManager(BaseUserManager["User"]):
    """Makes people; called by `centres.services.people`."""

    def create_user(self, *, email: str, name: str, password: str | None = None) -> "User":
        """Return a new, saved person. Without a password, they set their own with a link."""
        user = self.model(email=plain_characters(email).lower(), name=name)
        user.set_password(password)
        user.full_clean()
        user.save()
        return user

    def create_numbered(self, *, centre: "Centre", number: str, name: str) -> "User":
        """Return a new, saved candidate without an e-mail address, who comes in by a one-time code."""
        user = self.model(candidate_number=number, number_centre=centre, name=name)
        user.set_unusable_password()
        user.full_clean()
        user.save()
        return user


class User(ToldModel, AbstractBaseUser, PublicModel):
    """A person, who may be in several centres. They sign in with their e-mail address.

    A candidate who has none signs in with the number that one centre gave them (`centres/candidate_numbers/`).
    """

    told_as: ClassVar[str] = "person"
    told_with: ClassVar[tuple[str, ...]] = ("number_centre",)
    told_where_set: ClassVar[tuple[str, ...]] = ("candidate_number", "number_centre")

    email = models.EmailField(max_length=254, blank=True)
    candidate_number = PlainCharField(max_length=40, blank=True)
    number_centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="numbered_people", null=True, blank=True
    )
    name = PlainCharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    hints_dismissed = models.JSONField(default=list, blank=True)  # names of first-time hints not to be shown again
    home_looked_at = models.DateTimeField(null=True, blank=True)  # what was said since then is new to them at home

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_email_once_whatever_the_case"),
            at_most("name", 200, "user_name_length"),
            at_most("candidate_number", 40, "user_candidate_number_length"),
            UniqueConstraint(
                "number_centre",
                Lower("candidate_number"),
                name="user_candidate_number_once_a_centre",
                violation_error_message="Another candidate of this centre has this number.",
            ),
            CheckConstraint(
                name="user_has_an_address_or_a_number",
                condition=(~Q(email="") & Q(candidate_number="", number_centre__isnull=True))
                | (~Q(candidate_number="") & Q(number_centre__isnull=False)),
                violation_error_message="Give an e-mail address or a candidate number.",
            ),
        ]
        indexes: ClassVar = [Index(fields=["name", "id"], name="user_by_name")]  # for lists

    def __str__(self) -> str:
        return self.name

    def told(self) -> dict[str, Any]:
        """What the site's chain tells of them: not their password, hints they have dismissed and looks."""
        said = {"id": str(self.uuid), "name": self.name, "email": self.email}
        if self.number_centre:
            said |= {"candidate_number": self.candidate_number, "number_centre": str(self.number_centre.uuid)}
        return said

    @property
    def sign_in_name(self) -> str:
        """What they sign in with: their address, or their number with that of its centre before it."""
        return self.email or self.candidate_sign_in_name

    @property
    def candidate_sign_in_name(self) -> str:
        """Their number with that of its centre before it, "90210/0042"; empty of who has none."""
        if self.number_centre is None:
            return ""
        code = self.number_centre.number
        return f"{code}/{self.candidate_number}" if code else self.candidate_number

    def get_full_name(self) -> str:
        """Return the name as the person writes it. Django itself calls this."""
        return self.name


class Role(models.TextChoices):
    """What a person may be in a centre (the table of people in docs/contributors/domain.md)."""

    CANDIDATE = "candidate", "Candidate"
    ASSESSOR = "assessor", "Assessor"
    INTERNAL_VERIFIER = "internal_verifier", "Internal verifier"
    COORDINATOR = "coordinator", "Centre coordinator"
    EXTERNAL_VERIFIER = "external_verifier", "External verifier"


ROLES_WITH_AWARD = tuple(Role(role) for role in AWARD_ROLES)  # those for which a person must be qualified


class CentreQuerySet(models.QuerySet["Centre"]):
    def visible_to(self, user: Any) -> "CentreQuerySet":
        """The centres in which the person holds a role now."""
        return self.filter(pk__in=Membership.objects.filter(user_id=user.pk, ended_at__isnull=True).values("centre_id"))


class Centre(ToldModel, PublicModel):
    """An approved centre: the owner of everything below it."""

    told_as: ClassVar[str] = "centre"
    told_with: ClassVar[tuple[str, ...]] = ("chain",)

    name = PlainCharField(max_length=200)
    number = PlainCharField(max_length=40, blank=True)  # as the awarding body gave it
    time_zone = models.CharField(max_length=60, default="Europe/London")
    is_demo = models.BooleanField(default=False)
    # What its pages say (centres/words.py), as its policy has it: it stands here too, because every page reads it.
    candidate_word = models.CharField(max_length=10, choices=CandidateWord, default=CandidateWord.CANDIDATE)
    internal_verifier_word = models.CharField(
        max_length=10, choices=InternalVerifierWord, default=InternalVerifierWord.IV
    )
    external_verifier_word = models.CharField(
        max_length=10, choices=ExternalVerifierWord, default=ExternalVerifierWord.EV
    )
    chain = models.OneToOneField(Chain, on_delete=models.PROTECT, related_name="centre")

    objects = CentreQuerySet.as_manager()

    class Meta:
        constraints = [
            at_most("name", 200, "centre_name_length"),
            one_of("candidate_word", CandidateWord.values, "centre_candidate_word_valid"),
            one_of("internal_verifier_word", InternalVerifierWord.values, "centre_internal_verifier_word_valid"),
            one_of("external_verifier_word", ExternalVerifierWord.values, "centre_external_verifier_word_valid"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def today(self) -> datetime.date:
        """The day as the centre counts it."""
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))

    @property
    def words(self) -> Words:
        """What its pages call people."""
        internal = InternalVerifierWord(self.internal_verifier_word)
        external = ExternalVerifierWord(self.external_verifier_word)
        return Words(
            candidate=str(CandidateWord(self.candidate_word).label),
            internal_verifier=str(internal.label),
            iv=internal.value,
            external_verifier=str(external.label),
            ev=external.value,
        )

    def told(self) -> dict[str, Any]:
        """What events tell of it, as the site's chain and its own do."""
        return {
            "id": str(self.uuid),
            "name": self.name,
            "number": self.number,
            "time_zone": self.time_zone,
            "is_demo": self.is_demo,
            "candidate_word": str(self.candidate_word),
            "internal_verifier_word": str(self.internal_verifier_word),
            "external_verifier_word": str(self.external_verifier_word),
            "chain": str(self.chain.uuid),
        }


def _last_day_of_award() -> Subquery:
    of_the_role = {name: OuterRef(name) for name in ("centre", "user", "role")}
    awards = StaffRecord.objects.open().filter(kind=StaffKind.AWARD, **of_the_role).order_by().values("user")
    last = awards.annotate(last=Max(Coalesce("until", Value(datetime.date.max)), output_field=models.DateField()))
    return Subquery(last.values("last"), output_field=models.DateField())


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        """The roles that are held now."""
        return self.filter(ended_at__isnull=True)

    def with_award(self) -> "MembershipQuerySet":
        """The same, each with `award_until`: the last day of its person's award for the role, None if there is none."""
        return self.annotate(award_until=_last_day_of_award())

    def qualified_on(self, day: datetime.date) -> "MembershipQuerySet":
        """Those whose person holds an award for the role on that day, as `Membership.is_qualified` says of one."""
        return self.annotate(award_until=_last_day_of_award()).filter(award_until__gte=day)

    def visible_to(self, user: Any) -> "MembershipQuerySet":
        """A coordinator sees everyone's roles in the centre, others their own."""
        coordinated = Membership.objects.current().filter(user_id=user.pk, role=Role.COORDINATOR)
        return self.filter(
            Q(centre__in=coordinated.values("centre_id"))
            | Q(user_id=user.pk, centre__in=Centre.objects.visible_to(user))
        )


class Membership(ToldModel, PublicModel):
    """A role that a person holds, or held, in a centre. Access ends with it."""

    told_as: ClassVar[str] = "membership"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "user")
    told_before: ClassVar[tuple[str, ...]] = ("works_towards_award",)  # a mark, until awards had rows of their own

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    award_until: datetime.date | None  # of `with_award`

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["centre", "user", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_once_at_a_time",
                violation_error_message="This person has this role already.",
            ),
            one_of("role", Role.values, "membership_role_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()}"

    @property
    def is_qualified(self) -> bool:
        """Whether its person holds an award for the role today. For rows of `with_award`."""
        return self.award_until is not None and self.award_until >= self.centre.today

    @property
    def role_word(self) -> str:
        """What the centre calls who holds the role."""
        return self.centre.words.of_role(self.role)

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "user": str(self.user.uuid),
            "role": str(self.role),
            "began_at": told_time(self.began_at),
            "ended_at": told_time(self.ended_at),
        }


def _takes() -> models.BooleanField:
    return models.BooleanField(default=True)


class CentrePolicy(ToldModel, PublicModel):
    """What a centre chose at one time (`centres/policy/`). Append-only: the latest number holds.

    A centre without a row never chose anything. Number 0 is what held before the first choice, and has no author.
    """

    told_as: ClassVar[str] = "policy"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "author")
    told_where_set: ClassVar[tuple[str, ...]] = ("feedback_sentences", "second_step_roles")

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="policies")
    number = models.PositiveIntegerField(default=0)
    candidate_word = models.CharField(max_length=10, choices=CandidateWord)
    internal_verifier_word = models.CharField(max_length=10, choices=InternalVerifierWord)
    external_verifier_word = models.CharField(max_length=10, choices=ExternalVerifierWord)
    takes_documents = _takes()
    takes_pictures = _takes()
    takes_sound = _takes()
    takes_films = _takes()
    takes_tables = _takes()
    takes_presentations = _takes()
    takes_emails = _takes()
    largest_file_mb = models.PositiveIntegerField(null=True, blank=True)
    person_quota_mb = models.PositiveIntegerField(null=True, blank=True)
    portfolio_quota_mb = models.PositiveIntegerField(null=True, blank=True)
    evidence_age_months = models.PositiveIntegerField(null=True, blank=True)
    # What assessors often say, a sentence on each line: offered for the reason of "not yet" and for feedback.
    feedback_sentences = PlainTextField(limit=SENTENCES_AT_MOST, blank=True)
    second_step_roles = models.CharField(max_length=100, blank=True)  # who must use one; a space between
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="policies", null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["centre", "number"]
        constraints = [
            UniqueConstraint(fields=["centre", "number"], name="policy_number_once_a_centre"),
            one_of("candidate_word", CandidateWord.values, "policy_candidate_word_valid"),
            one_of("internal_verifier_word", InternalVerifierWord.values, "policy_internal_verifier_word_valid"),
            one_of("external_verifier_word", ExternalVerifierWord.values, "policy_external_verifier_word_valid"),
            CheckConstraint(
                name="policy_takes_some_files",
                condition=reduce(or_, (Q(**{f"takes_{group}": True}) for group in FileGroup.values)),
                violation_error_message="Tick at least one kind of file.",
            ),
            *(
                CheckConstraint(
                    name=f"policy_{limit}_valid",
                    condition=Q(**{f"{limit}__range": (1, most)}),
                    violation_error_message=f"Give whole numbers from 1 to {most:,}, or leave the limit empty.",
                )
                for limit, most in LIMITS.items()
            ),
            at_most("feedback_sentences", SENTENCES_AT_MOST, "policy_feedback_sentences_length"),
            one_of("second_step_roles", SECOND_STEP_CHOICES, "policy_second_step_roles_valid"),
            CheckConstraint(
                name="policy_chosen_by_somebody",
                condition=Q(number=0, author__isnull=True) | Q(number__gt=0, author__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Policy {self.number} of {self.centre}"

    @property
    def file_groups(self) -> frozenset[FileGroup]:
        """The files that the centre takes."""
        return frozenset(group for group in FileGroup if getattr(self, f"takes_{group.value}"))

    @property
    def choices(self) -> PolicyChoices:
        """All that was chosen."""
        return PolicyChoices(**{field.name: getattr(self, field.name) for field in fields(PolicyChoices)})

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "number": self.number,
            "candidate_word": str(self.candidate_word),
            "internal_verifier_word": str(self.internal_verifier_word),
            "external_verifier_word": str(self.external_verifier_word),
            **{f"takes_{group}": getattr(self, f"takes_{group}") for group in FileGroup.values},
            **{limit: getattr(self, limit) for limit in LIMITS},
            **({"feedback_sentences": self.feedback_sentences} if self.feedback_sentences else {}),
            **({"second_step_roles": self.second_step_roles} if self.second_step_roles else {}),
            "author": str(self.author.uuid) if self.author else None,
            "made_at": told_time(self.made_at),
        }
