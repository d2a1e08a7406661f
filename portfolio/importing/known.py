"""What a centre has and what the standards name, read once for a whole file, so that checking a row asks nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from centres.guardians.models import ComingOfAge
from centres.models import Centre, Membership, Role
from portfolio.models import Registration
from portfolio.open_registrations import ended_state
from record.plain_text import plain_characters
from standards.selectors import latest_in_short, latest_qualifications

TWO_PEOPLE = "The address is one person's here, and the number is another's. Give only one of both."
LOOK_THERE = "The second sheet of the template lists what there is."


@dataclass
class NamedInFile:
    """Things of the standards by what people may call them."""

    what: str  # in the singular
    addresses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    titles: dict[str, str] = field(default_factory=dict)  # by address

    def add(self, address: str, title: str, names: Iterable[str]) -> None:
        """Note one of them."""
        self.titles[address] = title
        for name in (address, *names):
            self.addresses[_key(name)].add(address)

    def find(self, name: str, framework: str = "") -> str:
        """Return the address that a name means, first within the framework. Raises ValidationError."""
        found = self.addresses.get(_key(f"{framework}:{name}")) or self.addresses.get(_key(name), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise ValidationError(f"“{name}” may mean {' or '.join(sorted(found))}. Write one of these.")
        raise ValidationError(f"“{name}” is no {self.what} here. {LOOK_THERE}")


@dataclass
class KnownHere:
    """What is known when a file is checked. People go by a key: their address in lower case, or their number."""

    centre: Centre
    keys: dict[str, str] = field(default_factory=dict)  # of people, by each address and number
    names: dict[str, str] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # that people hold in the centre
    given: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # that the file gives, by address
    # By person, and address of the qualification: "", or the state by which all such registrations have ended.
    registered: dict[tuple[str, str], str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)  # on which people turn 18, where one is on record
    qualifications: NamedInFile = field(default_factory=lambda: NamedInFile("qualification"))
    units: NamedInFile = field(default_factory=lambda: NamedInFile("unit"))

    @classmethod
    def of(cls, centre: Centre) -> "KnownHere":
        """Read it, in five queries."""
        known = cls(centre)
        held = Membership.objects.current().filter(centre=centre)
        for *who, name, role in held.values_list(*_who("user"), "user__name", "role"):
            key = known._noted(*who)
            known.names[key] = name
            known.roles[key].add(role)
        registered = Registration.objects.filter(centre=centre).annotate(ended=ended_state()).order_by("pk")
        on = "qualification__framework__code", "qualification__code"
        for *who, framework, code, ended in registered.values_list(*_who("candidate"), *on, "ended"):
            at = (known._noted(*who), f"{framework}:{code}" if code else "")
            known.registered[at] = "" if known.registered.get(at) == "" else ended or ""
        for *who, turns_18 in (
            ComingOfAge.objects.filter(centre=centre).order_by("pk").values_list(*_who("user"), "day")
        ):
            known.days[known._noted(*who)] = turns_18.isoformat() if turns_18 else ""
        for row in latest_qualifications().select_related("framework"):
            known.qualifications.add(f"{row.framework.code}:{row.code}", str(row), (row.code, row.title, str(row)))
        for revision in latest_in_short():
            known.units.add(revision.unit.address, f"{revision.unit.code} {revision.title}", (revision.unit.code,))
        return known

    def key_of(self, said: Mapping[str, Any]) -> str:
        """The key of the person of a row, by its number or else by its address; "" where it has neither."""
        return next((self.keys.get(one, one) for one in named_by(said)), "")

    def note(self, said: Mapping[str, Any]) -> None:
        """Note that the number and the address of a row mean one person. Raises ValidationError if they are two's."""
        one = named_by(said)
        if len({self.keys[name] for name in one if name in self.keys}) > 1:
            raise ValidationError(TWO_PEOPLE)
        for name in one:
            self.keys.setdefault(name, next((self.keys[other] for other in one if other in self.keys), one[0]))

    def _noted(self, email: str, number: str, number_centre: int | None) -> str:
        """The key of a person who is here."""
        number = number if number_centre == self.centre.pk else ""
        names = named_by({"email": email.lower(), "sign_in_number": number})
        for name in names:
            self.keys[name] = names[-1]
        return names[-1] if names else ""

    def has_role(self, email: str, role: Role) -> bool:
        """Whether the person holds the role, or the file gives it to them."""
        return role in self.roles.get(email, ()) or role in self.given.get(email, ())


def named_by(said: Mapping[str, Any]) -> list[str]:
    """What names the person of a row: their number, marked as such, and their address."""
    number, email = said.get("sign_in_number"), said.get("email")
    return [*([f"#{number.casefold()}"] if number else []), *([email] if email else [])]


def _who(person: str) -> tuple[str, str, str]:
    return f"{person}__email", f"{person}__candidate_number", f"{person}__number_centre"


def _key(name: str) -> str:
    return plain_characters(name).casefold()
