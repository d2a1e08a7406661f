"""Writes the criteria that a piece can claim as HTML.

Not a template, because a unit has up to 113 of them, and a template took three times as long as all the rest of the
page. As in `assessments/grid/html.py`, each text that somebody wrote is escaped once, just where it is put in.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from assessments.claiming.claims_form import ClaimLine
from assessments.models.status import Status
from assessments.standing.unit_record import ClaimRecord

register = template.Library()


@register.filter
def claim_lines(lines: Iterable[ClaimLine], may_claim: bool) -> SafeString:
    """Return a list item for each criterion; `may_claim`: whether the person may claim anything in the unit."""
    return mark_safe("".join(_line(line, may_claim) for line in lines))  # noqa: S308 - each text is escaped below


def _line(line: ClaimLine, may_claim: bool) -> str:
    inside = [_tick(line, may_claim), _standing(line, may_claim)]
    if may_claim and line.asks_where:
        inside.append(_where(line))
    if line.near and not line.led_by:
        inside.append(_note(f"Nearly the same words as {escape(line.near)}, which this evidence answers"))
    if line.led_by:
        leads = f'<a href="#{line.led_by.anchor}">{escape(line.led_by.name)}</a>'
        inside.append(_note(f"The same words as {leads}"))
    elif may_claim and line.also.found:
        inside.append(_also(line))
    return f'<li class="claim-line" id="{line.anchor}">{" ".join(inside)}</li>\n'


def _tick(line: ClaimLine, may_claim: bool) -> str:
    """The words of the criterion, beside the box that claims it."""
    words = f'<span class="code">{escape(line.code)}</span> {escape(line.text)}'
    if line.ticked_with:
        leads = f'<a class="quiet" href="#{line.repeats_at}">Ticked with {escape(str(line.ticked_with))}</a>'
        return f'<p class="claim-words">{words}<br>{leads}</p>'
    if not may_claim:
        return f'<p class="claim-words">{words}</p>'
    state = (" checked" if line.is_checked else "") + ("" if line.can_be_ticked else " disabled")
    seen = f'<input type="hidden" name="seen-{line.id}" value="{escape(line.seen)}">' if line.seen else ""
    return (
        f'<label class="form-check"><input class="form-check-input" type="checkbox" name="claimed" value="{line.id}"'
        f'{state}> <span class="form-check-label claim-words">{words}</span></label> {seen}'
    )


def _standing(line: ClaimLine, may_claim: bool) -> str:
    """How the claim stands; if the piece does not claim it, how the criterion stands by other evidence."""
    if line.record:
        said = [_status(line.record.status), *_said(line.record, with_author=not line.is_own, may_claim=may_claim)]
    elif line.status != Status.EMPTY:
        said = [_status(line.status), '<span class="quiet">from other evidence</span>']
    else:
        return ""
    return f'<div class="claim-standing">{" ".join(said)}</div>'


def _status(status: Status) -> str:
    return f'<span class="outcome outcome-{status.shape}">{escape(status.words)}</span>'


def _said(record: ClaimRecord, *, with_author: bool, may_claim: bool) -> Iterable[str]:
    """Who claims it and where to look, if the fields beside it do not say so; and what was answered."""
    if with_author:
        yield f"<span>claimed by {escape(str(record.claim.author.user))}</span>"
    if record.claim.where and (with_author or not may_claim):
        yield f"<span>Look at: <bdi>{escape(record.claim.where)}</bdi></span>"
    if record.judgement and record.judgement.reason:
        reason, judge = escape(record.judgement.reason), escape(str(record.judgement.author.user))
        yield (
            f'<blockquote class="quote written" dir="auto">{reason}<br><cite class="quiet">{judge}</cite></blockquote>'
        )
    elif record.earlier and not record.judgement:
        reason = f", “{escape(record.earlier.reason)}”" if record.earlier.reason else ""
        outcome = escape(record.earlier.get_outcome_display().lower())
        yield f'<p class="quiet">Before the evidence was corrected: {outcome}{reason}</p>'


def _where(line: ClaimLine) -> str:
    """The field for where to look, with what is wrong in it."""
    marks, errors = "", ""
    if line.errors:
        marks = f' aria-invalid="true" aria-describedby="where-error-{line.id}"'
        marks += " autofocus" if line.is_first_wrong else ""
        said = escape(" ".join(line.errors))
        errors = f'<div class="invalid-feedback d-block" id="where-error-{line.id}">{said}</div>'
    classes = "form-control is-invalid" if line.errors else "form-control"
    return (
        f'<div class="claim-where"><label>Where to look<span class="visually-hidden"> for {escape(line.name)}</span> '
        f'<span class="quiet">(page, paragraph or minute)</span> <input name="where-{line.id}" '
        f'value="{escape(line.where)}" autocomplete="off" class="{classes}"{marks}></label> {errors}</div>'
    )


def _note(words: str) -> str:
    return f'<p class="claim-note quiet">{words}</p>'


def _also(line: ClaimLine) -> str:
    """What the criterion answers in other units. The style sheet shows it once the criterion is ticked."""
    inside = []
    if offered := line.also.offered:
        claim = f"claim {'it' if len(offered) == 1 else 'them'} too, with the same place to look"
        inside.append(
            f'<label class="form-check"><input class="form-check-input" type="checkbox" name="also-{line.id}" '
            f'value="{line.also.value}"{" checked" if line.also_ticked else ""}> '
            f'<span class="form-check-label">Also answers {_listed(offered)}: {claim}</span></label>'
        )
    if claimed := line.also.claimed:
        inside.append(f'<p class="quiet">Claimed already from this evidence: {_listed(claimed)}</p>')
    for reason in line.also.barred:
        inside.append(f'<p class="quiet">The same words, not claimed with it: {escape(reason)}</p>')
    return f'<div class="claim-also">{" ".join(inside)}</div>'


def _listed(criteria: Iterable[object]) -> str:
    return escape(", ".join(map(str, criteria)))
