"""What happened and cannot be unsaid. Rows here are only ever added; triggers refuse anything else."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from record.fields import PublicModel, one_of


class ChainKind(models.TextChoices):
    """Whose chain it is."""

    SITE = "site", "Site"
    CENTRE = "centre", "Centre"
    PORTFOLIO = "portfolio", "Portfolio"


class Chain(PublicModel):
    """A line of events in which each holds the digest of the one before. Which event is in which chain:

    - a portfolio's: all that happens to it;
    - a centre's: the centre itself and its people's roles; each registration and its chain, so that a missing
      portfolio is noticed; allocations, in short; sessions in which an assessor recorded several candidates or one;
    - the site's, of which there is one: people's particulars, the keys, and each centre with its chain.

    Whoever writes to several locks them in the order site, centre, portfolio (`record.services.chains`).
    The head is kept here so that adding an event locks one row and reads no other.
    """

    kind = models.CharField(max_length=10, choices=ChainKind, default=ChainKind.PORTFOLIO)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            one_of("kind", ChainKind.values, "chain_kind_valid"),
            UniqueConstraint(fields=["kind"], condition=Q(kind="site"), name="one_chain_of_the_site"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}'s chain {self.uuid}"


class Event(PublicModel):
    """Who did what and when, without the particulars: those are in the payload, bound by its digest."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    actor = models.UUIDField(null=True)  # null: the system itself
    happened_at = models.DateTimeField()
    payload_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            UniqueConstraint(fields=["chain", "sequence"], name="event_sequence_once"),
            CheckConstraint(name="event_sequence_from_one", condition=Q(sequence__gte=1)),
        ]


class EventPayload(models.Model):
    """The particulars of an event. Disposal may erase this row; the chain holds without it."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="payload")
    salt = models.CharField(max_length=64)
    body = models.TextField()  # canonical JSON

    def __str__(self) -> str:
        return f"particulars of event {self.event_id}"


class SigningKey(models.Model):
    """The public half of a key that signs. The private half is in a file, outside the database."""

    fingerprint = models.CharField(max_length=64, unique=True)
    public_key = models.CharField(max_length=64)  # 32 bytes in hexadecimal
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.fingerprint[:16]


class CanonicalDocument(PublicModel):
    """A document frozen as canonical JSON, with the signature of the installation over its digest."""

    body = models.TextField()
    digest = models.CharField(max_length=64)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="documents")
    signature = models.CharField(max_length=128)  # Ed25519, 64 bytes in hexadecimal
    created_at = models.DateTimeField()
