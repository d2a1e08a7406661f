"""Asking a witness and answering for one, as the tests do it."""

import datetime
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from centres.models import User
from portfolio.models import Registration, Testimony, TestimonyRequest, WorkKind, WorkLane
from portfolio.services.waiting_work import work_take
from portfolio.testimony.giving import Given, testimony_give
from portfolio.testimony.request_letters import request_letter_work, request_letters_ask
from portfolio.testimony.services import standing_accept, testimony_ask, testimony_note
from portfolio.testimony.taking_down import testimony_take_down
from portfolio.testimony.tokens import token_of

SAW = "A customer brought back a ham. Pat stayed calm and exchanged it."


def ask(registration: Registration, actor: User, **said: Any) -> TestimonyRequest:
    """Ask Dave, whom nobody knows here yet, unless it is said otherwise."""
    wanted: dict[str, Any] = {"words": "What did you see me do?", "criteria": [], "setting": "real_job"}
    if "witness" not in said:
        wanted |= {"name": "Dave Smith", "email": "dave@shop.example"}
    return testimony_ask(registration=registration, actor=actor, form_key=uuid.uuid4(), **wanted | said)


def give(request: TestimonyRequest, person: User | None = None, **said: Any) -> Testimony:
    """Answer as Dave does."""
    wanted: dict[str, Any] = {
        "name": "Dave Smith",
        "role": "Shift manager",
        "relation": "manager",
        "is_expert": True,
        "contact": "dave@shop.example",
        "words": SAW,
        "place": "At the counter",
        "happened_from": datetime.date(2026, 3, 2),
    }
    return testimony_give(request=request, given=Given(**wanted | said), person=person)


def take_down(registration: Registration, assessor: User, **said: Any) -> TestimonyRequest:
    """Let the assessor write down what Mary said on the telephone."""
    witness = {name: said.pop(name) for name in ("witness", "email") if name in said}
    wanted: dict[str, Any] = {
        "name": "Mary Jones",
        "role": "Customer",
        "relation": "customer",
        "is_expert": False,
        "contact": "020 7946 0001",
        "words": "Pat found my parcel.",
        "place": "The collection desk",
        "happened_from": datetime.date(2026, 3, 2),
    }
    return testimony_take_down(
        registration=registration,
        actor=assessor,
        form_key=uuid.uuid4(),
        said=Given(**wanted | said),
        setting="real_job",
        reached="telephone",
        reached_on=datetime.date(2026, 3, 5),
        **witness,
    )


def page_of(request: TestimonyRequest) -> str:
    """The address that the witness was sent."""
    return reverse("testimony_give", kwargs={"key": token_of(request)})


def deliver_links() -> None:
    """Do what the worker does: send the links whose turn it is."""
    request_letters_ask()
    while (work := work_take(WorkLane.SLOW)) is not None:
        if work.kind == WorkKind.REQUEST:
            request_letter_work(work)


def send(client: Client, request: TestimonyRequest, **said: str) -> Any:
    """Send the page of the witness, filled in whole unless it is said otherwise."""
    typed = {
        "words": SAW,
        "happened_from": "2026-03-02",
        "place": "At the counter",
        "name": "Dave Smith",
        "role": "Shift manager",
        "relation": "manager",
        "contact": "020 7946 0000",
        "declared": "on",
    }
    return client.post(page_of(request), typed | said)


def told_by_a_witness(registration: Registration, candidate: User, assessor: User, **said: Any) -> Testimony:
    """Let a witness be asked and answer, and an assessor reach them and accept them as an expert."""
    testimony = give(ask(registration, candidate, **said), **said)
    day = datetime.date(2026, 3, 5)
    testimony_note(testimony=testimony, actor=assessor, words="It is so.", reached="telephone", reached_on=day)
    assert testimony.evidence.witness
    standing_accept(witness=testimony.evidence.witness, actor=assessor, reason="Twenty years at the counter.")
    return testimony
