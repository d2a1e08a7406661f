"""The summary of a portfolio's units, and the index of its evidence, on paper and as a table."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from assessments.models import Signature, Stage
from centres.lists.spreadsheets import csv_of
from centres.on_paper import at_centre
from portfolio.evidence.selectors import period
from portfolio.models import Claim, Registration, State
from portfolio.models.evidence_number import evidence_number
from portfolio.on_paper import portfolio_facts
from portfolio.registrations.choosing import achieved_in
from printing.papers import Column, Paper, Passage, Table
from standards.evidence_kinds import EvidenceKind
from standards.naming import codes_apart
from verification.models import PackFile, SubmissionPack
from verification.submission_pack.contents import begun_among, counting_versions, states_of, units_of

STAGES = (
    (Stage.SUBMISSION, "Submitted"),
    (Stage.SIGN_OFF, "Signed off"),
    (Stage.SIGN_OFF_CONFIRMED, "Sign-off confirmed"),
    (Stage.COUNTERSIGNATURE, "Countersigned"),
    (Stage.COUNTERSIGNATURE_CONFIRMED, "Countersignature confirmed"),
)
UNITS = (Column("Unit", "wide"), Column("Where it stands"), Column("Registered"), *(Column(name) for _, name in STAGES))
PIECES = (
    Column("No.", "narrow"),
    Column("Description", "wide"),
    Column("Kind"),
    Column("Date"),
    Column("Whose"),
    Column("Claimed in"),
    Column("Files, or where it is kept", "wide"),
)


@dataclass(frozen=True, kw_only=True)
class IndexedPiece:
    """What the index says of a piece in one version: words for the columns, and its files in the pack."""

    words: tuple[str, ...]
    files: tuple[PackFile, ...]
    kept_at: str  # where it is, if it is kept elsewhere

    @property
    def cells(self) -> list[str]:
        """The row of a table."""
        return [*self.words, "\n".join(self._kept())]

    def _kept(self) -> Iterator[str]:
        for file in self.files:
            name = file.path.removeprefix("evidence/")
            yield name if file.is_there else f"{name}: {file.get_state_display()}"
        if self.kept_at:
            yield f"Kept elsewhere: {self.kept_at}"


def summary_paper(registration: Registration) -> Paper:
    """Return all units with the days and names of what was signed, and what was achieved before."""
    units = units_of(registration)
    begun = begun_among(units)
    states = states_of(units)
    given: dict[tuple[int, str], Signature] = {
        (one.unit_version.candidate_unit_id, one.stage): one
        for one in Signature.objects.filter(
            unit_version__candidate_unit__in=units, unit_version__closed_at__isnull=True, superseded_at__isnull=True
        ).select_related("unit_version", "signer__user")
    }
    centre = registration.centre
    rows = [
        [
            str(unit.revision),
            State(states[unit.pk]).label if unit.pk in begun else "Not begun",
            at_centre(unit.added_at, centre),
            *(_signed(given.get((unit.pk, stage)), registration) for stage, _ in STAGES),
        ]
        for unit in units
    ]
    before = [str(one.revision) for one in achieved_in([registration.pk]).get(registration.pk, [])]
    aside = [str(unit.revision) for unit in registration.candidate_units.filter(set_aside_at__isnull=False)]
    return Paper(
        title=f"Unit summary: {registration.candidate.name}",
        heading="Unit summary",
        facts=[
            *portfolio_facts(registration),
            *([("Qualification", str(registration.qualification))] if registration.qualification else []),
            ("Registered", at_centre(registration.registered_at, centre)),
        ],
        parts=[
            Table(columns=UNITS, rows=rows, nothing="There is no unit in this portfolio."),
            *([Passage(heading="Achieved before", words="\n".join(before))] if before else []),
            *([Passage(heading="Set aside", words="\n".join(aside))] if aside else []),
        ],
        is_wide=True,
    )


def _signed(signature: Signature | None, registration: Registration) -> str:
    if signature is None:
        return ""
    return f"{at_centre(signature.signed_at, registration.centre)}\n{signature.signer.user}"


def evidence_paper(pack: SubmissionPack) -> Paper:
    """Return the index of the evidence, with the name under which each file is in the pack."""
    registration = pack.registration
    return Paper(
        title=f"Evidence: {registration.candidate.name}",
        heading="Evidence index",
        facts=portfolio_facts(registration),
        parts=[
            Table(
                columns=PIECES,
                rows=[piece.cells for piece in evidence_index(pack)],
                nothing="There is no evidence in this portfolio.",
            )
        ],
        is_wide=True,
    )


def evidence_index(pack: SubmissionPack) -> list[IndexedPiece]:
    """Return each version of a piece that counts, by number."""
    claimed = _claimed(pack.registration)
    files: dict[int | None, list[PackFile]] = defaultdict(list)
    for file in pack.files.filter(version__isnull=False).order_by("number"):
        files[file.version_id].append(file)
    return [
        IndexedPiece(
            words=(
                evidence_number(version.evidence.number),
                version.title,
                EvidenceKind(version.kind).label,
                period(version),
                version.evidence.witness.name if version.evidence.witness else version.evidence.author.name,
                ", ".join(sorted(claimed[version.evidence_id])),
            ),
            files=tuple(files[version.pk]),
            kept_at=version.location,
        )
        for version in counting_versions(pack.registration)
    ]


def evidence_table(pack: SubmissionPack) -> bytes:
    """Return the same for a spreadsheet."""
    return csv_of([[column.heading for column in PIECES], *(piece.cells for piece in evidence_index(pack))])


def _claimed(registration: Registration) -> dict[int, list[str]]:
    """The units in which each piece claims something, by code."""
    units = units_of(registration)
    codes = codes_apart({unit.pk: (unit.revision.unit.code, unit.revision.unit.framework.code) for unit in units})
    rows = Claim.objects.filter(candidate_unit__in=units, withdrawn_at__isnull=True)
    found: dict[int, list[str]] = defaultdict(list)
    for evidence, unit in rows.values_list("evidence", "candidate_unit").distinct().order_by("evidence"):
        found[evidence].append(codes[unit])
    return found
