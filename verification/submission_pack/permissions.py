"""Who takes a portfolio away as a pack, and what of it is not for them to read."""

from collections.abc import Collection
from typing import Any

from assessments.history.steps import is_for_candidate
from centres.models import User
from centres.permissions import coordinates, roles_in
from portfolio.models import Registration
from portfolio.permissions import only_reads
from record.event_content import rows_told

# What a candidate's pages show them of each row in full. Words of sampling, of interests and of what staff note are
# not among them, nor is any noun that nobody has thought about here.
READ_BY_CANDIDATES = frozenset({
    "achieved_before", "achieved_before_check", "acknowledgement", "adjustment", "allocation", "assessor_record",
    "claim", "drawn_name", "evidence", "evidence_file", "evidence_version", "feedback", "final_form", "induction",
    "judgement", "not_shown", "not_shown_answer", "participation", "record_part", "registration",
    "registration_particulars", "registration_standing", "removed_file", "sheet", "sheet_answer", "sheet_line",
    "signature", "statement", "testimony", "testimony_request", "unit", "unit_certificate", "unit_version",
})  # fmt: skip


def may_take_pack(user: User, registration: Registration) -> bool:
    """The candidate takes their own, the coordinator any of the centre, an external verifier those of their visit.

    The portfolio is open to the person (`visible_to`).
    """
    if registration.candidate_id == user.pk:
        return True
    return coordinates(roles_in(user, registration.centre)) or only_reads(user, registration)


def candidate_reads_event(said: dict[str, Any], their_actions: Collection[str]) -> bool:
    """Whether the candidate may read all that an event tells; `their_actions` are the actions that are for them."""
    return all(
        noun in READ_BY_CANDIDATES
        or (noun == "return" and row is not None and is_for_candidate(str(row["from_state"])))
        or (noun == "action" and identifier in their_actions)
        or (noun == "action_step" and row is not None and str(row.get("action")) in their_actions)
        for noun, identifier, row in rows_told(said)
    )


def candidate_reads_document(document: dict[str, Any]) -> bool:
    """Whether the candidate may read a signed document: not one in which staff asked each other for something."""
    return all(action["for_candidate"] for action in document.get("actions", ()))
