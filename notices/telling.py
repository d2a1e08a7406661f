"""What a notice is about: in whose portfolio, in which words, and which page it leads to."""

from typing import NamedTuple

from django.urls import reverse

from assessments.models import Action, NotShown, PrintJob, Sheet, SheetKind
from assessments.printing_many.selectors import progress_of
from centres.models import Centre, User
from portfolio.models import CandidateUnit, Evidence, Registration, TestimonyRequest
from portfolio.models.evidence_number import evidence_number
from standards.in_words import counted
from standards.published import revision_row
from verification.days import in_words
from verification.models import Case, CaseKind, MonitoringRecord, PackState, SubmissionPack, Visit


class About(NamedTuple):
    """The centre; the portfolio, if it is one's; a few words; the path of a page."""

    centre: Centre
    registration: Registration | None
    words: str
    path: str


def about_unit(unit: CandidateUnit) -> About:
    """A unit, by its code."""
    centre = unit.registration.centre
    path = reverse("assessments:unit", args=[centre.uuid, unit.uuid])
    return About(centre, unit.registration, unit.revision.unit.code, path)


def about_evidence(evidence: Evidence, page: str = "portfolio:evidence") -> About:
    """A piece of evidence, by its number, on one of its pages."""
    centre = evidence.registration.centre
    path = reverse(page, args=[centre.uuid, evidence.uuid])
    return About(centre, evidence.registration, f"evidence {evidence_number(evidence.number)}", path)


def about_taken_down(request: TestimonyRequest) -> About:
    """What somebody took down of a witness's words."""
    registration = request.witness.registration
    path = reverse("portfolio:testimony_request", args=[registration.centre.uuid, request.uuid])
    return About(registration.centre, registration, "what you took down", path)


def about_action(action: Action) -> About:
    """What somebody is asked: in a unit, in a portfolio as a whole, or in the centre."""
    centre = action.at_centre
    if action.candidate_unit:
        words = action.candidate_unit.revision.unit.code
    else:
        words = "the portfolio" if action.registration else "the centre"
    return About(centre, action.registration, words, reverse("assessments:action", args=[centre.uuid, action.uuid]))


def about_sample(unit: CandidateUnit) -> About:
    """A unit, on the page on which it is sampled."""
    path = reverse("verification:sample", args=[unit.registration.centre.uuid, unit.uuid])
    return about_unit(unit)._replace(path=path)


def about_staff(centre: Centre, words: str, person: User | None = None) -> About:
    """What is on record of one person, or of all staff of a centre."""
    path = (
        reverse("centres:staff_person", args=[centre.uuid, person.uuid])
        if person
        else reverse("centres:staff", args=[centre.uuid])
    )
    return About(centre, None, words, path)


def about_target(registration: Registration, words: str) -> About:
    """A portfolio, whose target date is near."""
    path = reverse("assessments:portfolio", args=[registration.centre.uuid, registration.uuid])
    return About(registration.centre, registration, words, path)


def about_visit(visit: Visit) -> About:
    """A visit of the centre."""
    return About(visit.centre, None, "", reverse("verification:visit", args=[visit.centre.uuid, visit.uuid]))


def about_longer_visit(visit: Visit) -> About:
    """The same, with the day until which it lasts now."""
    return about_visit(visit)._replace(words=f"until {in_words(visit.last_day)}")


def about_not_shown(said: NotShown) -> About:
    """What an assessor says cannot be shown, on the page on which the verifier answers it."""
    unit = said.candidate_unit
    path = reverse("assessments:not_shown_answer", args=[unit.registration.centre.uuid, unit.uuid, said.uuid])
    return about_unit(unit)._replace(path=path)


def about_sheet(sheet: Sheet) -> About:
    """A plan or a review."""
    centre = sheet.registration.centre
    words = f"{SheetKind(sheet.kind).label.lower()} {sheet.number}"
    return About(centre, sheet.registration, words, reverse("assessments:sheet", args=[centre.uuid, sheet.uuid]))


def about_print(job: PrintJob) -> About:
    """Many forms that somebody had printed, by how many there are."""
    progress = progress_of(job)
    words = counted(progress.total, "form")
    if progress.failed:
        words += f", of which {progress.failed} could not be printed"
    elif job.fault:
        words += ", which could not be put together"
    return About(job.centre, None, words, reverse("assessments:print_job", args=[job.centre.uuid, job.uuid]))


def about_pack(pack: SubmissionPack) -> About:
    """The submission pack of a portfolio."""
    registration = pack.registration
    words = "the submission pack" if pack.state == PackState.DONE else "the submission pack, which could not be made"
    path = reverse("verification:pack", args=[registration.centre.uuid, registration.uuid])
    return About(registration.centre, registration, words, path)


def about_monitoring(record: MonitoringRecord, page: str) -> About:
    """What a verifier recorded of an assessor, on one of its pages."""
    path = reverse(page, args=[record.centre.uuid, record.uuid])
    return About(record.centre, None, f"the observation of {record.day:%-d %B %Y}", path)


def about_case(case: Case) -> About:
    """An appeal or a complaint; of malpractice nothing is said. Who handles it need not see the portfolio."""
    words = {
        CaseKind.APPEAL: "an appeal",
        CaseKind.COMPLAINT: "a complaint",
        CaseKind.MALPRACTICE: "a confidential matter",
    }[CaseKind(case.kind)]
    if case.candidate_unit and case.kind != CaseKind.MALPRACTICE:
        words += f" in {revision_row(case.candidate_unit.revision_id).unit.code}"
    return About(case.centre, None, words, reverse("verification:case", args=[case.centre.uuid, case.uuid]))
