"""Addresses of a unit in a portfolio: how it stands, judging, signing, stepping back, and its form."""

from django.urls import path

from assessments.actions import print_views as action_prints
from assessments.actions import views as actions
from assessments.claiming import claims_views as claims
from assessments.claiming import criterion_views as criterion
from assessments.endings import views as endings
from assessments.feedback import print_views as feedback_prints
from assessments.feedback import views as feedback
from assessments.grid import views as grid
from assessments.home import report_views as report
from assessments.judging import same_views as same
from assessments.judging import views as judge
from assessments.lists import views as lists
from assessments.not_shown import views as not_shown
from assessments.observations import acknowledging_views as acknowledging
from assessments.observations import device_views as on_device
from assessments.observations import handed_over_views as handed_over
from assessments.observations import print_views as observation_prints
from assessments.observations import views as observations
from assessments.openings import views as openings
from assessments.plans import print_views as sheet_prints
from assessments.plans import views as plans
from assessments.plans import writing_views as writing
from assessments.portfolio_page import views as portfolio
from assessments.printing_many import views as prints
from assessments.questions import views as questions
from assessments.recording_form import views as forms
from assessments.signing import views as sign
from assessments.steps_back import views as returns
from assessments.unit_page import views as unit

app_name = "assessments"
urlpatterns = [
    path("how-it-stands/", report.how_it_stands, name="how_it_stands"),
    path("portfolios/<uuid:portfolio>/", portfolio.portfolio, name="portfolio"),
    path("portfolios/<uuid:portfolio>/standing/", endings.registration_standing, name="registration_standing"),
    path("portfolios/<uuid:portfolio>/unit-certificates/", endings.unit_certificates, name="unit_certificates"),
    path("portfolios/<uuid:portfolio>/units.pdf", endings.unit_certificates_print, name="unit_certificates_print"),
    path("portfolios/<uuid:portfolio>/evidence/", lists.portfolio_evidence, name="portfolio_evidence"),
    path("units/", lists.units, name="units_list"),
    path("evidence/", lists.evidence, name="evidence_list"),
    path("actions/", lists.actions, name="actions_list"),
    path("units/<uuid:unit>/", unit.unit, name="unit"),
    path("units/<uuid:unit>/grid/", grid.grid, name="grid"),
    path("units/<uuid:unit>/cells/", grid.change_cells, name="cells"),
    path("units/<uuid:unit>/criteria/<slug:criterion>/", criterion.criterion, name="criterion"),
    path("evidence/<uuid:evidence>/claims/", claims.shows, name="shows"),
    path("units/<uuid:unit>/claims/<uuid:evidence>/", claims.claims, name="claims"),
    path("units/<uuid:unit>/judge/<uuid:evidence>/", judge.judge, name="judge"),
    path("units/<uuid:unit>/judge/<uuid:evidence>/same/", same.judge_same, name="judge_same"),
    path("units/<uuid:unit>/judge/<uuid:evidence>/seen/", openings.seen, name="seen"),
    path("files/<uuid:file>/opened/", openings.file_opened, name="file_opened"),
    path("observations/new/", observations.new, name="observation_new"),
    path("observations/new/offline/", on_device.offline, name="observation_offline"),
    path("observations/<uuid:form_key>/", observations.record, name="observation"),
    path("observations/<uuid:form_key>/arrived/", on_device.arrived, name="observation_arrived"),
    path("questions/", questions.bank, name="questions"),
    path("questions/of/<uuid:revision>/", questions.of_unit, name="questions_of_unit"),
    path("questions/<uuid:question>/", questions.question, name="question"),
    path("evidence/<uuid:evidence>/acknowledge/", acknowledging.seen, name="acknowledge"),
    path("evidence/<uuid:evidence>/handed-over/", handed_over.handed_over, name="handed_over"),
    path("evidence/<uuid:evidence>/record.pdf", observation_prints.signed_record, name="observation_pdf"),
    path("units/<uuid:unit>/record.pdf", observation_prints.blank_record, name="observation_blank"),
    path("units/<uuid:unit>/statements/", judge.statements, name="statements"),
    path("units/<uuid:unit>/not-shown/", not_shown.not_shown, name="not_shown"),
    path("units/<uuid:unit>/not-shown/<uuid:said>/", not_shown.answer, name="not_shown_answer"),
    path("units/<uuid:unit>/feedback/", feedback.unit_feedback, name="feedback"),
    path("units/<uuid:unit>/judge/<uuid:evidence>/feedback/", feedback.piece_feedback, name="piece_feedback"),
    path("units/<uuid:unit>/feedback.pdf", feedback_prints.unit_feedback, name="feedback_print"),
    path("units/<uuid:unit>/ask/", actions.ask, name="ask"),
    path("portfolios/<uuid:portfolio>/actions.pdf", action_prints.of_portfolio, name="portfolio_actions_print"),
    path("actions.pdf", action_prints.of_centre, name="centre_actions_print"),
    path("actions/<uuid:action>/", actions.action, name="action"),
    path("portfolios/<uuid:portfolio>/plans/", plans.sheets, name="sheets"),
    path("portfolios/<uuid:portfolio>/plans/new/", writing.new, name="sheet_new"),
    path("portfolios/<uuid:portfolio>/plans/blank.pdf", sheet_prints.blank_sheet, name="sheet_blank"),
    path("portfolios/<uuid:portfolio>/plans/<uuid:form_key>/", writing.write, name="sheet_write"),
    path("plans/<uuid:sheet>/", plans.sheet, name="sheet"),
    path("plans/<uuid:sheet>/handed-over/", plans.handed_over, name="sheet_handed_over"),
    path("plans/<uuid:sheet>/sheet.pdf", sheet_prints.signed_sheet, name="sheet_pdf"),
    path("plans/headings/<slug:kind>/", plans.sheet_template, name="sheet_template"),
    path("units/<uuid:unit>/sign/", sign.sign, name="sign"),
    path("units/<uuid:unit>/return/", returns.give_back, name="return"),
    path("units/<uuid:unit>/take-back/", returns.take_back, name="take_back"),
    path("units/<uuid:unit>/withdraw/", returns.withdraw, name="withdraw"),
    path("units/<uuid:unit>/reopen/", returns.reopen, name="reopen"),
    path("prints/", prints.print_many, name="print_many"),
    path("prints/<uuid:job>/", prints.print_job, name="print_job"),
    path("prints/<uuid:job>/file/", prints.print_file, name="print_file"),
    path("units/<uuid:unit>/form.pdf", forms.form, name="form"),
    path("units/<uuid:unit>/forms/<uuid:signature>.pdf", forms.final_form, name="final_form"),
]
