"""What people type to say who they are: an e-mail address, or a candidate number with that of its centre before it."""

from centres.models import User
from record.plain_text import plain_characters


def account_named(typed: str) -> User | None:
    """Return whose address or number this is; None if nobody's, or if people of several centres have the number.

    "90210/0042" is candidate 0042 of the centre with the number 90210; "0042" alone will do where only one has it.
    """
    typed = plain_characters(typed)
    if "@" in typed:
        return User.objects.filter(email__iexact=typed).first()
    centre, slash, number = typed.rpartition("/")
    if not number.strip():
        return None
    found = User.objects.filter(candidate_number__iexact=number.strip()).select_related("number_centre")
    if slash:
        found = found.filter(number_centre__number__iexact=centre.strip())
    people = list(found[:2])
    if len(people) > 1 and not slash:
        people = list(found.filter(number_centre__number="")[:2])  # whose number stands alone on their slip
    return people[0] if len(people) == 1 else None


def account_of(typed: str) -> str:
    """Return what stands for the account in the counts of tries: the same, however its number is typed."""
    if "@" in typed:
        return typed
    named = account_named(typed)
    return named.sign_in_name if named else typed
