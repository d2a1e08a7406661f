"""How long the page lives on which a new password is chosen: a week by a link, an hour by a one-time code."""

from datetime import timedelta

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from centres.candidate_numbers.models import SignInCode
from centres.models import User

OPEN_BY_CODE = timedelta(hours=1)  # it may stand in a browser that a class shares; the code itself opens it again


class PasswordPageTokens(PasswordResetTokenGenerator):
    """The secret in the address of that page. While a code waits for its person, it is the code's: a newer ends it."""

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Whether the page still opens."""
        if not super().check_token(user, token):
            return False
        age = self._num_seconds(self._now()) - base36_to_int(str(token).partition("-")[0])
        return age <= OPEN_BY_CODE.total_seconds() or not _code_of(user)

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return super()._make_hash_value(user, timestamp) + _code_of(user)


def _code_of(user: User | None) -> str:
    if user is None or not user.candidate_number:
        return ""
    return SignInCode.objects.filter(user=user).values_list("digest", flat=True).first() or ""
