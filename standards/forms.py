"""The form with which a person searches the catalogue."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from record.form_fields import WordsField
from standards.catalogue import Entry
from standards.search import search_words

NO_LEVEL = "none"


class CatalogueForm(forms.Form):
    """Words to find, and which units to search. Everything may stay empty."""

    q = WordsField(
        label="Words",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"max_length": "That is very long. Search for a few words, of at most 200 characters."},
    )
    framework = forms.ChoiceField(required=False)
    theme = forms.ChoiceField(label="Suite and theme", required=False)
    level = forms.ChoiceField(required=False)

    def __init__(self, data: QueryDict, *, entries: Sequence[Entry]) -> None:
        super().__init__(data)
        frameworks = {entry.framework.code: entry.framework.title for entry in entries}
        suites: dict[str, set[str]] = {}
        for entry in entries:
            if entry.theme:
                suites.setdefault(entry.theme, set()).add(entry.suite)
        levels = sorted({entry.level for entry in entries if entry.level is not None})
        themes = sorted((f"{' '.join(sorted(found))} {theme}", theme) for theme, found in suites.items())
        given = [*((str(level), f"Level {level}") for level in levels), (NO_LEVEL, "No level given")]
        offered = {
            "framework": ("All frameworks", list(frameworks.items())),
            "theme": ("All suites and themes", [(theme, words) for words, theme in themes]),
            "level": ("All levels", given),
        }
        for name, (every, choices) in offered.items():
            field = self.fields[name]
            field.choices = [("", every), *choices]  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = "There is no such choice. Choose one of the list."

    def clean_q(self) -> str:
        """Return what to search for. Raises ValidationError if it holds no word."""
        typed: str = self.cleaned_data["q"]
        if typed and not search_words(typed):
            raise forms.ValidationError("There is no word in it. Type a few letters or a code such as B10.1.1.")
        return typed

    def chosen(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the units of the framework, the theme and the level that were chosen."""
        said = self.cleaned_data
        return [
            entry
            for entry in entries
            if said["framework"] in {"", entry.framework.code}
            and said["theme"] in {"", entry.theme}
            and said["level"] in {"", _level(entry)}
        ]


def _level(entry: Entry) -> str:
    level = entry.level
    return NO_LEVEL if level is None else str(level)
