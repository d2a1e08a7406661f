"""Addresses of verification: what internal and external verifiers plan, look at and find."""

from django.urls import path

from verification.visits import views as visits

app_name = "verification"
urlpatterns = [
    path("visits/", visits.visits, name="visits"),
    path("visits/new/", visits.open_visit, name="visit_open"),
    path("visits/<uuid:visit>/", visits.visit, name="visit"),
    path("visits/<uuid:visit>/visit.pdf", visits.visit_print, name="visit_print"),
    path("visits/<uuid:visit>/candidates/", visits.visit_candidates, name="visit_candidates"),
    path("visits/<uuid:visit>/units/<uuid:unit>/mark/", visits.visit_mark, name="visit_mark"),
    path("visits/<uuid:visit>/extend/", visits.visit_extended, name="visit_extend"),
    path("visits/<uuid:visit>/end/", visits.visit_ended, name="visit_end"),
    path("visits/<uuid:visit>/report/", visits.visit_report, name="visit_report"),
    path("visits/<uuid:visit>/reports/<uuid:report>/", visits.visit_report_file, name="visit_report_file"),
    path("visits/<uuid:visit>/actions/new/", visits.visit_action, name="visit_action"),
    path("visits/<uuid:visit>/actions/<uuid:to_do>/done/", visits.visit_action_done, name="visit_action_done"),
]
