"""Fields that the tables of all apps use: public identifiers and plain text."""

import uuid

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import CheckConstraint, Q
from django.db.models.functions import Length
from django.utils.functional import cached_property

from record.plain_text import plain_line, plain_text

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


class PublicModel(models.Model):
    """A row that documents, events, URLs or exports name, by its `uuid` and never by its primary key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class PlainCharField(models.CharField):
    """A line of text that a person typed. `full_clean` makes it one plain line."""

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        return plain_line(text) if isinstance(text, str) else text

    def get_prep_value(self, value: object) -> object:
        # Not by way of `to_python`: a row that is older than what makes such a text plain now is saved as it was.
        return super().to_python(models.Field.get_prep_value(self, value))


class PlainTextField(models.TextField):
    """Text of several lines that a person typed, of at most `limit` characters. `full_clean` makes it plain."""

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

    def get_prep_value(self, value: object) -> object:
        return super().to_python(models.Field.get_prep_value(self, value))  # as in PlainCharField


def at_most(field: str, limit: int, name: str) -> CheckConstraint:
    """Return the constraint that keeps `field` within `limit` characters; SQLite ignores max_length."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__length__lte": limit}))


def one_of(field: str, values: list[str], name: str) -> CheckConstraint:
    """Return the constraint that keeps `field` to `values`; a choice field alone is checked by forms only."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__in": values}))
