"""The coordinator's pages about what the awarding body says of each qualification."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.views.lookup import coordinated_centre_or_404
from portfolio.qualification_rules.forms import QualificationRulesForm
from portfolio.qualification_rules.selectors import qualification_by_address, qualifications_at, rules_of
from portfolio.qualification_rules.services import qualification_rules_set
from record.errors import ChangedMeanwhile


@require_safe
def qualifications(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the qualifications, first those that the centre uses, with what is said of each."""
    at = coordinated_centre_or_404(request, centre)
    context = {"centre": at, "qualifications": qualifications_at(at), "today": at.today}
    return render(request, "portfolio/qualification_rules/qualifications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def qualification_rules(request: SignedInRequest, centre: UUID, framework: str, code: str) -> HttpResponse:
    """Say what the awarding body says of a qualification."""
    at = coordinated_centre_or_404(request, centre)
    found = qualification_by_address(f"{framework}:{code}")
    if found is None:
        raise Http404
    stands = rules_of(at, found.address)
    form = QualificationRulesForm(form_data(request), stands=stands)
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            qualification_rules_set(centre=at, qualification=found, actor=request.user, seen=seen, said=form.said)
        except ChangedMeanwhile as changed:
            refusal = changed
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"Saved for {found}.")
            return redirect("portfolio:qualifications", centre=centre)
    context = {"centre": at, "qualification": found, "form": form, "refusal": refusal}
    return render(request, "portfolio/qualification_rules/rules.html", context)
