"""What is drawn after the page has answered. It can be done twice without harm."""

from collections.abc import Iterable

from portfolio.files.drawing import preview_give_up, preview_make
from portfolio.files.previews import is_drawn, needs_drawing, was_killed
from portfolio.models import EvidenceFile, WaitingWork, WorkKind, WorkLane
from portfolio.services.waiting_work import Asked, work_ask, work_end, work_go_on, work_put_off


def previews_ask(files: Iterable[EvidenceFile]) -> None:
    """Have the previews made that are missing and are not waited for yet; each is work for who put the file in.

    The files are read with their versions.
    """
    asked = [
        Asked(what=_what(file), person=file.version.author_id, centre=file.stored_file.centre_id)
        for file in files
        if is_drawn(file) and needs_drawing(file)
    ]
    if asked:
        work_ask(kind=WorkKind.DRAWING, asked=asked)


def draw(work: WaitingWork) -> None:
    """Draw a file as far as its lane allows: what takes long goes on in the slow lane, a copy of a film part by part.

    What the system killed is tried again in a few minutes, which says nothing about the file.
    """
    file = _file(work)
    if file is None:
        work_end(work)
    elif preview_make(file=file, quickly=work.lane == WorkLane.QUICK):
        work_go_on(work, lane=WorkLane.SLOW)
    elif was_killed(file):
        work_put_off(work)
    else:
        work_end(work)


def drawing_give_up(work: WaitingWork) -> None:
    """Say on the pages that the file could not be drawn: the worker died of it, or beside it, each time."""
    file = _file(work)
    if file is not None:
        preview_give_up(file=file)


def _what(file: EvidenceFile) -> str:
    """The uuid of the stored file and the type that it is drawn as."""
    return f"{file.stored_file.uuid} {file.content_type}"


def _file(work: WaitingWork) -> EvidenceFile | None:
    """Return any file of a piece with these bytes and this type, so that removing one leaves the others their pictures.

    None if there is none any more.
    """
    uuid, _, content_type = work.what.partition(" ")
    uses = EvidenceFile.objects.filter(stored_file__uuid=uuid, content_type=content_type).not_removed()
    return uses.select_related("stored_file__centre").first()
