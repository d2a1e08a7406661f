"""A given testimony on paper: who said it, what they saw, how it was given, and what assessors added."""

from collections.abc import Iterator

from centres.on_paper import MOMENT, at_centre
from centres.words import Words
from portfolio.evidence.selectors import period
from portfolio.files.written import is_written, written_text
from portfolio.models import EvidenceFile, EvidenceVersion, TakenDown, Testimony, TestimonyNote
from portfolio.models.evidence_number import evidence_number
from portfolio.on_paper import Facts, portfolio_facts
from portfolio.testimony.criteria import criteria_named
from portfolio.testimony.how_given import UNREACHED
from portfolio.testimony.selectors import is_as_taken_down
from printing.papers import Column, Paper, Passage, SignatureLine, Table
from standards.evidence_kinds import EvidenceKind

TICKED = (Column("Unit", "narrow"), Column("Criterion", "narrow"), Column("In the words of the unit"))
ADDED = (Column("Assessor", "middle"), Column("Reached the witness", "middle"), Column("What they added"))
RELATED = (
    "evidence__registration__centre", "evidence__registration__candidate", "evidence__witness", "evidence__put_in_by",
    "request__asked_by", "request__taken_down__request",
)  # fmt: skip


def testimony_on_paper(testimony: Testimony) -> Paper:
    """Return what is printed of a testimony, read with RELATED. Raises BytesLost where its words are not there."""
    evidence = testimony.evidence
    version = evidence.versions.earliest("number")  # nobody corrects what a witness said
    number = evidence_number(evidence.number)
    is_observation = version.kind == EvidenceKind.OBSERVATION
    ticked = [
        [unit.code, one.name, one.text]
        for unit in criteria_named(evidence.registration, testimony.criteria)
        for one in unit.criteria
    ]
    notes = [_added(note, testimony) for note in testimony.notes.select_related("author")]
    nobody_reached = UNREACHED if not any(reached for _, reached, _ in notes) else ""
    return Paper(
        title=f"Testimony of {testimony.name}, evidence {number} of {evidence.registration.candidate}",
        heading="Observation by an expert witness" if is_observation else "Witness testimony",
        facts=[
            *portfolio_facts(evidence.registration),
            ("Evidence", f"{number}. {version.title}"),
            *_the_witness(testimony),
            ("Seen", f"{period(version)}, at: {testimony.place}"),
            ("Setting", str(version.get_setting_display())),
            *_how(testimony),
        ],
        parts=[
            *_words(version),
            *_taken_down(testimony),
            Table(heading="Criteria that the witness ticked", columns=TICKED, rows=ticked, nothing="None."),
            Table(heading="Added by assessors", columns=ADDED, rows=notes, note=nobody_reached, nothing=""),
        ],
        signatures=[
            SignatureLine(f"Witness: {testimony.name}", f"“{testimony.declaration}” {_given(testimony)}"),
        ],
    )


def _the_witness(testimony: Testimony) -> Facts:
    standing = testimony.evidence.witness.standings.select_related("accepted_by").first()  # type: ignore[union-attr]
    expert = "Yes, by their own word" if testimony.is_expert else "No"
    if standing:
        day = at_centre(standing.accepted_at, testimony.evidence.registration.centre)
        expert = f"Accepted by {standing.accepted_by}, {day}: {standing.reason}"
    return [
        ("Witness", f"{testimony.name}, {testimony.role}"),
        ("Relation to the candidate", str(testimony.get_relation_display())),
        ("Expert", expert),
        ("Contact", testimony.contact),
    ]


def _how(testimony: Testimony) -> Facts:
    """How it came: given on whose device, asked for or taken down by whom, or put in by whom."""
    request = testimony.request
    if request is None:
        return [("Given", _given(testimony)), ("Put in by", str(testimony.evidence.put_in_by))]
    asked = at_centre(request.asked_at, testimony.evidence.registration.centre)
    found = [("Given", _given(testimony)), ("Asked by", f"{request.asked_by}, {asked}")]
    if taken_down := getattr(request, "taken_down", None):
        confirmed = "confirmed as it stood" if is_as_taken_down(testimony, taken_down) else "changed before confirming"
        found[1] = ("Taken down by", f"{request.asked_by}, told {_reached(taken_down)}; {confirmed}")
    return found


def _given(testimony: Testimony) -> str:
    centre = testimony.evidence.registration.centre
    on = Words().say(testimony.get_given_on_display())
    return f"{at_centre(testimony.given_at, centre, MOMENT)}{f', {on}' if on else ''}"


def _words(version: EvidenceVersion) -> Iterator[Passage]:
    """What was written, and what else there is: a recording, or the paper that was signed."""
    held = EvidenceFile.objects.filter(version=version).with_removal().select_related("stored_file__centre")
    others = []
    for file in held.order_by("position"):
        if file.removal_pk is not None:
            others.append(f"{file.name}, removed from the portfolio")
        elif is_written(file):
            yield Passage(heading="What the witness saw", words=written_text(file))
        else:
            others.append(f"{file.name}, in the portfolio")
    if others:
        yield Passage(heading="Spoken, or on paper", words="\n".join(others))


def _taken_down(testimony: Testimony) -> Iterator[Passage]:
    taken_down = getattr(testimony.request, "taken_down", None)
    if taken_down and not is_as_taken_down(testimony, taken_down):
        yield Passage(heading="As it was taken down", words=taken_down.words)


def _added(note: TestimonyNote, testimony: Testimony) -> list[str]:
    made = at_centre(note.made_at, testimony.evidence.registration.centre, MOMENT)
    return [f"{note.author}\n{made}", _reached(note) if note.reached else "", note.words]


def _reached(how: TestimonyNote | TakenDown) -> str:
    return f"{how.get_reached_display().lower()} on {how.reached_on:%-d %B %Y}"
