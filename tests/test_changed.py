"""`script/test --changed` runs the tests of what has changed."""

import pytest

from tests.changed import OF_ALL_FILES, touched_by


@pytest.mark.parametrize(
    ("changed", "touched"),
    [
        ("assessments/grid/html.py", "tests/assessments/grid"),  # of its room
        ("templates/assessments/home/home.html", "tests/assessments/home"),
        ("portfolio/barred_claims.py", "tests/portfolio"),  # in no room
        ("tests/record/test_chains.py", "tests/record/test_chains.py"),
        ("static/js/grid/page.js", "tests/browser/test_grid.py"),
        ("fixtures/nvq/B10.json", "tests/standards"),
        ("record/canonical.py", "tests/assessments/recording_form/test_document.py"),  # which imports it
    ],
)
def test_a_change_touches_the_tests_of_its_room_and_those_that_import_it(changed, touched):
    assert touched in touched_by([changed])


def test_what_is_said_of_all_files_is_tried_with_every_change():
    assert {*OF_ALL_FILES} <= {*touched_by(["demo/clock.py"])}


def test_a_file_below_a_folder_that_is_run_whole_is_not_named_again():
    touched = touched_by(["assessments/grid/html.py", "tests/assessments/grid/test_grid_head.py"])
    assert "tests/assessments/grid/test_grid_head.py" not in touched


def test_nothing_is_touched_where_nothing_has_changed():
    assert touched_by([]) == []
