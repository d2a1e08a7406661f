"""What is said of each notice: in the site with names, in a letter without, since letters travel unsealed."""

from typing import NamedTuple

from notices.models import Notice, NoticeKind


class Said(NamedTuple):
    """A sentence for the site and one for a letter."""

    here: str  # {who}, {unit} (with its candidate, unless that is the reader)
    by_letter: str  # {code}


WORDS = {
    NoticeKind.ALLOCATED: Said("{who} allocated {unit} to you", "{code} was allocated to you"),
    NoticeKind.SUBMITTED: Said("{who} submitted {unit}", "{code} was submitted to you"),
    NoticeKind.TAKEN_BACK: Said("{who} took {unit} back", "{code} was taken back by its candidate"),
    NoticeKind.RETURNED: Said("{who} returned {unit} to you", "{code} was returned to you"),
    NoticeKind.SIGNED_OFF: Said("{who} signed {unit} off", "{code} was signed off"),
    NoticeKind.WITHDRAWN: Said("{who} withdrew the sign-off of {unit}", "The sign-off of {code} was withdrawn"),
    NoticeKind.TO_CONFIRM: Said(
        "{who} signed {unit}, and works towards the award: it waits for your confirmation",
        "{code} waits for your confirmation",
    ),
    NoticeKind.CONFIRMED: Said("{who} confirmed what you signed in {unit}", "What you signed in {code} was confirmed"),
    NoticeKind.TO_VERIFY: Said(
        "{unit} was signed off and waits for your countersignature", "{code} waits for your countersignature"
    ),
    NoticeKind.COUNTERSIGNED: Said("{who} countersigned {unit}", "{code} was countersigned"),
    NoticeKind.REOPENED: Said("{who} reopened {unit}", "{code} was reopened"),
}


def said_here(notice: Notice) -> str:
    """The sentence for the site. Reads `unit` with its revision and candidate, and `by`: see `notices_of`."""
    candidate = notice.unit.registration.candidate
    code = notice.unit.revision.unit.code
    unit = code if candidate.pk == notice.person_id else f"{code} of {candidate}"
    sentence = WORDS[NoticeKind(notice.kind)].here.format(who=notice.by or "The centre", unit=unit)
    return sentence[0].upper() + sentence[1:]


def said_by_letter(notice: Notice) -> str:
    """The sentence for a letter, in which nobody is named."""
    return WORDS[NoticeKind(notice.kind)].by_letter.format(code=notice.unit.revision.unit.code)
