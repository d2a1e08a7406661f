"""Questions about a portfolio: what its pieces say now and said before, and where they are claimed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, Q

from centres.models import User
from portfolio.barred_claims import why_barred
from portfolio.files.file_types import may_show_people
from portfolio.files.selectors import FileShown, files_shown
from portfolio.models import (
    CandidateUnit,
    Claim,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Registration,
    UnitVersion,
)
from portfolio.models.evidence import what_is_held
from standards.content import CriterionContent
from standards.models import UnitRevision
from standards.naming import listed_in_short, unit_names
from standards.published import published_contents, published_contents_of, revision_row

FORMS_TOLD = 50  # more than a device keeps back; a form that was saved earlier still says so when it is sent again


def units_of(registration: Registration) -> list[CandidateUnit]:
    """Return the units of a portfolio that are worked on, by code, each with its open version in `open_versions`."""
    opened = Prefetch("versions", UnitVersion.objects.filter(closed_at__isnull=True), to_attr="open_versions")
    units = CandidateUnit.objects.taken().filter(registration=registration).select_related("revision__unit__framework")
    return list(
        units.prefetch_related(opened).order_by("revision__unit__code", "revision__unit__framework__code", "pk")
    )


def last_setting(registration: Registration, person: User) -> str:
    """Return where the person's last evidence in this portfolio came from; "" for their first, which is asked."""
    said = EvidenceVersion.objects.filter(evidence__registration=registration, author=person).order_by("-pk")
    return said.values_list("setting", flat=True).first() or ""


def saved_forms(registration: Registration, person: User) -> list[UUID]:
    """Return the keys of the forms by which the person saved evidence lately: a browser forgets its copies of these."""
    sent_by_them = Q(author=person, put_in_by=None) | Q(put_in_by=person)  # as `Evidence.is_from`
    pieces = registration.evidence.filter(sent_by_them).order_by("-number")
    return list(pieces.values_list("form_key", flat=True)[:FORMS_TOLD])


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that a correction changed, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class VersionShown:
    """A version of a piece, its files, and what it changed."""

    version: EvidenceVersion
    files: tuple[FileShown, ...]
    changes: tuple[Change, ...]


def version_history(evidence: Evidence) -> list[VersionShown]:
    """Return the versions of a piece, the latest first, in two queries, and one more if a file was removed."""
    versions = evidence.versions.select_related("author", "put_in_by").prefetch_related(
        Prefetch("files", EvidenceFile.objects.with_others().with_removal().select_related("stored_file__centre"))
    )
    shown: list[VersionShown] = []
    before: EvidenceVersion | None = None
    found = list(versions.order_by("number"))
    shown_files = {one.file.pk: one for one in files_shown(file for version in found for file in version.files.all())}
    for version in found:
        shown.append(
            VersionShown(
                version=version,
                files=tuple(shown_files[file.pk] for file in version.files.all()),
                changes=changes_between(before, version),
            )
        )
        before = version
    return shown[::-1]


def changes_between(before: EvidenceVersion | None, after: EvidenceVersion) -> tuple[Change, ...]:
    """Say what differs between two versions of a piece; empty if there is none before."""
    if before is None:
        return ()
    old, new = _in_words(before), _in_words(after)
    changes = [Change(what=what, before=old[what], after=new[what]) for what in new if old[what] != new[what]]
    had, has = ({what_is_held(file): file.name for file in version.files.all()} for version in (before, after))
    changes += [Change(what="File taken out", before=name, after="") for file, name in had.items() if file not in has]
    changes += [Change(what="File added", before="", after=name) for file, name in has.items() if file not in had]
    return tuple(changes)


def _in_words(version: EvidenceVersion) -> dict[str, str]:
    return {
        "Description": version.title,
        "Kind": version.get_kind_display(),
        "Setting": version.get_setting_display(),
        "Other people": version.get_people_display(),
        "Date": period(version),
        "Where it is kept": version.location,
        "Why it matters": version.relevance,
    }


def people_in_words(version: EvidenceVersion, files: Iterable[FileShown]) -> str:
    """Say who else is in the pictures, sound or film of a version, or that this was not said; "" if it has none."""
    if version.people:
        return version.get_people_display()
    asks = any(shown.removal is None and may_show_people(shown.file.content_type) for shown in files)
    return "Who else is in it was not said" if asks else ""


def period(version: EvidenceVersion) -> str:
    """Say when it happened: "2 March 2026", or from one day to another."""
    first, last = version.happened_from, version.happened_to
    words = f"{first.day} {first:%B %Y}"
    return f"{words} to {last.day} {last:%B %Y}" if last and last != first else words


@dataclass
class PieceInUnit:
    """What a piece is claimed for in one unit, and which of these claims no longer count, by reason."""

    unit: CandidateUnit
    state: str
    codes: list[str] = field(default_factory=list)
    barred: dict[str, tuple[int, str]] = field(default_factory=dict)  # why: how many claims, and which in short

    @property
    def no_longer_counts(self) -> list[str]:
        """One sentence for each reason: which claims no longer count, and why."""
        return [
            f"{codes[:1].upper()}{codes[1:]} no longer {'counts' if count == 1 else 'count'}: {why}"
            for why, (count, codes) in self.barred.items()
        ]


def piece_in_units(evidence: Evidence, latest: EvidenceVersion) -> list[PieceInUnit]:
    """Return each unit of the portfolio with what the piece claims there, in three queries.

    It takes three more to read wordings that this process has not read yet. What the piece's kind or setting bars is
    said only in units where the latest version counts: a submitted unit keeps the version that it was submitted with.
    The app above keeps how claims stand; its rows are read here by the name of their relation.
    """
    claimed: dict[int, list[int]] = defaultdict(list)
    barred: dict[int, set[int]] = defaultdict(set)
    claims = Claim.objects.filter(evidence=evidence, withdrawn_at__isnull=True)
    for unit_pk, criterion, status, version in claims.values_list(
        "candidate_unit", "criterion", "standing__status", "standing__version"
    ):
        claimed[unit_pk].append(criterion)
        if status == "barred" and version == latest.pk:
            barred[unit_pk].add(criterion)
    units = units_of(evidence.registration)
    contents = published_contents([unit.revision for unit in units])
    found = []
    for unit in units:
        content = contents[unit.revision_id].unit
        names = unit_names(content)
        criteria = [item for item in content.criteria if item.pk in claimed[unit.pk]]
        piece = PieceInUnit(unit=unit, state=unit.open_versions[0].state)  # type: ignore[attr-defined]
        piece.codes = [str(names[item.kind, item.position]) for item in criteria]
        hit: dict[str, list[CriterionContent]] = defaultdict(list)
        for item in criteria:
            if item.pk in barred[unit.pk]:
                why = why_barred(unit=content, criterion=item, kind=latest.kind, setting=latest.setting)
                hit[str(why)].append(item)
        piece.barred = {why: (len(items), listed_in_short(items, names)) for why, items in hit.items()}
        found.append(piece)
    return found


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A piece that pages or files were taken over from or into, and whether it is of another portfolio."""

    piece: Evidence
    is_elsewhere: bool
    is_visible: bool = True  # to who looks at it


def taken_from(evidence: Evidence, person: User) -> Taken | None:
    """Return what the piece was taken from; in no query if that is in the same portfolio."""
    if not evidence.taken_from:
        return None
    piece = evidence.taken_from.evidence
    is_elsewhere = piece.registration_id != evidence.registration_id
    is_visible = not is_elsewhere or Evidence.objects.visible_to(person).filter(pk=piece.pk).exists()
    return Taken(piece=piece, is_elsewhere=is_elsewhere, is_visible=is_visible)


def taken_over(evidence: Evidence, person: User) -> list[Taken]:
    """Return the pieces that took pages or files of this one over, as far as the person may see them; one query."""
    pieces = Evidence.objects.visible_to(person).kept().filter(taken_from__evidence=evidence)
    return [
        Taken(piece=piece, is_elsewhere=piece.registration_id != evidence.registration_id)
        for piece in pieces.select_related("registration__qualification", "registration__centre")
    ]


def portfolios_beside(registration: Registration, person: User) -> list[Registration]:
    """Return the other portfolios of its candidate in its centre that the person may see, the latest first."""
    there = Registration.objects.visible_to(person).exclude(pk=registration.pk)
    there = there.filter(candidate=registration.candidate_id, centre=registration.centre_id)
    return list(there.select_related("qualification", "centre", "candidate").order_by("-registered_at", "-pk"))


def held_elsewhere(registration: Registration) -> list[tuple[UnitRevision, tuple[str, ...]]]:
    """Return, by unit, the documents that the units of the portfolio let stay at the workplace."""
    taken = CandidateUnit.objects.taken().filter(registration=registration)
    contents = published_contents_of(list(taken.order_by("revision__unit__code").values_list("revision", flat=True)))
    named = [(pk, content.unit.rules.held_elsewhere) for pk, content in contents.items()]
    return [(revision_row(pk), documents) for pk, documents in named if documents]
