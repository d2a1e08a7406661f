"""The page of one criterion in a unit of a portfolio: its words, what is claimed for it, and what was said."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.cells.changes import cells_change
from assessments.claiming.criterion_form import CriterionForm
from assessments.grid.grid import EvidenceRow, pieces_of
from assessments.lookup import unit_or_404
from assessments.models import Judgement
from assessments.models.status import best
from assessments.standing.unit_record import ClaimRecord, claims_in, is_open_to_judgement
from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.addresses import evidence_add_address
from portfolio.barred_claims import Bar, bars_claim, words_of
from portfolio.models import CandidateUnit, Capacity, State
from portfolio.open_versions import open_version
from portfolio.permissions import capacity_in
from portfolio.services.claims import may_claim_as
from standards.content import CriterionContent, RevisionContent
from standards.in_words import part_names
from standards.naming import unit_names
from standards.parts import part_of_each
from standards.published import published_content


@dataclass(frozen=True, kw_only=True)
class EvidenceLine:
    """A piece of the portfolio on the page: whether it claims the criterion, and whether the person can change that."""

    row: EvidenceRow
    record: ClaimRecord | None
    said: tuple[Judgement, ...]  # all that was ever answered to the claim, the latest first
    barred: Bar | None
    ticked: bool
    can_be_ticked: bool
    stamp: str

    @property
    def is_said(self) -> bool:
        """Whether the latest answer says how the claim stands. It does not if the claim waits again or cannot count."""
        return bool(self.record and self.said and self.record.status == self.said[0].outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def criterion(request: SignedInRequest, centre: UUID, unit: UUID, criterion: str) -> HttpResponse:
    """Show a criterion with the pieces that claim it; save which pieces are ticked for it."""
    found = unit_or_404(request, centre, unit)
    content = published_content(found.revision)
    item = _criterion_or_404(content, criterion)
    capacity = capacity_in(request.user, found)
    form = _form(request, found, item)
    if request.method == "POST" and form.is_valid() and _save(request, found, form):
        if "then_add" in request.POST:
            return redirect(evidence_add_address(found))
        return redirect("assessments:criterion", centre=centre, unit=unit, criterion=criterion)
    version = open_version(found)
    may_claim = may_claim_as(capacity, State(version.state))
    lines = _lines(form, content, str(capacity))
    names = unit_names(content.unit)
    context = {
        "unit": found,
        "add_url": evidence_add_address(found),
        "version": version,
        "criterion": item,
        "name": names[item.kind, item.position],
        "part": part_of_each(content.unit)[item.kind, item.position],
        "evidence_word": part_names(content.unit.framework.code).evidence.lower(),
        "serves": [one for one in content.unit.evidence if item.kind == "range" and one.same_as == item.position],
        "status": best(line.record.status for line in lines if line.record),
        "words_of_bars": words_of(line.barred for line in lines),
        "claimed": [line for line in lines if line.record],
        "others": [line for line in lines if not line.record],
        "form": form,
        "may_claim": may_claim,
        "judges": capacity == Capacity.ASSESSOR and is_open_to_judgement(version),
        "is_own": capacity == Capacity.CANDIDATE,
    }
    return render(request, "assessments/claiming/criterion.html", context)


def _criterion_or_404(content: RevisionContent, anchor: str) -> CriterionContent:
    for item in content.unit.claimable:
        if item.anchor == anchor:
            return item
    raise Http404


def _form(request: SignedInRequest, unit: CandidateUnit, item: CriterionContent) -> CriterionForm:
    claimed = claims_in(unit, criterion=item)
    return CriterionForm(
        form_data(request),
        criterion=item,
        rows=pieces_of(unit),
        claims={str(record.claim.evidence.uuid): record for record in claimed.claims},
    )


def _save(request: SignedInRequest, unit: CandidateUnit, form: CriterionForm) -> bool:
    """Save the ticks, say what became of them, and return whether all is as wanted."""
    try:
        changed = cells_change(unit=unit, actor=request.user, changes=form.changes())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    refused = [one.refused for one in changed if one.refused]
    if saved := len(changed) - len(refused):
        messages.success(request, f"Saved: {saved} changed.")
    elif not refused:
        messages.info(request, "Nothing was new, so nothing had to be saved.")
    for sentence in refused:
        messages.error(request, sentence)
    return True


def _lines(form: CriterionForm, content: RevisionContent, capacity: str) -> list[EvidenceLine]:
    said = _said(form)
    lines = []
    for row in form.rows:
        record = form.claims.get(row.uuid)
        barred = bars_claim(
            unit=content.unit,
            criterion=form.criterion,
            kind=row.kind,
            setting=row.setting,
            is_incomplete=row.is_incomplete,
        )
        lines.append(
            EvidenceLine(
                row=row,
                record=record,
                said=tuple(said[record.claim.pk]) if record else (),
                barred=barred,
                ticked=row.uuid in form.ticked,
                can_be_ticked=record.claim.author.capacity == capacity if record else barred is None,
                stamp=form.stamps.get(row.uuid, ""),
            )
        )
    return lines


def _said(form: CriterionForm) -> Mapping[int, list[Judgement]]:
    """Every answer ever given to the claims of the page, by the claim's primary key, the latest first."""
    said: dict[int, list[Judgement]] = defaultdict(list)
    claims = [record.claim.pk for record in form.claims.values()]
    for judgement in Judgement.objects.filter(claim__in=claims).select_related("author__user").order_by("-pk"):
        said[judgement.claim_id].append(judgement)
    return said
