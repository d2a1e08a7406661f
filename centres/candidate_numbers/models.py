"""The table of one-time codes. It names people by name, as `centres.models` imports it. No event tells of them."""

from datetime import timedelta

from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

WORKS_FOR = timedelta(days=14)


class SignInCode(models.Model):
    """The code with which a candidate who has no address comes in once. A new one takes the place of the old."""

    user = models.OneToOneField("centres.User", on_delete=models.CASCADE, related_name="sign_in_code")
    # Worked out with the key of the site, which is not in the database: ten letters alone could be guessed from it.
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey("centres.User", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"A code for {self.user} until {self.until}"

    @staticmethod
    def digest_of(person: str, code: str) -> str:
        """What is kept of the code of the person with this uuid, however it is spaced or written."""
        letters = "".join(code.split()).replace("-", "").upper()
        return salted_hmac("countersign.code", f"{person} {letters}", algorithm="sha256").hexdigest()

    def is_of(self, code: str) -> bool:
        """Whether this is the code."""
        return constant_time_compare(self.digest, self.digest_of(str(self.user.uuid), code))
