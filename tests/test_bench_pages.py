"""script/bench measures every page that a person sees: a new one is an entry in bench/pages.py, or named here."""

from bench.pages import LARGE_PAGES, PAGES
from tests.test_permission_matrix import all_route_names

NOT_MEASURED = {
    "health": "asked by machines",
    "whose": "asked by a script, a code alone",
    "capture_worker": "a script, the same for everybody",
    "design": "for those who develop",
    "demo_sign_in": "takes a form and leads on",
    "hint_dismiss": "takes a form and leads on",
    "notices:put_away": "takes a button and leads back",
    "notices:choose": "takes a form and leads back",
    "notices:notice": "leads on to the unit",
    "account": "a few rows of the person's own",
    "account_change": "a form of three fields",
    "correction_confirm": "opened by a link from a message, once",
    "centres:person_correct": "a form of three fields",
    "centres:sign_ins": "a page of one table, by its key",
    "centres:invite": "takes a form and leads on",
    "centres:staff_csv": "the staff page's list as a file",
    "centres:staff_pdf": "a print",
    "centres:staff_record_end": "one field and a sentence",
    "portfolio:staff_certificate_add": "one field and a sentence",
    "portfolio:staff_certificate": "the bytes of a file",
    "portfolio:staff_certificate_remove": "two fields and a sentence",
    "account_reset_password_from_key": "opened by a link from a message, once; its form is that of changing a password",
    "blank_form": "a print: bench/recording_form.py",
    "standards:unit_pdf": "a print",
    "assessments:action": "one row and the few that were said of it",
    "assessments:piece_feedback": "what the page of the unit's feedback shows, of one piece",
    "assessments:claims": "leads on to the page of all units",
    "assessments:observation": "observation-new with what was typed",
    "assessments:questions": "a page of a list with a fixed number of queries",
    "assessments:questions_of_unit": "a page of a list with a fixed number of queries",
    "assessments:question": "a small form",
    "assessments:observation_offline": "observation-new with room for more; asked by a script, once a day",
    "assessments:observation_arrived": "asked by a script, for each record once",
    "assessments:acknowledge": "a text and a form, without a list",
    "assessments:handed_over": "a text and a form, without a list",
    "assessments:observation_pdf": "a print",
    "assessments:observation_blank": "a print",
    "assessments:feedback_print": "a print",
    "assessments:portfolio_actions_print": "a print",
    "assessments:centre_actions_print": "a print",
    "assessments:sheets": "a list, one query however long it is: tests/assessments/plans",
    "assessments:sheet_write": "sheet-new with what was typed",
    "assessments:sheet": "one row, its lines and a form",
    "assessments:sheet_pdf": "a print",
    "assessments:sheet_blank": "a print",
    "assessments:sheet_template": "a few fields, without a list",
    "assessments:file_opened": "asked by a script, for each file once",
    "assessments:seen": "takes a form and leads on",
    "assessments:take_back": "asks what the pages of the other steps back ask, and one question more",
    "assessments:not_shown": "a form without a list",
    "assessments:not_shown_answer": "a form without a list",
    "assessments:form": "a print: bench/recording_form.py",
    "assessments:final_form": "the bytes of a file",
    "assessments:print_many": "opened a few times a year; tests/assessments/printing_many counts its queries",
    "assessments:print_job": "one row, and what of it failed",
    "assessments:print_file": "the bytes of a file",
    "portfolio:waiting": "one query, a row for each person and kind of work",
    "portfolio:evidence_add_offline": "evidence-add without what is in the portfolio; asked by a script, once a day",
    "portfolio:arriving": "asked by a script, for each file once",
    "portfolio:file_split": "the pages of a PDF, as the page of its evidence shows them, and a few fields",
    "portfolio:arriving_file": "takes the bytes of a file",
    "portfolio:file_cover": "a picture and a form, without a list",
    "portfolio:file_download": "the bytes of a file",
    "portfolio:file_open": "the bytes of a file",
    "portfolio:file_copy": "the bytes of a film",
    "portfolio:written_print": "a print",
    "portfolio:witness_list": "a print",
    "portfolio:testimony_blank": "a print",
    "portfolio:testimony_take_down": "the form of witness-ask, with a few fields more",
    "portfolio:testimony_from_paper": "the form of witness-ask, with files",
    "portfolio:testimony_request": "what was asked of one witness, without a list",
    "portfolio:testimony_note": "a small form",
    "portfolio:witness_accept": "a small form",
    "testimony_give": "opened by a link from a message, once; a form",
    "portfolio:file_page": "the bytes of a picture",
    "verification:sampling_policy": "a few fields, without a list",
    "verification:planned": "a few fields, without a list",
    "verification:plan_add": "a few fields, without a list",
    "verification:figures_file": "the table of the page of figures",
    "verification:monitoring": "tests/verification/monitoring counts its queries; it reads a page by its key",
    "verification:monitoring_new": "a form of the verifier's candidates or colleagues, opened a few times a month",
    "verification:monitoring_record": "one record, without a list",
    "verification:monitoring_acknowledge": "one record and a small form",
    "verification:monitoring_minutes": "a small form",
    "verification:monitoring_minutes_file": "the bytes of a file",
    "verification:monitoring_print": "a print",
    "verification:monitoring_blank": "a print",
    "verification:visit_print": "a print",
    "verification:plan_print": "a print",
    "verification:sample_print": "a print",
    "verification:blank": "a print",
    "verification:paper": "a fixed list of links",
    "verification:visit_report_file": "the bytes of a file",
    **dict.fromkeys(
        (f"verification:visit_{name}" for name in ("open", "mark", "extend", "end", "report", "action", "action_done")),
        "a few fields",
    ),
}

MEASURED = {page.url.route for page in (*PAGES, *LARGE_PAGES)}


def test_every_page_is_measured_or_its_absence_explained():
    assert MEASURED | set(NOT_MEASURED) == set(all_route_names())


def test_nothing_that_is_measured_is_called_unmeasured():
    assert not MEASURED & set(NOT_MEASURED)


def test_each_page_has_a_name_of_its_own():
    names = [page.name for page in (*PAGES, *LARGE_PAGES)]
    assert len(names) == len(set(names))
