"""The list of the people of a centre: how it is searched and sorted, and its columns."""

from datetime import datetime
from typing import ClassVar

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from centres.guardians.services import without_consent
from centres.lists.by_key import Order
from centres.lists.tables import KeyedTable
from centres.models import Centre, Membership, Role, User
from centres.selectors import PersonInCentre
from centres.staff.models import day_in_words


class PeopleFilter(django_filters.FilterSet):
    """Words in a name, an e-mail address or a number; a role; who has come in yet; who is under 18 without consent."""

    find = django_filters.CharFilter(
        method="with_words", label="Name, e-mail address or number", widget=forms.TextInput(attrs={"type": "search"})
    )
    role = django_filters.ChoiceFilter(method="with_role", label="Role", empty_label="All roles")
    came_in = django_filters.ChoiceFilter(
        method="has_come_in",
        label="Account",
        empty_label="All",
        choices=(("yes", "Has come in"), ("no", "Has not come in yet")),
    )

    age = django_filters.ChoiceFilter(
        method="of_age", label="Age", empty_label="All", choices=(("wanting", "Under 18, no guardian's consent"),)
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: object, centre: Centre, **kwargs: object) -> None:
        """`centre` is whose people they are: it says what its roles are called."""
        super().__init__(*args, **kwargs)
        self.centre = centre
        words = centre.words
        self.filters["role"].extra["choices"] = [(role.value, words.of_role(role).capitalize()) for role in Role]

    def with_words(self, people: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Who has all these words, in part or whole, in their name, address or number."""
        for word in value.split()[:10]:
            people = people.filter(
                Q(name__icontains=word) | Q(email__icontains=word) | Q(candidate_number__icontains=word)
            )
        return people

    def with_role(self, people: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Who holds this role in the centre now."""
        held = Membership.objects.current().filter(centre=self.centre, role=value)
        return people.filter(pk__in=held.values("user_id"))

    def has_come_in(self, people: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Who has chosen a password, or has not yet."""
        without = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return people.filter(without if value == "no" else ~without)

    def of_age(self, people: QuerySet[User], _name: str, _value: str) -> QuerySet[User]:
        """Who is under 18 while no guardian's consent stands."""
        return people.filter(pk__in=without_consent([self.centre.pk], self.centre.today).values("user"))


class PeopleTable(KeyedTable):
    """People of a centre. Its rows are `PersonInCentre`."""

    orders: ClassVar[tuple[Order, ...]] = (
        Order(name="name", field="name"),
        Order(name="email", field="email"),
        Order(name="joined", field="joined_at"),
    )

    name = tables.Column(accessor="user__name", verbose_name="Name", linkify=lambda record: f"{record.user.uuid}/")
    email = tables.Column(accessor="user__sign_in_name", verbose_name="E-mail or number")
    joined = tables.Column(accessor="user__joined_at", verbose_name="Here since")
    roles = tables.Column(accessor="memberships", verbose_name="Roles")

    def render_joined(self, value: datetime) -> str:
        """The day as people read it."""
        return day_in_words(localtime(value).date())

    def value_joined(self, record: PersonInCentre) -> str:
        """The day as spreadsheets sort it."""
        return record.user.joined_at.date().isoformat()

    def render_roles(self, record: PersonInCentre) -> str:
        """The roles in the words of the centre."""
        return record.roles_in_words

    def value_roles(self, record: PersonInCentre) -> str:
        """The same for a spreadsheet."""
        return self.render_roles(record)
