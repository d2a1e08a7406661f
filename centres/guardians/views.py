"""The coordinator's page about a candidate under 18."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.guardians.forms import ComingOfAgeForm, ConsentForm, ConsentWithdrawalForm
from centres.guardians.models import GuardianConsent
from centres.guardians.services import (
    coming_of_age,
    coming_of_age_set,
    consent_is_wanting,
    consent_of,
    consent_record,
    consent_withdraw,
)
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre, Membership, Role, User
from centres.views.lookup import coordinated_centre_or_404

FORMS: dict[str, type[Form]] = {"day": ComingOfAgeForm, "consent": ConsentForm, "withdraw": ConsentWithdrawalForm}


@require_http_methods(["GET", "HEAD", "POST"])
def under_age(request: SignedInRequest, centre: UUID, membership: UUID) -> HttpResponse:
    """Show until when a candidate is under 18 and who consents; record the day, a consent, or that it is withdrawn.

    `do` says which of the three forms was sent.
    """
    at = coordinated_centre_or_404(request, centre)
    candidates = Membership.objects.current().filter(role=Role.CANDIDATE).select_related("user")
    person = get_object_or_404(candidates, centre=at, uuid=membership).user
    data = form_data(request)
    done = data.get("do", "") if data else ""
    day = coming_of_age(person, at)
    shown = {name: form(data if name == done else None, initial={"day": day}) for name, form in FORMS.items()}
    if request.method == "POST" and done in shown and shown[done].is_valid():
        try:
            _save(done, shown[done].cleaned_data, centre=at, actor=request.user, person=person)
        except ValidationError as refusal:
            shown[done].add_error(None, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("centres:under_age", centre=centre, membership=membership)
    consents = GuardianConsent.objects.filter(centre=at, user=person).select_related("author", "withdrawn_by")
    context = {
        "centre": at,
        "person": person,
        "day": day,
        "is_under_age": day is not None and at.today < day,
        "is_wanting": consent_is_wanting(person, at),
        "standing": consent_of(person, at),
        "consents": consents,
        "forms": shown,
    }
    return render(request, "centres/guardians/under_age.html", context)


def _save(do: str, said: dict[str, Any], *, centre: Centre, actor: User, person: User) -> None:
    match do:
        case "day":
            coming_of_age_set(centre=centre, actor=actor, person=person, day=said["day"])
        case "consent":
            consent_record(centre=centre, actor=actor, person=person, **said)
        case _:
            standing = consent_of(person, centre)
            if standing:  # or another coordinator has withdrawn it at this moment
                consent_withdraw(consent=standing, actor=actor, why=said["why"])
