"""The page that says how a centre stands, now and over two years."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.home.listed_units import counted
from assessments.home.report import IN_ALL, KEPT_FOR, OPEN, report_now, reports_kept, to_count, words_of
from assessments.home.report_picture import one_a_week, report_picture
from centres.http import SignedInRequest
from centres.views.lookup import coordinated_centre_or_404


@require_safe
def how_it_stands(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show the numbers of a centre, each with the list behind it, and what they were week by week."""
    at = coordinated_centre_or_404(request, centre)
    report = reports_kept([at], since=KEPT_FOR).get(at.pk)
    if report is None:
        now = timezone.now()
        report = report_now(at, counted(to_count(at, now)), now)
    weeks = one_a_week([(row.day, row.numbers) for row in report.days])
    drawn = [name for name in IN_ALL if name != OPEN]
    context = {
        "centre": at,
        "report": report,
        "picture": report_picture(weeks, {name: words_of(name, at.words) for name in drawn}),
        "heads": [words_of(name, at.words) for name in IN_ALL],
        "weeks": [(day, [numbers.get(name, 0) for name in IN_ALL]) for day, numbers in reversed(weeks)],
    }
    return render(request, "assessments/home/how_it_stands.html", context)
