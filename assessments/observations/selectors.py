"""What was recorded, for those who may see it."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from uuid import UUID

from django.db.models import QuerySet

from assessments.models import AssessorRecord, RecordDraft, RecordPart
from assessments.observations.session import Recorded, Session, met_lines, written_text
from centres.models import Centre, User
from portfolio.files.services import BytesLost
from portfolio.files.written import written_text as written_text_of
from portfolio.files.written_parts import WrittenPart, written_parts
from portfolio.models import EvidenceFile
from record.prepared import prepared

KEYS_TOLD = 100  # more than anybody signs while a device still keeps one of them
OF_A_PART = (
    "record__author",
    "record__centre",
    "registration__candidate",
    "registration__centre",
    "registration__chain",
    "evidence",
    "acknowledgement",
    "drawn_name",
)


def signed_record(person: User, centre: Centre, key: UUID) -> AssessorRecord | None:
    """The record that the person signed on the form of this key, with its parts as `parts_in_order`."""
    found = AssessorRecord.objects.filter(author=person, centre=centre, form_key=key).first()
    if found:
        parts = RecordPart.objects.filter(record=found).select_related(*OF_A_PART)
        found.parts_in_order = list(parts.order_by("pk"))  # type: ignore[attr-defined]
    return found


def saved_keys(person: User, centre: Centre) -> list[UUID]:
    """The keys of the forms that the person saved or signed lately: a browser forgets what it kept of these."""
    drafts = RecordDraft.objects.filter(author=person, centre=centre).values_list("form_key", flat=True)
    signed = AssessorRecord.objects.filter(author=person, centre=centre).order_by("-pk")
    return [*drafts, *signed.values_list("form_key", flat=True)[:KEYS_TOLD]]


def says_the_same(record: AssessorRecord, session: Session, said: Sequence[Recorded]) -> bool:
    """Whether this is what the record signed: its texts hold all of it."""
    files = EvidenceFile.objects.filter(version__evidence__record_part__record=record, version__number=1)
    signed = set(files.values_list("version__evidence__registration", "stored_file__sha256"))
    texts = {part.registration.pk: written_text(session, part, met_lines(part)) for part in said}
    return signed == {(pk, sha256(text.encode()).hexdigest()) for pk, text in texts.items()}


def part_of(evidence: int) -> RecordPart | None:
    """The record behind a piece of evidence, given by primary key, with what its candidate said of it."""
    return RecordPart.objects.filter(evidence=evidence).select_related(*OF_A_PART).first()


def not_acknowledged(pieces: Collection[int]) -> set[int]:
    """Those of these pieces, by primary key, that are records which the candidate has not seen yet. One query."""
    unseen = RecordPart.objects.filter(evidence__in=pieces, acknowledgement__isnull=True)
    return set(unseen.values_list("evidence", flat=True))


def to_acknowledge(candidate: User) -> list[RecordPart]:
    """What was recorded of the person in their portfolios and they have not seen yet, the oldest first. One query."""
    return _to_acknowledge(candidate.pk)


@prepared
def _to_acknowledge(candidate: int) -> QuerySet[RecordPart, RecordPart]:
    unseen = RecordPart.objects.filter(
        registration__candidate=candidate, acknowledgement__isnull=True, evidence__removed_at__isnull=True
    )
    return unseen.select_related("record__author", "evidence", "registration__centre").order_by("pk")


def words_of(part: RecordPart) -> tuple[WrittenPart, ...] | None:
    """What was signed of a candidate, as it is shown; None if the server has lost it."""
    files = EvidenceFile.objects.filter(version__evidence=part.evidence_id, version__number=1)
    file = files.not_removed().select_related("stored_file__centre").first()
    try:
        return written_parts(written_text_of(file)) if file else None
    except BytesLost:
        return None
