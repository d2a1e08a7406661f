"""Evidence, what each version of it said, and the files behind it."""

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, Subquery, UniqueConstraint

from centres.models import Centre, User
from portfolio.models.evidence_number import evidence_number
from portfolio.models.people_in_files import People
from portfolio.models.registrations import PortfolioOpen, Registration
from portfolio.models.staff_certificates import StaffCertificate
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of
from standards.evidence_kinds import EvidenceKind, Setting


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def given_up(self) -> "StoredFileQuerySet":
        """Those whose bytes are meant to be gone: removed wherever they were shown, and held by nothing else."""
        ours = {"uses", "removals", "staff_certificates"}
        others = [relation.name for relation in StoredFile._meta.related_objects if relation.name not in ours]
        uses = EvidenceFile.objects.filter(stored_file=OuterRef("pk")).not_removed()
        removals = RemovedFile.objects.filter(stored_file=OuterRef("pk"))
        certificates = StaffCertificate.objects.filter(stored_file=OuterRef("pk"))
        return self.filter(
            Exists(removals) | Exists(certificates.removed()),
            ~Exists(uses),
            ~Exists(certificates.kept()),
            **{f"{other}__isnull": True for other in others},
        )


class StoredFile(PublicModel):
    """A file's bytes, named by their SHA-256. One row for each centre and digest, whoever uploaded it.

    Never shared across centres, because that would tell that a file exists elsewhere. Its uses say what type of file
    it is: the same bytes may be a list under one name and a table under another.
    """

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="stored_files")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    stored_at = models.DateTimeField()

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["centre", "sha256"], name="file_once_a_centre"),
            CheckConstraint(name="stored_file_is_not_empty", condition=Q(size__gt=0)),
            CheckConstraint(name="sha256_is_whole", condition=Q(sha256__length=64)),
        ]

    def __str__(self) -> str:
        return self.sha256


class StagedFile(PublicModel):
    """A file that has arrived while the form around it was refused; kept for a day, for its owner or a witness."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staged_files", null=True, blank=True)
    # What a witness has spoken, for whoever has the link of the request.
    request = models.OneToOneField("TestimonyRequest", models.CASCADE, related_name="spoken", null=True, blank=True)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="staged_files")
    stored_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="staged")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)  # as `EvidenceFile` takes it over
    staged_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="staged_for_one",
                condition=Q(user__isnull=False, request__isnull=True) | Q(user__isnull=True, request__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ArrivingFile(PublicModel):
    """A file that arrives in pieces, for its owner alone. Its bytes on the disk say how much of it is here.

    Once all of it is here it is `staged`, and goes with the staged file.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="arriving_files")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="arriving_files")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()  # bytes, once all of it is here
    began_at = models.DateTimeField()
    staged = models.ForeignKey(StagedFile, on_delete=models.CASCADE, related_name="arrived", null=True, blank=True)

    class Meta:
        constraints = [CheckConstraint(name="arriving_file_is_not_empty", condition=Q(size__gt=0))]

    def __str__(self) -> str:
        return self.name


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        """The evidence of the portfolios open to the person."""
        return self.filter(PortfolioOpen(user, "registration__"))

    def kept(self) -> "EvidenceQuerySet":
        """What has not been removed from the portfolio."""
        return self.filter(removed_at__isnull=True)


class Evidence(ToldModel, PublicModel):
    """One numbered piece of a portfolio. Numbers are never reused; a removed piece keeps its own."""

    told_as: ClassVar[str] = "evidence"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "author", "put_in_by", "taken_from", "witness")
    told_where_set: ClassVar[tuple[str, ...]] = ("put_in_by", "taken_from", "witness")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="evidence")
    # Who put in what the author handed over to them; it makes nobody take part. Null: the author did.
    put_in_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="evidence_put_in", null=True, blank=True)
    # The version of another piece of the same candidate whose pages or files this one took over.
    taken_from = models.ForeignKey(
        "EvidenceVersion", on_delete=models.PROTECT, related_name="taken_over", null=True, blank=True
    )
    # Whose words a testimony is. `author` is then the candidate, in whose portfolio it stands, and changes nothing.
    witness = models.ForeignKey("Witness", on_delete=models.PROTECT, related_name="evidence", null=True, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    # Sent by the form that adds the piece: a second press of the button finds what the first one saved.
    form_key = models.UUIDField(default=uuid.uuid4)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["registration", "number"]
        indexes = [models.Index(fields=["added_at"], name="evidence_by_added")]  # for lists
        constraints = [
            UniqueConstraint(fields=["registration", "number"], name="evidence_number_once_a_portfolio"),
            UniqueConstraint(fields=["registration", "form_key"], name="evidence_form_sent_once"),
        ]

    def __str__(self) -> str:
        return f"Evidence {evidence_number(self.number)}"

    def is_from(self, person: User) -> bool:
        """Whether this person sent it, as its author or for them."""
        return self.witness_id is None and person.pk == (self.put_in_by_id or self.author_id)

    def told(self) -> dict[str, Any]:
        """What events tell of it. `form_key` is not told: it only keeps a second press from adding the piece again."""
        said: dict[str, Any] = {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "number": self.number,
            "author": str(self.author.uuid),
            "added_at": told_time(self.added_at),
            "removed_at": told_time(self.removed_at),
        }
        if self.put_in_by:
            said["put_in_by"] = str(self.put_in_by.uuid)
        if self.taken_from:
            said["taken_from"] = str(self.taken_from.uuid)
        if self.witness:
            said["witness"] = str(self.witness.uuid)
        return said


class EvidenceVersion(ToldModel, PublicModel):
    """What a piece of evidence said and held at a time. Append-only: a correction is a new version."""

    told_as: ClassVar[str] = "evidence_version"
    told_with: ClassVar[tuple[str, ...]] = ("evidence", "author", "put_in_by")
    told_where_set: ClassVar[tuple[str, ...]] = ("put_in_by", "people")

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    title = PlainTextField(limit=5000)  # the form's "Description of evidence"
    kind = models.CharField(max_length=30, choices=EvidenceKind)
    setting = models.CharField(max_length=30, choices=Setting)
    happened_from = models.DateField()
    happened_to = models.DateField(null=True, blank=True)
    location = PlainCharField(max_length=500, blank=True)  # where it is, when it is held elsewhere
    relevance = PlainTextField(limit=2000, blank=True)  # and why it matters
    people = models.CharField(max_length=10, choices=People, blank=True)  # other people in its pictures, if any
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="evidence_versions")
    put_in_by = models.ForeignKey(  # as of the piece: who put in this version for its author
        User, on_delete=models.PROTECT, related_name="evidence_versions_put_in", null=True, blank=True
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["evidence", "number"]
        constraints = [
            UniqueConstraint(fields=["evidence", "number"], name="version_once_an_evidence"),
            one_of("kind", EvidenceKind.values, "evidence_kind_valid"),
            one_of("setting", Setting.values, "evidence_setting_valid"),
            one_of("people", ["", *People.values], "evidence_people_valid"),
            at_most("title", 5000, "evidence_title_length"),
            at_most("location", 500, "evidence_location_length"),
            at_most("relevance", 2000, "evidence_relevance_length"),
            CheckConstraint(name="evidence_has_a_title", condition=~Q(title="")),
            CheckConstraint(
                name="period_ends_after_it_begins",
                condition=Q(happened_to__isnull=True) | Q(happened_to__gte=F("happened_from")),
                violation_error_message="The last day is before the first. Put one of them right.",
            ),
            CheckConstraint(
                name="held_elsewhere_says_where_and_why",
                condition=Q(location="", relevance="") | (~Q(location="") & ~Q(relevance="")),
                violation_error_message="Say both where it is kept and why it matters.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_from(self, person: User) -> bool:
        """Whether this person sent it, as its author or for them."""
        return person.pk == (self.put_in_by_id or self.author_id)

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        said = {
            "id": str(self.uuid),
            "evidence": str(self.evidence.uuid),
            "number": self.number,
            "title": self.title,
            "kind": str(self.kind),
            "setting": str(self.setting),
            "happened_from": self.happened_from.isoformat(),
            "happened_to": self.happened_to.isoformat() if self.happened_to else None,
            "location": self.location,
            "relevance": self.relevance,
            "author": str(self.author.uuid),
            "made_at": told_time(self.made_at),
        }
        if self.people:
            said["people"] = str(self.people)
        if self.put_in_by:
            said["put_in_by"] = str(self.put_in_by.uuid)
        return said


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    def visible_to(self, user: Any) -> "EvidenceFileQuerySet":
        """The files of the evidence the person may see."""
        return self.filter(PortfolioOpen(user, "version__evidence__registration__"))

    def with_others(self) -> "EvidenceFileQuerySet":
        """Tell of each in `is_with_others` whether another candidate of the centre has a piece with the same bytes."""
        candidate = "version__evidence__registration__candidate"
        same = EvidenceFile.objects.filter(stored_file=OuterRef("stored_file"), version__evidence__removed_at=None)
        return self.annotate(is_with_others=Exists(same.filter(~Q(**{candidate: OuterRef(candidate)}))))

    def with_removal(self) -> "EvidenceFileQuerySet":
        """Each with the `removal_pk` of the row that says it was removed, and `removed_at`; None while it is there."""
        removal = RemovedFile.objects.of_file()
        return self.annotate(
            removal_pk=Subquery(removal.values("pk")), removed_at=Subquery(removal.values("removed_at"))
        )

    def not_removed(self) -> "EvidenceFileQuerySet":
        """Those that were not removed."""
        return self.exclude(Exists(RemovedFile.objects.of_file()))


class EvidenceFile(ToldModel, PublicModel):
    """A stored file in a version of a piece of evidence, under the name it was uploaded with.

    `content_type` is what the file is, read from its bytes and, where these leave it open, from its name.
    """

    is_with_others: bool  # where `with_others` was asked

    told_as: ClassVar[str] = "evidence_file"
    told_with: ClassVar[tuple[str, ...]] = ("version", "stored_file")

    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="files")
    stored_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="uses")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    removal_pk: int | None  # of `with_removal`, like the next
    removed_at: datetime | None

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            UniqueConstraint(fields=["version", "position"], name="file_position_once_a_version"),
            CheckConstraint(name="evidence_file_has_a_type", condition=~Q(content_type="")),
        ]

    def __str__(self) -> str:
        return self.name

    def told(self) -> dict[str, Any]:
        """What events tell of it, and of the stored file behind it."""
        return {
            "id": str(self.uuid),
            "version": str(self.version.uuid),
            "position": self.position,
            "name": self.name,
            "type": self.content_type,
            "sha256": self.stored_file.sha256,
            "size": self.stored_file.size,
        }


class RemovedFileQuerySet(models.QuerySet["RemovedFile"]):
    """Whether a file was removed is asked here and nowhere else: its piece may show these bytes no more."""

    def of_file(self) -> "RemovedFileQuerySet":
        """The removal of an `EvidenceFile` around it, as a subquery."""
        return self.filter(evidence=OuterRef("version__evidence"), stored_file=OuterRef("stored_file"))

    def of_version(self) -> "RemovedFileQuerySet":
        """The removals of files of an `EvidenceVersion` around it, as a subquery."""
        return self.filter(evidence=OuterRef("evidence"), stored_file__uses__version=OuterRef("pk"))


class RemovedFile(ToldModel, PublicModel):
    """A file that a coordinator removed from all versions of a piece. Its bytes go; its digest stays on record.

    The same bytes stay where another piece has them.
    """

    told_as: ClassVar[str] = "removed_file"
    told_with: ClassVar[tuple[str, ...]] = ("evidence", "stored_file", "removed_by")

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="removed_files")
    stored_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="removals")
    name = models.CharField(max_length=255)  # what it was called where it was removed
    reason = PlainTextField(limit=2000)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="removed_files")
    removed_at = models.DateTimeField()

    objects = RemovedFileQuerySet.as_manager()

    class Meta:
        ordering = ["evidence", "pk"]
        constraints = [
            UniqueConstraint(fields=["evidence", "stored_file"], name="file_removed_once_a_piece"),
            at_most("reason", 2000, "file_removal_reason_length"),
            CheckConstraint(name="file_removal_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.name

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "evidence": str(self.evidence.uuid),
            "sha256": self.stored_file.sha256,
            "size": self.stored_file.size,
            "name": self.name,
            "reason": self.reason,
            "removed_by": str(self.removed_by.uuid),
            "removed_at": told_time(self.removed_at),
        }


def what_is_held(file: "EvidenceFile | StagedFile") -> tuple[int, str, str]:
    """Return what tells one file of a piece from another: its bytes, its name and its type."""
    return file.stored_file_id, file.name, file.content_type


def stored_path(stored_file: StoredFile) -> Path:
    """Where the bytes of a stored file lie."""
    return Path(settings.FILES_DIR, _place(stored_file))


def previews_path(stored_file: StoredFile) -> Path:
    """The folder for all that was drawn of a stored file, whatever it was taken for."""
    return Path(settings.PREVIEWS_DIR, _place(stored_file))


def drawn_path(file: EvidenceFile) -> Path:
    """The folder in it for the pictures of the file as what it is; `portfolio.files.previews` says what is in it."""
    return previews_path(file.stored_file) / file.content_type.replace("/", "-")


def parts_path(file: EvidenceFile) -> Path:
    """The folder beside them for the parts of a copy that is not whole yet."""
    return drawn_path(file).with_name(f"{drawn_path(file).name}.parts")


def _place(stored_file: StoredFile) -> str:
    return f"{stored_file.centre.uuid}/{stored_file.sha256[:2]}/{stored_file.sha256}"
