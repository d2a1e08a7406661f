"""Makes one paper of a pack, or looks whether a file of the evidence is as it was stored."""

import hashlib
from pathlib import Path
from uuid import UUID

from assessments.endings.on_paper import units_paper
from assessments.feedback.on_paper import feedback_paper
from assessments.models import FinalForm, RecordPart, Sheet
from assessments.observations.on_paper import record_pdf
from assessments.observations.on_paper import signed_on_paper as record_on_paper
from assessments.plans.on_paper import sheet_pdf
from assessments.plans.on_paper import signed_on_paper as sheet_on_paper
from assessments.recording_form.drafts import READ_WITH_IT, draft_print, prints_dir, with_revision, write_whole
from assessments.recording_form.services import final_form_print
from portfolio.files.services import open_stored, stored_file_is_intact
from portfolio.models import CandidateUnit
from portfolio.testimony.list_on_paper import witness_list
from printing.papers import Paper, paper_pdf
from verification.models import PackFile, PackFileState, SubmissionPack
from verification.sampling.on_paper import sampling_of_unit
from verification.submission_pack.unit_summary import evidence_paper, summary_paper


class Lost(Exception):
    """What is to be in the pack is not on the server as it was stored."""


def folder_of(pack: SubmissionPack) -> Path:
    """Where lies what is made for a pack."""
    return prints_dir() / "packs" / str(pack.uuid)


def path_of(file: PackFile) -> Path:
    """Where a file lies that is made for a pack."""
    return folder_of(file.pack) / str(file.number)


def make(file: PackFile) -> None:
    """Make a file of a pack, and note on its row what came of it; the caller saves it. Raises PrintError, OSError."""
    if file.evidence_file:
        stored = file.evidence_file.stored_file
        file.sha256, file.size = stored.sha256, stored.size
        file.state = PackFileState.DONE if stored_file_is_intact(stored) else PackFileState.LOST
        return
    try:
        content_put(file, _printed(file))
    except Lost:
        file.state = PackFileState.LOST


def content_put(file: PackFile, content: bytes) -> None:
    """Put this into the folder of the pack, and note it on the file's row; the caller saves it."""
    write_whole(path_of(file), content)
    file.state, file.sha256, file.size = PackFileState.DONE, hashlib.sha256(content).hexdigest(), len(content)


def _printed(file: PackFile) -> bytes:
    pack, registration = file.pack, file.pack.registration
    what, _, named = file.what.partition(" ")
    match what:
        case "draft":
            return draft_print(_unit(named))
        case "final":
            return _final_form(named)
        case "record":
            part = RecordPart.objects.select_related("record__author", "registration__centre", "evidence").get(
                uuid=named
            )
            record = record_on_paper(part)
            if record is None:
                raise Lost
            return record_pdf(record, title=f"{part.evidence} of {registration.candidate}")
        case "sheet":
            sheet = Sheet.objects.select_related("registration__centre", "registration__candidate", "author").get(
                uuid=named
            )
            return sheet_pdf(sheet_on_paper(sheet), title=f"{sheet} of {registration.candidate}")
        case "summary":
            paper = summary_paper(registration)
        case "achieved":
            paper = units_paper(registration)
        case "evidence":
            paper = evidence_paper(pack)
        case "witnesses":
            paper = witness_list(registration)
        case _:
            paper = _paper_of_unit(what, _unit(named))
    return paper_pdf(paper)


def _paper_of_unit(what: str, unit: CandidateUnit) -> Paper:
    if what == "feedback":
        return feedback_paper(unit)
    if what == "sampling":
        return sampling_of_unit(unit)
    raise ValueError(f"Nobody knows how to make {what!r}.")


def _unit(named: str) -> CandidateUnit:
    return with_revision(CandidateUnit.objects.select_related(*READ_WITH_IT).get(uuid=UUID(named)))


def _final_form(signature: str) -> bytes:
    """The final form as it is kept, printed first if that was not done yet. Raises Lost."""
    forms = FinalForm.objects.select_related(
        "signature__document", "signature__unit_version__candidate_unit__registration"
    )
    form = forms.get(signature__uuid=signature)
    if form.stored_file is None:
        final_form_print(form=form)
        form.refresh_from_db()
    if form.stored_file is None or not stored_file_is_intact(form.stored_file):
        raise Lost
    with open_stored(form.stored_file) as kept:
        return kept.read()
