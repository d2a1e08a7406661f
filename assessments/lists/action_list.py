"""The list of actions of a centre: how it is searched and sorted, and what a row shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.actions.on_paper import about_in_words
from assessments.actions.selectors import WHICH, those_that_are
from assessments.models import Action, ActionState, Binding
from assessments.models.actions import ActionQuerySet
from assessments.standing.action_record import records_of_all
from centres.lists.by_key import Order
from centres.lists.tables import DayColumn, KeyedTable, WrittenColumn
from centres.models import Centre, User
from portfolio.addresses import addresses

FIRST = "open"  # of WHICH: what is shown until somebody asks for others


class ActionsFilter(django_filters.FilterSet):
    """Where it stands, by default still to be done; words in it or in a name; who is to do it; what is one's own."""

    find = django_filters.CharFilter(
        method="with_words", label="Words in it, or a name", widget=forms.TextInput(attrs={"type": "search"})
    )
    show = django_filters.ChoiceFilter(
        method="that_are",
        label="Which",
        empty_label=WHICH[FIRST],
        choices=[(which, words) for which, words in WHICH.items() if which != FIRST],
    )
    owner = django_filters.CharFilter(field_name="owner__name", lookup_expr="icontains", label="Who is to do it")
    own = django_filters.ChoiceFilter(
        method="of_oneself",
        label="Of you",
        empty_label="Everybody’s",
        choices=[("owner", "Asked of you"), ("asker", "Asked by you")],
    )

    class Meta:
        model = Action
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, centre: Centre, person: User, **kwargs: Any) -> None:
        """`centre` says which day it is, `person` looks."""
        super().__init__(*args, **kwargs)
        self.centre, self.person = centre, person

    def filter_queryset(self, queryset: ActionQuerySet) -> ActionQuerySet:
        """What the filters find; where nobody says which, what is still to be done."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("show") else self.that_are(found, "show", FIRST)

    def that_are(self, actions: ActionQuerySet, _name: str, value: str) -> ActionQuerySet:
        """Those that are meant by this key of WHICH."""
        return those_that_are(value, actions, self.centre.today)

    def with_words(self, actions: ActionQuerySet, _name: str, value: str) -> ActionQuerySet:
        """Those with all these words, in part or whole, in what is asked or in a name: of candidate, owner or asker."""
        for word in value.split()[:10]:
            actions = actions.filter(
                Q(text__icontains=word)
                | Q(registration__candidate__name__icontains=word)
                | Q(owner__name__icontains=word)
                | Q(asker__name__icontains=word)
            )
        return actions

    def of_oneself(self, actions: ActionQuerySet, _name: str, value: str) -> ActionQuerySet:
        """What is asked of the person who looks, or what they asked."""
        return actions.filter(**{value: self.person})


@dataclass(frozen=True, kw_only=True)
class ActionRow:
    """An action in the list, and where it stands now."""

    text: str
    url: str
    about: str
    owner: str
    due: date | None
    before: str  # what else it must come before, in words
    asker: str
    asked: date
    state: str
    is_overdue: bool


class ActionsTable(KeyedTable):
    """Actions of a centre. Its rows are `ActionRow`."""

    orders: ClassVar[tuple[Order, ...]] = (
        Order(name="due", field="due", may_be_empty=True),
        Order(name="asked", field="asked_at"),
        Order(name="owner", field="owner__name"),
    )

    text = WrittenColumn(verbose_name="To be done", linkify=lambda record: record.url)
    about = tables.Column(verbose_name="About")
    owner = tables.Column(verbose_name="Who")
    due = tables.Column(verbose_name="By", empty_values=())
    asker = tables.Column(verbose_name="Asked by")
    asked = DayColumn(verbose_name="Asked")
    state = tables.Column(verbose_name="State")

    def render_due(self, record: ActionRow) -> str:
        """The day, and what else it must come before."""
        return "; ".join(filter(None, [formatted(record.due, "j F Y") if record.due else "", record.before])) or "—"

    def value_due(self, record: ActionRow) -> str:
        """The same, the day as spreadsheets sort it."""
        return "; ".join(filter(None, [record.due.isoformat() if record.due else "", record.before]))

    def render_state(self, record: ActionRow) -> str | SafeString:
        """Where it stands; what is overdue stands out."""
        return format_html("<strong>{}</strong>", record.state) if record.is_overdue else record.state

    def value_state(self, value: str) -> str:
        """The same for a spreadsheet."""
        return value


def action_rows(centre: Centre, actions: Sequence[Action]) -> list[ActionRow]:
    """Return what the list shows of these actions, in their order; one query."""
    return list(_rows(centre, [action.pk for action in actions]))


def _rows(centre: Centre, keys: Sequence[int]) -> Iterator[ActionRow]:
    records = {record.action.pk: record for record in records_of_all(Action.objects.filter(pk__in=keys))}
    zone = ZoneInfo(centre.time_zone)
    action_at = addresses("assessments:action", centre.uuid, "action")
    for record in (records[key] for key in keys if key in records):
        action = record.action
        is_overdue = record.state == ActionState.OPEN and action.is_overdue()
        yield ActionRow(
            text=action.text,
            url=action_at(action.uuid),
            about="; ".join(about_in_words(action)),
            owner=action.owner.name,
            due=action.due,
            before=action.get_binding_display() if action.binding != Binding.DATE else "",
            asker=action.asker.name,
            asked=timezone.localtime(action.asked_at, zone).date(),
            state="Overdue" if is_overdue else str(record.state.label),
            is_overdue=is_overdue,
        )
