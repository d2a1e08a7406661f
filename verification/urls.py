"""Addresses of verification: what internal and external verifiers plan, look at and find."""

from django.urls import path

from verification.cases import views as cases
from verification.monitoring import views as monitoring
from verification.paper import views as paper
from verification.sampling import board_views as board
from verification.sampling import countersign_views as countersign
from verification.sampling import figures_views as figures
from verification.sampling import policy_views as policy
from verification.sampling import sample_views as sample
from verification.submission_pack import views as submission_pack
from verification.visits import views as visits

app_name = "verification"
urlpatterns = [
    path("cases/", cases.cases, name="cases"),
    path("cases/new/<str:procedure>/", cases.case_new, name="case_new"),
    path("cases/<uuid:case>/", cases.case, name="case"),
    path("paper/", paper.paper, name="paper"),
    path("paper/<slug:blank>.pdf", paper.blank, name="blank"),
    path("sampling/", board.board, name="board"),
    path("sampling/policy/", policy.policy, name="sampling_policy"),
    path("sampling/plan/", board.plan, name="plan"),
    path("sampling/plan.pdf", board.plan_print, name="plan_print"),
    path("sampling/planned/<uuid:planned>/", board.planned, name="planned"),
    path("sampling/countersign/", countersign.countersign, name="countersign"),
    path("sampling/figures/", figures.figures, name="figures"),
    path("sampling/figures.csv", figures.figures_file, name="figures_file"),
    path("units/<uuid:unit>/sampling/", sample.sample, name="sample"),
    path("units/<uuid:unit>/sampling.pdf", sample.sample_print, name="sample_print"),
    path("units/<uuid:unit>/sampling/plan/", board.plan_add, name="plan_add"),
    path("portfolios/<uuid:portfolio>/pack/", submission_pack.pack, name="pack"),
    path("portfolios/<uuid:portfolio>/pack.zip", submission_pack.pack_file, name="pack_file"),
    path("monitoring/", monitoring.monitoring, name="monitoring"),
    path("monitoring/new/<str:what>/", monitoring.monitoring_new, name="monitoring_new"),
    path("monitoring/blank/<str:what>.pdf", monitoring.monitoring_blank, name="monitoring_blank"),
    path("monitoring/<uuid:monitoring>/", monitoring.monitoring_record, name="monitoring_record"),
    path("monitoring/<uuid:monitoring>/record.pdf", monitoring.monitoring_print, name="monitoring_print"),
    path("monitoring/<uuid:monitoring>/read/", monitoring.monitoring_acknowledged, name="monitoring_acknowledge"),
    path("monitoring/<uuid:monitoring>/minutes/", monitoring.monitoring_minutes, name="monitoring_minutes"),
    path(
        "monitoring/<uuid:monitoring>/minutes/<uuid:minutes>/",
        monitoring.monitoring_minutes_file,
        name="monitoring_minutes_file",
    ),
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
