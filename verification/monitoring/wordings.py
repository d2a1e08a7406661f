"""What pages and papers say of each kind of record. Pure."""

from dataclasses import dataclass

from verification.models import MonitoringKind

# What a verifier looks at when an assessor is at work.
ASPECTS = (
    "Planning: the candidate knew what was to be assessed, how and when",
    "Putting the candidate at ease",
    "Questioning: open, fair, and no answer was put into a mouth",
    "Judging: against the criteria, and on enough evidence",
    "Feedback: clear, useful, and with what comes next",
    "Records: complete, dated and signed",
)


@dataclass(frozen=True, kw_only=True)
class KindWords:
    """The words of a kind: the title of its form, who reads it, and the headings of its parts."""

    title: str
    readers: str
    points: str
    words: str


WORDS = {
    MonitoringKind.INTERVIEW: KindWords(
        title="Interview with a {candidate}",
        readers="Read by {internal_verifier}s and coordinators of the centre, and by an {external_verifier} during a "
        "visit. Neither the {candidate} nor the assessor reads it.",
        points="Questions and answers",
        words="What follows from it",
    ),
    MonitoringKind.OBSERVATION: KindWords(
        title="Observation of an assessor",
        readers="The assessor reads it and says whether they agree. So do {internal_verifier}s and coordinators of the "
        "centre read it, and an {external_verifier} during a visit. No {candidate} ever does: it is nobody’s evidence.",
        points="What was looked at",
        words="Feedback to the assessor",
    ),
    MonitoringKind.MEETING: KindWords(
        title="Standardisation meeting",
        readers="Read by everybody who was there, by {internal_verifier}s and coordinators of the centre, and by an "
        "{external_verifier} during a visit. No {candidate} reads it.",
        points="What was compared",
        words="What was agreed",
    ),
}
