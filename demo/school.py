"""Two candidates from a school, who sign in with numbers and are under 18; and an assessor who is invited."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from centres.candidate_numbers.services import numbered_add
from centres.guardians.services import coming_of_age_set, consent_record
from centres.invitations.services import person_invite
from centres.models import Centre, Role, User
from demo import stories
from demo.standards import revision_of
from demo.stories import StoryPerson
from portfolio.registrations.services import registration_create

KAYLA, ZION = ("Kayla Browne", "2041"), ("Zion Peters", "2042")
RENATA = ("Renata Doyle", "renata@pelican-reach.example")


def school_tell(centre: Centre, people: Mapping[StoryPerson, User], now: datetime) -> None:
    """Add Kayla, whose mother has consented to pictures, and Zion, for whom nobody has; invite Renata."""
    marva, turns_18 = people[stories.MARVA], (now + timedelta(days=300)).date()
    for name, number in (KAYLA, ZION):
        person = numbered_add(centre=centre, actor=marva, name=name, number=number).user
        person.password = marva.password  # the one of the demo, hashed already
        person.save(update_fields=["password"])
        coming_of_age_set(centre=centre, actor=marva, person=person, day=turns_18)
        revision = revision_of(stories.B10)
        registration_create(centre=centre, actor=marva, candidate=person, number=number, revisions=[revision])
        if number == KAYLA[1]:
            consent_record(
                centre=centre,
                actor=marva,
                person=person,
                guardian="Simone Browne",
                relation="Mother",
                given_on=centre.today,
                shown_by="School office, folder “Consent”",
            )
    person_invite(centre=centre, actor=marva, name=RENATA[0], email=RENATA[1], role=Role.ASSESSOR)
