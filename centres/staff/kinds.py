"""What is kept on record of staff, and what its pages call the parts of it. Pure."""

from dataclasses import dataclass

from django.db.models import TextChoices

HOURS_AT_MOST = 999


class StaffKind(TextChoices):
    """What a record of a person says."""

    AWARD = "award", "Award held"
    TOWARDS = "towards", "Works towards an award"
    APPROVAL = "approval", "Approved by an awarding body"
    COMPETENCE = "competence", "Occupational competence"
    DEVELOPMENT = "development", "Development"

    @property
    def asked(self) -> "FormWords":
        """What its form asks."""
        return _ASKED[self.value]

    @property
    def event(self) -> str:
        """The first word of the events that tell of it."""
        return "award" if self in OF_A_ROLE else self.value


OF_A_ROLE = (StaffKind.AWARD, StaffKind.TOWARDS)  # those that are of the role of an assessor or a verifier


@dataclass(frozen=True, kw_only=True)
class FormWords:
    """The words of a form. What has no words is not asked; `until_needed`, `shown_by_needed`: it may not stay empty."""

    title: str
    heading: str
    button: str
    what: str
    what_help: str
    since: str
    until: str = ""
    until_help: str = ""
    until_needed: bool = False
    shown_by: str = ""
    shown_by_help: str = ""
    shown_by_needed: bool = False


_ASKED = {
    "award": FormWords(
        title="Record an award",
        heading="Awards held",
        button="Record an award",
        what="Award",
        what_help="As the certificate names it, such as D32/D33, A1, TAQA, D34 or V1.",
        since="Date of the certificate",
        until="Ends on",
        until_help="D32, D33, D34, A1, V1 and TAQA have no end.",
        shown_by="Certificate number, and where the certificate is kept",
    ),
    "towards": FormWords(
        title="Record an award worked towards",
        heading="Works towards",
        button="Record what is worked towards",
        what="Award",
        what_help="Such as TAQA or the award in quality assurance.",
        since="Registered on",
        until="Target date",
        until_needed=True,
        shown_by="Where they are registered",
    ),
    "approval": FormWords(
        title="Record an approval",
        heading="Approved by an awarding body",
        button="Record an approval",
        what="Awarding body",
        what_help="Where the body approves assessors and verifiers one by one.",
        since="Approved on",
        until="Until",
        shown_by="Its reference",
    ),
    "competence": FormWords(
        title="Record occupational competence",
        heading="Occupational competence",
        button="Record competence",
        what="Qualification or units",
        what_help="What they are competent to assess or verify, such as NVQ Customer Service, level 3.",
        since="Competent since",
        shown_by="Shown by",
        shown_by_help="Such as a CV, a post held, or a qualification of their own.",
        shown_by_needed=True,
    ),
    "development": FormWords(
        title="Record development",
        heading="Development",
        button="Record development",
        what="What was done",
        what_help="Such as a standardisation meeting, a course, or a day in a workplace.",
        since="Day",
        shown_by="What shows it",
    ),
}
