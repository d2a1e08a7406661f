"""Fields that the tables of all apps use: public identifiers and plain text."""

import re
import unicodedata
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Length
from django.utils.functional import cached_property

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


class PublicModel(models.Model):
    """A row that documents, events, URLs or exports name, by its `uuid` and never by its primary key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


# They reverse the direction of what follows, so a page or form would read differently from what was signed.
_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_NOTHING_TO_SEE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\u2060\ufeff"
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f]")
_LINE_BREAKS = re.compile(r"[\n\t\u2028\u2029]+")


def plain_text(text: str) -> str:
    """Return what a person typed in one normal form: NFC, lines ended by a newline, nothing invisible at the ends.

    Documents are compared by digest, so the same words must always be the same bytes. Text pasted from slides or a
    PDF may end lines or pages with other characters, which nobody can see: they become newlines too.
    """
    text = _LINE_ENDS.sub("\n", text).translate(_DIRECTIONS)
    return unicodedata.normalize("NFC", text).strip(_NOTHING_TO_SEE)


def validate_plain_text(text: str) -> None:
    """Raise ValidationError for control characters, which SQLite would store but no page or paper can show."""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t":
            raise ValidationError("This text holds a control character. Type it again, please.")


class PlainCharField(models.CharField):
    """A line of text that a person typed. `full_clean` makes it one plain line, and refuses control characters."""

    default_validators = [validate_plain_text]

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        return " ".join(part.strip() for part in _LINE_BREAKS.split(plain_text(text)))


class PlainTextField(models.TextField):
    """Text of several lines that a person typed, of at most `limit` characters."""

    default_validators = [validate_plain_text]

    def __init__(self, *args: object, limit: int = 5000, **kwargs: object) -> None:
        self.limit = limit
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    @cached_property
    def validators(self) -> list:
        return [*super().validators, MaxLengthValidator(self.limit)]

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, list(args), {**kwargs, "limit": self.limit}

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        return plain_text(text) if isinstance(text, str) else text


def at_most(field: str, limit: int, name: str) -> CheckConstraint:
    """Return the constraint that keeps `field` within `limit` characters; SQLite ignores max_length."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__length__lte": limit}))


def one_of(field: str, values: list[str], name: str) -> CheckConstraint:
    """Return the constraint that keeps `field` to `values`; a choice field alone is checked by forms only."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__in": values}))
