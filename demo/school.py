"""Two candidates from a school, who sign in with numbers and are under 18; and an assessor who is invited."""

import datetime

from centres.candidate_numbers.services import numbered_add
from centres.guardians.services import coming_of_age_set, consent_record
from centres.invitations.services import person_invite
from centres.models import Centre, Role, User
from portfolio.registrations.services import registration_create
from standards.models import UnitRevision

KAYLA, ZION = ("Kayla Browne", "2041"), ("Zion Peters", "2042")


def school_tell(centre: Centre, coordinator: User, revision: UnitRevision, password: str) -> None:
    """Add Kayla, whose mother has consented to pictures, and Zion, for whom nobody has; invite Renata.

    `password` is hashed already, as everybody in the demo has it.
    """
    about = {"centre": centre, "actor": coordinator}
    for name, number in (KAYLA, ZION):
        person = numbered_add(**about, name=name, number=number).user
        person.password = password
        person.save(update_fields=["password"])
        coming_of_age_set(**about, person=person, day=centre.today + datetime.timedelta(days=300))
        registration_create(**about, candidate=person, number=number, revisions=[revision])
        if number == KAYLA[1]:
            consent_record(
                **about,
                person=person,
                guardian="Simone Browne",
                relation="Mother",
                given_on=centre.today,
                shown_by="School office, folder “Consent”",
            )
    person_invite(**about, name="Renata Doyle", email="renata@pelican-reach.example", role=Role.ASSESSOR)
