"""Witnesses, what they are asked, and what they give; what assessors add to it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from centres.models import User
from portfolio.models.evidence import Evidence
from portfolio.models.registrations import PortfolioOpen, Registration
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of
from standards.evidence_kinds import Setting


class Relation(models.TextChoices):
    """What a witness is to the candidate. A line manager may be one; a member of the family is flagged."""

    MANAGER = "manager", "Their manager or supervisor"
    COLLEAGUE = "colleague", "A colleague"
    CUSTOMER = "customer", "A customer"
    FAMILY = "family", "A member of their family"
    OTHER = "other", "Something else"


class Particulars(models.Model):
    """What a witness says of themselves."""

    role = PlainCharField(max_length=200, blank=True)  # their job
    relation = models.CharField(max_length=20, choices=Relation, blank=True)
    is_expert = models.BooleanField(default=False)  # in the work they saw, by their own word
    contact = PlainCharField(max_length=200, blank=True)  # how an assessor reaches them

    class Meta:
        abstract = True

    @property
    def is_family(self) -> bool:
        """Whether they are of the candidate's family, which the assessor and the verifier are told."""
        return self.relation == Relation.FAMILY

    def told_particulars(self) -> dict[str, Any]:
        """What events tell of them."""
        return {
            "role": self.role,
            "relation": str(self.relation),
            "is_expert": self.is_expert,
            "contact": self.contact,
        }


class Witness(ToldModel, Particulars, PublicModel):
    """A person who can say what they saw a candidate do. They have no account, and take part in no unit.

    Whoever asks them gives the name and perhaps the address. What they say of themselves is theirs: the name until
    they have given a testimony, the particulars as they said them last (each testimony keeps its own).
    """

    told_as: ClassVar[str] = "witness"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "added_by")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="witnesses")
    name = PlainCharField(max_length=200)
    email = models.EmailField(blank=True)  # to which requests are sent
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="witnesses_added")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["registration", "pk"]
        constraints = [
            one_of("relation", ["", *Relation.values], "witness_relation_valid"),
            CheckConstraint(name="witness_has_a_name", condition=~Q(name="")),
            at_most("name", 200, "witness_name_length"),
            at_most("role", 200, "witness_role_length"),
            at_most("contact", 200, "witness_contact_length"),
        ]

    def __str__(self) -> str:
        return self.name

    def told(self) -> dict[str, Any]:
        """What events tell of them."""
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "name": self.name,
            "email": self.email,
            "added_by": str(self.added_by.uuid),
            "added_at": told_time(self.added_at),
            **self.told_particulars(),
        }


class TestimonyRequestQuerySet(models.QuerySet["TestimonyRequest"]):
    def visible_to(self, user: Any) -> "TestimonyRequestQuerySet":
        """The requests of the portfolios open to the person."""
        return self.filter(PortfolioOpen(user, "witness__registration__"))

    def waiting(self) -> "TestimonyRequestQuerySet":
        """Those that were neither answered nor withdrawn nor refused, late ones among them."""
        return self.filter(testimony__isnull=True, withdrawn_at__isnull=True, refused_at__isnull=True)


class TestimonyRequest(ToldModel, PublicModel):
    """What one witness is asked, by a link that works once and for a time."""

    told_as: ClassVar[str] = "testimony_request"
    told_with: ClassVar[tuple[str, ...]] = ("witness", "asked_by")
    told_where_set: ClassVar[tuple[str, ...]] = ("refused_at", "as_observation")

    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="requests")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="testimony_requests")
    words = PlainTextField(limit=2000)
    criteria = models.JSONField(default=list, blank=True)  # the identifiers of those asked for, in their order
    setting = models.CharField(max_length=30, choices=Setting)  # where the candidate did it
    as_observation = models.BooleanField(default=False)  # what an accepted expert gives is an observation
    token_digest = models.CharField(max_length=64, unique=True)  # of the secret in the link; SHA-256
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)  # by the witness

    objects = TestimonyRequestQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("setting", Setting.values, "request_setting_valid"),
            at_most("words", 2000, "request_words_length"),
            CheckConstraint(name="request_has_words", condition=~Q(words="")),
            CheckConstraint(name="request_ends_after_it_was_made", condition=Q(until__gt=models.F("asked_at"))),
            CheckConstraint(name="request_token_is_whole", condition=Q(token_digest__length=64)),
        ]

    def __str__(self) -> str:
        return f"Request to {self.witness}"

    @property
    def is_late(self) -> bool:
        """Whether its time is over."""
        return self.until <= timezone.now()

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        said: dict[str, Any] = {
            "id": str(self.uuid),
            "witness": str(self.witness.uuid),
            "asked_by": str(self.asked_by.uuid),
            "words": self.words,
            "criteria": self.criteria,
            "setting": str(self.setting),
            "token_digest": self.token_digest,
            "asked_at": told_time(self.asked_at),
            "until": told_time(self.until),
            "withdrawn_at": told_time(self.withdrawn_at),
        }
        if self.as_observation:
            said["as_observation"] = True
        if self.refused_at:
            said["refused_at"] = told_time(self.refused_at)
        return said


class GivenOn(models.TextChoices):
    """How a testimony was given: on whose device, as far as the browser told who was signed in there, or on paper."""

    OWN = "own", ""
    CANDIDATE = "candidate", "on the {candidate}'s device"
    CENTRE = "centre", "on a device of the centre"
    PAPER = "paper", "on paper, signed by hand"


class Testimony(ToldModel, Particulars, PublicModel):
    """What a witness gave, once for each request. Its piece of evidence holds the words; this row is never changed.

    What was given on paper answers no request.
    """

    told_as: ClassVar[str] = "testimony"
    told_with: ClassVar[tuple[str, ...]] = ("request", "evidence")

    request = models.OneToOneField(
        TestimonyRequest, on_delete=models.PROTECT, related_name="testimony", null=True, blank=True
    )
    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="testimony")
    name = PlainCharField(max_length=200)
    place = PlainCharField(max_length=200)  # where they saw it
    criteria = models.JSONField(default=list, blank=True)  # the identifiers of those they ticked
    declaration = models.TextField()  # as they read it
    given_on = models.CharField(max_length=20, choices=GivenOn)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("relation", Relation.values, "testimony_relation_valid"),
            one_of("given_on", GivenOn.values, "testimony_given_on_valid"),
            CheckConstraint(
                name="testimony_says_who_and_where",
                condition=~Q(name="") & ~Q(role="") & ~Q(contact="") & ~Q(place="") & ~Q(declaration=""),
            ),
            CheckConstraint(
                name="only_paper_answers_no_request",
                condition=Q(given_on=GivenOn.PAPER, request__isnull=True)
                | (~Q(given_on=GivenOn.PAPER) & Q(request__isnull=False)),
            ),
            at_most("name", 200, "testimony_name_length"),
            at_most("role", 200, "testimony_role_length"),
            at_most("contact", 200, "testimony_contact_length"),
            at_most("place", 200, "testimony_place_length"),
        ]

    def __str__(self) -> str:
        return f"Testimony of {self.name}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "request": str(self.request.uuid) if self.request else None,
            "evidence": str(self.evidence.uuid),
            "name": self.name,
            **self.told_particulars(),
            "place": self.place,
            "criteria": self.criteria,
            "declaration": self.declaration,
            "given_on": str(self.given_on),
            "given_at": told_time(self.given_at),
        }


class Reached(models.TextChoices):
    """How an assessor reached a witness, to confirm that the testimony is theirs."""

    IN_PERSON = "in_person", "In person"
    TELEPHONE = "telephone", "By telephone"
    EMAIL = "email", "By e-mail"
    VIDEO = "video", "By video call"


class TakenDown(ToldModel, PublicModel):
    """What a witness said and the assessor who asks them wrote down. It is no evidence until the witness confirms it.

    They confirm by giving the testimony, as it stands here or changed. This row is never changed.
    """

    told_as: ClassVar[str] = "taken_down"
    told_with: ClassVar[tuple[str, ...]] = ("request",)

    request = models.OneToOneField(TestimonyRequest, on_delete=models.PROTECT, related_name="taken_down")
    words = PlainTextField(limit=20_000)
    place = PlainCharField(max_length=200)
    happened_from = models.DateField()
    happened_to = models.DateField(null=True, blank=True)
    reached = models.CharField(max_length=20, choices=Reached)
    reached_on = models.DateField()

    class Meta:
        constraints = [
            one_of("reached", Reached.values, "taken_down_reached_valid"),
            CheckConstraint(name="taken_down_says_what_and_where", condition=~Q(words="") & ~Q(place="")),
            at_most("words", 20_000, "taken_down_words_length"),
            at_most("place", 200, "taken_down_place_length"),
        ]

    def __str__(self) -> str:
        return f"What {self.request.witness} said"

    def told(self) -> dict[str, Any]:
        """What events tell of it. Which criteria it is about, and who took it down, its request says."""
        return {
            "id": str(self.uuid),
            "request": str(self.request.uuid),
            "words": self.words,
            "place": self.place,
            "happened_from": self.happened_from.isoformat(),
            "happened_to": self.happened_to.isoformat() if self.happened_to else None,
            "reached": str(self.reached),
            "reached_on": self.reached_on.isoformat(),
        }


class TestimonyNote(ToldModel, PublicModel):
    """What an assessor adds to a testimony: how and when they reached the witness, or words of their own, or both."""

    told_as: ClassVar[str] = "testimony_note"
    told_with: ClassVar[tuple[str, ...]] = ("testimony", "author")

    testimony = models.ForeignKey(Testimony, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="testimony_notes")
    words = PlainTextField(limit=2000, blank=True)
    reached = models.CharField(max_length=20, choices=Reached, blank=True)
    reached_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["testimony", "pk"]
        constraints = [
            one_of("reached", ["", *Reached.values], "note_reached_valid"),
            at_most("words", 2000, "note_words_length"),
            CheckConstraint(
                name="reached_says_how_and_when",
                condition=Q(reached="", reached_on__isnull=True) | (~Q(reached="") & Q(reached_on__isnull=False)),
                violation_error_message="Say both how you reached the witness and on which day.",
            ),
            CheckConstraint(
                name="note_says_something",
                condition=~Q(words="", reached=""),
                violation_error_message="Say how you reached the witness, or write what you have to say.",
            ),
        ]

    def __str__(self) -> str:
        return f"Note of {self.author}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "testimony": str(self.testimony.uuid),
            "author": str(self.author.uuid),
            "words": self.words,
            "reached": str(self.reached),
            "reached_on": self.reached_on.isoformat() if self.reached_on else None,
            "made_at": told_time(self.made_at),
        }


class WitnessStanding(ToldModel, PublicModel):
    """An assessor's word that a witness is an expert in the work they saw, and why. It is given once."""

    told_as: ClassVar[str] = "witness_standing"
    told_with: ClassVar[tuple[str, ...]] = ("witness", "accepted_by")

    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="standings")
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="witness_standings")
    reason = PlainTextField(limit=2000)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["witness"], name="standing_accepted_once"),
            at_most("reason", 2000, "standing_reason_length"),
            CheckConstraint(name="standing_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"Standing of {self.witness}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "witness": str(self.witness.uuid),
            "accepted_by": str(self.accepted_by.uuid),
            "reason": self.reason,
            "accepted_at": told_time(self.accepted_at),
        }
