"""What is in a pack: its files by name, before any of them is made."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import RecordPart, Sheet, Signature
from assessments.recording_form.drafts import READ_WITH_IT
from centres.models import User
from portfolio.files.file_types import download_name
from portfolio.models import (
    CandidateUnit,
    Claim,
    EvidenceFile,
    EvidenceVersion,
    Registration,
    State,
    UnitVersion,
)
from printing.sending import file_name
from standards.content import code_order
from verification.sampling.permissions import may_read

WORDS_AT_MOST = 70  # characters of a name: Windows takes 260 with all folders above


@dataclass(frozen=True, kw_only=True)
class PackPart:
    """A file of a pack: what is made, or which file of the evidence it is."""

    path: str
    what: str
    version: EvidenceVersion | None = None  # of a piece, if it is of one
    evidence_file: EvidenceFile | None = None


def contents_of(registration: Registration, reader: User) -> list[PackPart]:
    """Return what a pack for this person holds, in its order, but for what is made of all the others."""
    units = units_of(registration)
    parts = [
        PackPart(path="Unit summary.pdf", what="summary"),
        PackPart(path="Units achieved.pdf", what="achieved"),
        PackPart(path="Evidence index.pdf", what="evidence"),
        PackPart(path="Witness list.pdf", what="witnesses"),
        *_forms(units),
        *_papers(units, reader),
        *_sheets(registration),
        *_evidence(registration),
    ]
    return list(_told_apart(parts))


def _told_apart(parts: list[PackPart]) -> Iterator[PackPart]:
    """Give each a path of its own, also where small and capital letters are one."""
    taken: Counter[str] = Counter()
    for part in parts:
        taken[part.path.casefold()] += 1
        if (place := taken[part.path.casefold()]) > 1:
            stem, _, ending = part.path.rpartition(".")
            yield replace(part, path=f"{stem} ({place}).{ending}")
        else:
            yield part


def units_of(registration: Registration) -> list[CandidateUnit]:
    """The units of the portfolio that are worked on, by code."""
    rows = registration.candidate_units.taken().select_related(*READ_WITH_IT, "revision__unit__framework")
    return sorted(rows, key=lambda unit: code_order(unit.revision.unit.code))


def states_of(units: list[CandidateUnit]) -> dict[int, str]:
    """Where each of these units is in its life, by primary key."""
    return dict(UnitVersion.objects.worked_on().filter(candidate_unit__in=units).values_list("candidate_unit", "state"))


def begun_among(units: list[CandidateUnit]) -> set[int]:
    """Those of these units, by primary key, in which something was claimed, or that were ever signed."""
    claimed = Claim.objects.filter(candidate_unit__in=units).values_list("candidate_unit", flat=True)
    signed = Signature.objects.filter(unit_version__candidate_unit__in=units)
    return {*claimed, *signed.values_list("unit_version__candidate_unit", flat=True)}


def counting_versions(registration: Registration) -> QuerySet[EvidenceVersion]:
    """The versions of evidence that count: the latest of what is there, and what a standing signature holds."""
    later = EvidenceVersion.objects.filter(evidence=OuterRef("evidence"), number__gt=OuterRef("number"))
    held = Signature.objects.filter(pins__evidence_version=OuterRef("pk"), superseded_at__isnull=True)
    versions = EvidenceVersion.objects.filter(evidence__registration=registration).select_related(
        "evidence__author", "evidence__witness"
    )
    counts = Q(~Exists(later), evidence__removed_at__isnull=True) | Q(Exists(held))
    return versions.filter(counts).order_by("evidence__number", "number")


def named(words: str, ending: str = "pdf") -> str:
    """Return the words as a short name of a file, which every system takes."""
    return file_name(words[:WORDS_AT_MOST], ending=ending)


def _forms(units: list[CandidateUnit]) -> Iterator[PackPart]:
    """Each final form there is; and of a unit that is begun and not verified, how its form stands."""
    final = Signature.objects.final().filter(unit_version__candidate_unit__in=units).order_by("pk")
    signed: dict[int, list[Signature]] = {unit.pk: [] for unit in units}
    for signature in final.select_related("unit_version"):
        signed[signature.unit_version.candidate_unit_id].append(signature)
    begun, states = begun_among(units), states_of(units)
    for unit in units:
        stands = [one for one in signed[unit.pk] if one.superseded_at is None]
        for signature in signed[unit.pk]:
            earlier = "" if signature in stands else f"superseded, version {signature.unit_version.number}"
            yield PackPart(path=_paper_path("forms", unit, earlier), what=f"final {signature.uuid}")
        if not stands and unit.pk in begun:
            state = "draft" if states.get(unit.pk) != State.VERIFIED else "draft, to be confirmed"
            yield PackPart(path=_paper_path("forms", unit, state), what=f"draft {unit.uuid}")


def _papers(units: list[CandidateUnit], reader: User) -> Iterator[PackPart]:
    begun = begun_among(units)
    for unit in units:
        if unit.pk in begun:
            yield PackPart(path=_paper_path("feedback", unit), what=f"feedback {unit.uuid}")
    for unit in units:
        if unit.pk in begun and may_read(reader, unit):
            yield PackPart(path=_paper_path("sampling", unit), what=f"sampling {unit.uuid}")


def _paper_path(folder: str, unit: CandidateUnit, state: str = "") -> str:
    said = f" ({state})" if state else ""
    return f"{folder}/{named(f'{unit.revision.unit.code}{said} {unit.revision.title}')}"


def _sheets(registration: Registration) -> Iterator[PackPart]:
    for sheet in Sheet.objects.filter(registration=registration).order_by("held_on", "pk"):
        path = f"plans and reviews/{sheet.held_on:%Y-%m-%d} {sheet.get_kind_display()} {sheet.number}.pdf"
        yield PackPart(path=path, what=f"sheet {sheet.uuid}")


def _evidence(registration: Registration) -> Iterator[PackPart]:
    """The files of each piece under its number; of a record, what is printed of it, with who signed, comes first."""
    versions = list(counting_versions(registration))
    latest = {version.evidence_id: version.number for version in versions}
    files: dict[int, list[EvidenceFile]] = {version.pk: [] for version in versions}
    for file in EvidenceFile.objects.filter(version__in=versions).with_removal().order_by("position"):
        files[file.version_id].append(file)
    records = dict(RecordPart.objects.filter(registration=registration).values_list("evidence", "uuid"))
    for version in versions:
        number, is_latest = f"{version.evidence.number:03}", version.number == latest[version.evidence_id]
        if not is_latest:
            number += f" version {version.number}"
        elif version.evidence_id in records:
            path = f"evidence/{number} {version.get_kind_display()}, as signed.pdf"
            yield PackPart(path=path, what=f"record {records[version.evidence_id]}", version=version)
        for place, file in enumerate(files[version.pk], start=1):
            before = number if len(files[version.pk]) == 1 else f"{number}-{place}"
            name = PurePosixPath(download_name(file.name, file.content_type))
            path = f"evidence/{before} {named(name.stem, ending=name.suffix.removeprefix('.') or 'bin')}"
            yield PackPart(path=path, what="file", version=version, evidence_file=file)
