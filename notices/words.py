"""What is said of each notice: in the site with names, in a letter without, since letters travel unsealed."""

from typing import NamedTuple

from notices.models import Notice, NoticeKind


class ToldAs(NamedTuple):
    """A sentence for the site and one for a letter."""

    here: str  # {who} did it; {about} what, with the candidate's name where somebody else reads it
    by_letter: str  # {about} what, and nobody's name


WORDS = {
    NoticeKind.ALLOCATED: ToldAs("{about} was allocated to you", "{about} was allocated to you"),
    NoticeKind.SUBMITTED: ToldAs("{who} submitted {about}", "{about} was submitted to you"),
    NoticeKind.TAKEN_BACK: ToldAs("{who} took {about} back", "{about} was taken back by its candidate"),
    NoticeKind.RETURNED: ToldAs("{who} returned {about} to you", "{about} was returned to you"),
    NoticeKind.SIGNED_OFF: ToldAs("{who} signed {about} off", "{about} was signed off"),
    NoticeKind.WITHDRAWN: ToldAs("{who} withdrew the sign-off of {about}", "The sign-off of {about} was withdrawn"),
    NoticeKind.TO_CONFIRM: ToldAs(
        "{who} signed {about} without an award on record: it waits for your confirmation",
        "{about} waits for your confirmation",
    ),
    NoticeKind.CONFIRMED: ToldAs(
        "{who} confirmed what you signed in {about}", "What you signed in {about} was confirmed"
    ),
    NoticeKind.TO_VERIFY: ToldAs(
        "{about} was signed off and waits for your countersignature", "{about} waits for your countersignature"
    ),
    NoticeKind.COUNTERSIGNED: ToldAs("{who} countersigned {about}", "{about} was countersigned"),
    NoticeKind.REOPENED: ToldAs("{who} reopened {about}", "{about} was reopened"),
    NoticeKind.ASKED: ToldAs("{who} asked you for something in {about}", "You are asked for something in {about}"),
    NoticeKind.ANSWERED: ToldAs("{who} answered what you asked in {about}", "What you asked in {about} was answered"),
    NoticeKind.REFUSED: ToldAs(
        "{who} says that what you did in {about} is not enough yet", "More is asked of you in {about}"
    ),
    NoticeKind.SAMPLE_DUE: ToldAs("{about} waits for your sampling", "{about} waits for your sampling"),
    NoticeKind.STAFF_DUE: ToldAs("{about}", "{about}"),
    NoticeKind.TARGET: ToldAs("The target date comes {about}", "The target date comes {about}"),
    NoticeKind.DUE: ToldAs("What you are asked in {about} is due soon", "What you are asked in {about} is due soon"),
    NoticeKind.RECORDED: ToldAs(
        "{who} recorded what you did: {about}. Say whether you agree", "What you did was recorded: {about}"
    ),
    NoticeKind.TESTIMONY: ToldAs("A witness answered: {about}", "A witness answered: {about}"),
    NoticeKind.SAMPLED: ToldAs("{who} sampled {about}", "{about} was sampled"),
    NoticeKind.PRINTED: ToldAs("Your print is done: {about}", "Your print is done: {about}"),
    NoticeKind.CASE_WAITS: ToldAs("{about} waits for you", "{about} waits for you"),
    NoticeKind.CASE_STEP: ToldAs("There is a new step in {about}", "There is a new step in {about}"),
    NoticeKind.CASE_DUE: ToldAs("The next step in {about} is due soon", "The next step in {about} is due soon"),
    NoticeKind.VISIT: ToldAs("A visit was opened for you", "A visit was opened for you"),
    NoticeKind.EXTENDED: ToldAs("Your visit is open {about}", "Your visit is open {about}"),
    NoticeKind.NOT_SHOWN: ToldAs(
        "{who} says that something in {about} cannot be shown. Say whether you agree",
        "Something in {about} cannot be shown, and waits for your agreement",
    ),
    NoticeKind.NOT_SHOWN_SAID: ToldAs(
        "{who} answered what you said cannot be shown in {about}",
        "What you said cannot be shown in {about} was answered",
    ),
    NoticeKind.SHEET: ToldAs("{who} signed {about}. Say whether you agree", "You are asked whether you agree: {about}"),
}


def said_here(notice: Notice) -> str:
    """The sentence for the site. Reads `by` and the portfolio's candidate: see `notices_of`."""
    candidate = notice.registration.candidate if notice.registration else None
    is_own = candidate is None or candidate.pk == notice.person_id
    about = notice.about if is_own else f"{notice.about} of {candidate}"
    return _sentence(WORDS[NoticeKind(notice.kind)].here.format(who=notice.by or "The centre", about=about))


def said_by_letter(notice: Notice) -> str:
    """The sentence for a letter, in which nobody is named."""
    return _sentence(WORDS[NoticeKind(notice.kind)].by_letter.format(about=notice.about))


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
