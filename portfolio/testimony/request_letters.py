"""The e-mails with the links of requests: asked for with the request, sent by the worker, tried again.

A mail server that is slow or away holds up nobody's page, and loses nothing.
"""

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from centres.models import Centre, User
from portfolio.models import RequestLetter, TestimonyRequest, WaitingWork, WorkKind, WorkLane
from portfolio.services.mail import mail_not_sent, mail_try
from portfolio.services.waiting_work import Asked, work_ask, work_end
from portfolio.testimony.rules import Stands, stands
from portfolio.testimony.tokens import link_of

RELATED = (
    "person", "request__asked_by", "request__witness__registration__centre",
    "request__witness__registration__candidate", "request__taken_down", "request__testimony",
)  # fmt: skip


def request_letter_ask(*, request: TestimonyRequest, actor: User) -> RequestLetter | None:
    """Have the link sent to the witness's address, in the transaction of the caller; None where there is no address.

    What waits already is not sent twice. Nobody gets letters of a demo.
    """
    witness = request.witness
    if not witness.email or witness.registration.centre.is_demo:
        return None
    waiting = RequestLetter.objects.waiting().filter(request=request).first()
    letter: RequestLetter = waiting or RequestLetter.objects.create(request=request, person=actor)
    _ask([letter])
    return letter


def request_letters_ask() -> None:
    """Have those sent whose turn it is."""
    _ask(RequestLetter.objects.due().select_related("request__witness__registration")[:500])


def request_letter_work(work: WaitingWork) -> None:
    """Send the letter that this work names, or note when it is tried again; what is settled meanwhile is not sent."""
    letter = RequestLetter.objects.waiting().filter(uuid=UUID(work.what)).select_related(*RELATED).first()
    if letter is not None:
        _send(letter)
    work_end(work)


def request_letter_give_up(work: WaitingWork) -> None:
    """Note that the letter cannot be sent: the worker died of it, or beside it, each time."""
    letter = RequestLetter.objects.waiting().filter(uuid=UUID(work.what)).first()
    if letter is not None:
        mail_not_sent(letter, "The server stopped each time it was sent.", is_final=True)


def requests_undelivered(centre: Centre) -> list[RequestLetter]:
    """The letters to witnesses that the coordinator is shown, each with its request."""
    found = RequestLetter.objects.undelivered().filter(request__witness__registration__centre=centre)
    return list(found.select_related("request__witness__registration__candidate")[:20])


def _ask(letters: Iterable[RequestLetter]) -> None:
    """They wait in the slow lane: a slow mail server keeps nobody's photo."""
    asked = [
        Asked(what=str(one.uuid), person=one.person_id, centre=one.request.witness.registration.centre_id)
        for one in letters
    ]
    if asked:
        work_ask(kind=WorkKind.REQUEST, asked=asked, lane=WorkLane.SLOW)


def _send(letter: RequestLetter) -> None:
    request = letter.request
    if stands(request) != Stands.OPEN:
        letter.delete()  # the link leads nowhere any more
        return
    witness = request.witness
    centre = witness.registration.centre
    context = {
        "witness": witness.name,
        "candidate": witness.registration.candidate.name,
        "asked_by": request.asked_by.name,
        "centre": centre.name,
        "words": request.words,
        "is_taken_down": hasattr(request, "taken_down"),
        "link": link_of(request),
        "until": timezone.localtime(request.until, ZoneInfo(centre.time_zone)),
    }
    message = EmailMessage(
        subject=render_to_string("portfolio/testimony/email/request_subject.txt", context).strip(),
        body=render_to_string("portfolio/testimony/email/request.txt", context),
        to=[witness.email],
    )
    mail_try(letter, message)
