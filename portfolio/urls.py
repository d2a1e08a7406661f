"""The addresses of registrations, the choice of units, evidence and files."""

from django.urls import path

from portfolio.achieved_before import views as achieved_before
from portfolio.adjustments import views as adjustments
from portfolio.allocating import views as allocating
from portfolio.evidence import covering_views as covering
from portfolio.evidence import file_removal_views as file_removal
from portfolio.evidence import offline_views as offline
from portfolio.evidence import print_views as evidence_print
from portfolio.evidence import splitting_views as splitting
from portfolio.evidence import taking_views as taking
from portfolio.evidence import views as evidence
from portfolio.files import arriving_views as arriving
from portfolio.files import views as files
from portfolio.importing import views as importing
from portfolio.induction import views as induction
from portfolio.interests import views as interests
from portfolio.qualification_rules import views as qualification_rules
from portfolio.registrations import particulars_views
from portfolio.registrations import unit_choice_views as unit_choice
from portfolio.registrations import views as registrations
from portfolio.staff_certificates import views as staff_certificates
from portfolio.testimony import assessor_views as by_assessor
from portfolio.testimony import print_views as testimony_print
from portfolio.testimony import views as testimony
from portfolio.what_waits import views as what_waits

app_name = "portfolio"
urlpatterns = [
    path("candidates/", registrations.registrations, name="registrations"),
    path("candidates/new/", registrations.registration_add, name="registration_add"),
    path("imports/", importing.imports, name="imports"),
    path("imports/template/", importing.import_template, name="import_template"),
    path("imports/<uuid:of>/", importing.import_page, name="import"),
    path("imports/<uuid:of>/rows/", importing.import_rows, name="import_rows"),
    path("candidates/allocations/", allocating.allocate_many, name="allocate_many"),
    path("candidates/hand-over/", allocating.hand_over, name="hand_over"),
    path("portfolios/<uuid:portfolio>/interests/", interests.interests, name="interests"),
    path("interests/<uuid:interest>/reason/", interests.interest_reason, name="interest_reason"),
    path("interests/<uuid:interest>/withdraw/", interests.interest_withdraw, name="interest_withdraw"),
    path("portfolios/<uuid:portfolio>/units/", unit_choice.units, name="units"),
    path("portfolios/<uuid:portfolio>/units/new/", unit_choice.unit_add, name="unit_add"),
    path("portfolios/<uuid:portfolio>/particulars/", particulars_views.particulars, name="particulars"),
    path("portfolios/<uuid:portfolio>/adjustments/", adjustments.adjustments, name="adjustments"),
    path("portfolios/<uuid:portfolio>/adjustments/new/", adjustments.adjustment_add, name="adjustment_add"),
    path(
        "portfolios/<uuid:portfolio>/adjustments/<uuid:adjustment>/end/",
        adjustments.adjustment_end_page,
        name="adjustment_end",
    ),
    path("portfolios/<uuid:portfolio>/induction/", induction.induction, name="induction"),
    path("induction/", induction.inductions, name="inductions"),
    path("induction/text/", induction.induction_text, name="induction_text"),
    path("qualifications/", qualification_rules.qualifications, name="qualifications"),
    path(
        "qualifications/<code:framework>/<code:code>/",
        qualification_rules.qualification_rules,
        name="qualification_rules",
    ),
    path(
        "portfolios/<uuid:portfolio>/achieved-before/new/",
        achieved_before.achieved_before_add,
        name="achieved_before_add",
    ),
    path("achieved-before/<uuid:achieved>/", achieved_before.achieved_before, name="achieved_before"),
    path("units/<uuid:unit>/allocate/", registrations.allocate, name="allocate"),
    path("portfolios/<uuid:portfolio>/evidence/new/", evidence.add, name="evidence_add"),
    path("portfolios/<uuid:portfolio>/evidence/new/offline/", offline.add_offline, name="evidence_add_offline"),
    path("portfolios/<uuid:portfolio>/arriving/", arriving.arriving, name="arriving"),
    path("arriving/<uuid:arriving>/", arriving.arriving_file, name="arriving_file"),
    path("evidence/<uuid:evidence>/", evidence.detail, name="evidence"),
    path("evidence/<uuid:evidence>/correct/", evidence.correct, name="evidence_correct"),
    path("evidence/<uuid:evidence>/remove/", evidence.remove, name="evidence_remove"),
    path("evidence/<uuid:evidence>/take/", taking.take, name="evidence_take"),
    path("portfolios/<uuid:portfolio>/witnesses/", testimony.witnesses, name="witnesses"),
    path("portfolios/<uuid:portfolio>/witnesses/ask/", testimony.ask, name="witness_ask"),
    path("portfolios/<uuid:portfolio>/witnesses/take-down/", by_assessor.take_down, name="testimony_take_down"),
    path("portfolios/<uuid:portfolio>/witnesses/paper/", by_assessor.from_paper, name="testimony_from_paper"),
    path("units/<uuid:unit>/testimony.pdf", testimony_print.blank_testimony, name="testimony_blank"),
    path("portfolios/<uuid:portfolio>/witnesses/list.pdf", testimony_print.witness_list, name="witness_list"),
    path("witness-requests/<uuid:asked>/", testimony.testimony_request, name="testimony_request"),
    path("evidence/<uuid:evidence>/testimony.pdf", testimony_print.testimony, name="testimony_print"),
    path("evidence/<uuid:evidence>/note/", testimony.note, name="testimony_note"),
    path("witnesses/<uuid:witness>/accept/", testimony.accept, name="witness_accept"),
    path("files/<uuid:file>/", files.file_download, name="file_download"),
    path("files/<uuid:file>/cover/", covering.cover, name="file_cover"),
    path("files/<uuid:file>/remove/", file_removal.remove, name="file_remove"),
    path("files/<uuid:file>/open/", files.file_open, name="file_open"),
    path("files/<uuid:file>/copy/", files.file_copy, name="file_copy"),
    path("files/<uuid:file>/pages/<int:page>/", files.file_page, name="file_page"),
    path("files/<uuid:file>/print/", evidence_print.written_print, name="written_print"),
    path("files/<uuid:file>/split/", splitting.split, name="file_split"),
    path("files/<uuid:file>/viewer/", files.file_viewer, name="file_viewer"),
    path(
        "staff/<uuid:person>/<uuid:record>/certificates/new/",
        staff_certificates.certificate_add,
        name="staff_certificate_add",
    ),
    path("staff-certificates/<uuid:certificate>/", staff_certificates.certificate, name="staff_certificate"),
    path(
        "staff-certificates/<uuid:certificate>/remove/",
        staff_certificates.certificate_remove,
        name="staff_certificate_remove",
    ),
    path("waiting/", what_waits.waiting, name="waiting"),
]
