"""How often a password, or the code of a second step, may be tried.

Counted before it is looked at, so that thirty guesses at once count as thirty: for the account, for the place from
which they come, and for both together. A device on which the person has signed in before is counted by itself, and let
through whatever others try; a class behind one address may mistype now and then; and nobody is kept out for long by
somebody who names them. Who signs in takes their own try back, and no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from centres.sign_in.models import PasswordTries

LONGEST = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """So many tries in such a time."""

    of: str
    at_most: int
    within: timedelta


FROM_HERE = Limit("account and place", 10, timedelta(minutes=5))
OF_ACCOUNT = Limit("account", 50, LONGEST)  # from all devices that are not known
OF_PLACE = Limit("place", 100, timedelta(minutes=10))  # a class that signs in mistypes three times each
ON_DEVICE = Limit("account and known device", 10, timedelta(minutes=5))
# Who guesses codes has the password already: so they have few, whatever place they come from.
CODE_OF_ACCOUNT = Limit("code of account", 10, LONGEST)
CODE_ON_DEVICE = Limit("code of account on known device", 10, timedelta(minutes=5))
CODE_TAKEN = Limit("code taken", 1, timedelta(seconds=90))  # as long as it is right (MFA_TOTP_TOLERANCE)
CODE_ON_DEVICES = Limit("code of account on all known devices", 40, LONGEST)  # with the password, anybody makes some


@dataclass(frozen=True)
class Tries:
    """One try, counted. `wait` is how long to wait until one is allowed again; zero if this one is.

    `is_first` of those that were not allowed: the others that follow tell nothing new.
    """

    wait: timedelta
    is_first: bool
    _of: Sequence[str]

    @property
    def wait_in_words(self) -> str:
        """How long to wait, in whole minutes: "a minute", "5 minutes"."""
        minutes = ceil(self.wait / timedelta(minutes=1))
        return "a minute" if minutes == 1 else f"{minutes} minutes"

    def take_back(self) -> None:
        """It was the right password or code: leave the count as it was."""
        PasswordTries.objects.filter(of__in=self._of, count__gt=0).update(count=F("count") - 1)


def try_counted(*, account: str, place: str, device: str = "") -> Tries:
    """Count a try for the account with this e-mail address from this place, and say whether it may go on.

    `device` is the id of a known one, on which the person has signed in before.
    """
    account = account.strip().lower()
    if device:
        return _all_counted((ON_DEVICE, account, device))
    return _all_counted((FROM_HERE, account, place), (OF_ACCOUNT, account), (OF_PLACE, place))


def code_try_counted(*, account: str, device: str = "") -> Tries:
    """Count a try of a code for the account with this e-mail address, and say whether it may go on."""
    account = account.strip().lower()
    if device:
        return _all_counted((CODE_ON_DEVICE, account, device), (CODE_ON_DEVICES, account))
    return _all_counted((CODE_OF_ACCOUNT, account))


def code_take(*, authenticator: int, code: str) -> bool:
    """Whether a code that is right comes in: once, also where two send it at the same moment."""
    return not _all_counted((CODE_TAKEN, str(authenticator), code)).wait


def _all_counted(*wanted: tuple[Limit, *tuple[str, ...]]) -> Tries:
    counted = [(limit, PasswordTries.digest(limit.of, *parts)) for limit, *parts in wanted]
    now = timezone.now()
    with transaction.atomic():  # in the order of digests, so that no two wait for each other
        found = [_counted(limit, of, now) for limit, of in sorted(counted, key=lambda one: one[1])]
    return Tries(
        wait=max(wait for wait, _ in found),
        is_first=any(is_first for _, is_first in found),
        _of=[of for _, of in counted],
    )


def _counted(limit: Limit, of: str, now: datetime) -> tuple[timedelta, bool]:
    tries, _ = PasswordTries.objects.select_for_update().get_or_create(of=of, defaults={"began_at": now})
    if not abs(now - tries.began_at) < limit.within:  # over, or the clock went back
        tries.began_at, tries.count = now, 0
    tries.count += 1
    tries.save(update_fields=["began_at", "count"])
    over = tries.count - limit.at_most
    return (tries.began_at + limit.within - now if over > 0 else timedelta(0)), over == 1


def sweep_tries() -> int:
    """Remove what is not counted any more; return how many rows."""
    return PasswordTries.objects.filter(began_at__lt=timezone.now() - LONGEST).delete()[0]
