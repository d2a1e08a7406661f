"""Prints what was written in the page as a document of its own: whose it is, what it is, and the text."""

from dataclasses import dataclass

from portfolio.evidence.selectors import period
from portfolio.files.written_parts import WrittenPart, direction_of
from portfolio.models import EvidenceFile, EvidenceVersion
from printing.pdf import printed_pdf

TEMPLATE = "portfolio/print/written.html"
STYLE_SHEET = "written.css"


@dataclass(frozen=True, kw_only=True)
class WrittenOnPaper:
    """What stands on the paper. `facts` are what the piece is, when it was and which version this is."""

    heading: str
    whose: str
    author: str
    description: str
    facts: tuple[str, ...]
    parts: tuple[WrittenPart, ...]

    @property
    def direction(self) -> str:
        """In which direction the description is read."""
        return direction_of(self.description)


def written_on_paper(file: EvidenceFile, parts: tuple[WrittenPart, ...]) -> WrittenOnPaper:
    """Return what is printed of a file that was written in the page, with the parts that it has."""
    related = ("evidence__registration__candidate", "evidence__witness", "author")
    version = EvidenceVersion.objects.select_related(*related).get(pk=file.version_id)
    whose, author = version.evidence.registration.candidate, version.evidence.witness or version.author
    facts = [version.get_kind_display(), version.get_setting_display(), period(version)]
    if version.number > 1:
        facts.append(f"Version {version.number}")
    return WrittenOnPaper(
        heading=str(version.evidence),
        whose=whose.name,
        author=author.name if author != whose else "",
        description=version.title,
        facts=tuple(facts),
        parts=parts,
    )


def written_pdf(printed: WrittenOnPaper) -> bytes:
    """Return it as a PDF (bytes); the same words give the same bytes.

    A character that no font has is printed as its number. Raises PrintError if the print would be incomplete.
    """
    title = f"{printed.heading} of {printed.whose}"
    context = {"printed": printed}
    return printed_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET)
