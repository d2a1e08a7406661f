"""What a centre has and what the standards name, read once for a whole file, so that checking a row asks nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from centres.models import Centre, Membership, Role
from portfolio.models import Registration
from portfolio.open_registrations import ended_state
from record.plain_text import plain_characters
from standards.selectors import latest_in_short, latest_qualifications

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
    """What is known when a file is checked: people by their e-mail address in lower case."""

    centre: Centre
    names: dict[str, str] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # that people hold in the centre
    given: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # that the file gives them
    # By address, and address of the qualification: "", or the state by which all such registrations have ended.
    registered: dict[tuple[str, str], str] = field(default_factory=dict)
    qualifications: NamedInFile = field(default_factory=lambda: NamedInFile("qualification"))
    units: NamedInFile = field(default_factory=lambda: NamedInFile("unit"))

    @classmethod
    def of(cls, centre: Centre) -> "KnownHere":
        """Read it, in four queries."""
        known = cls(centre)
        held = Membership.objects.current().filter(centre=centre)
        for email, name, role in held.values_list("user__email", "user__name", "role"):
            known.names[email.lower()] = name
            known.roles[email.lower()].add(role)
        registered = (
            Registration.objects.filter(centre=centre)
            .annotate(ended=ended_state())
            .values_list("candidate__email", "qualification__framework__code", "qualification__code", "ended")
        )
        for email, framework, code, ended in registered.order_by("pk"):
            on = (email.lower(), f"{framework}:{code}" if code else "")
            known.registered[on] = "" if known.registered.get(on) == "" else ended or ""
        for row in latest_qualifications().select_related("framework"):
            known.qualifications.add(f"{row.framework.code}:{row.code}", str(row), (row.code, row.title, str(row)))
        for revision in latest_in_short():
            known.units.add(revision.unit.address, f"{revision.unit.code} {revision.title}", (revision.unit.code,))
        return known

    def has_role(self, email: str, role: Role) -> bool:
        """Whether the person holds the role, or the file gives it to them."""
        return role in self.roles.get(email, ()) or role in self.given.get(email, ())


def _key(name: str) -> str:
    return plain_characters(name).casefold()
