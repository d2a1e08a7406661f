"""The kinds of field that every table shares: public identifiers and plain text."""

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
    """A row that documents, events, URLs or exports name: by `uuid`, never by its primary key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


def plain_text(text: str) -> str:
    """Return what a person typed in one form: NFC, lines ended by a newline, no space at the ends.

    Documents are compared by digest, so the same words must always be the same bytes.
    """
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def validate_plain_text(text: str) -> None:
    """Raise ValidationError for control characters, which SQLite stores and no page or paper can show."""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t":
            raise ValidationError("This text holds a control character. Type it again, please.")


class PlainCharField(models.CharField):
    """A line of text that a person typed; `full_clean` normalises it and refuses control characters."""

    default_validators = [validate_plain_text]

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        return plain_text(text) if isinstance(text, str) else text


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
