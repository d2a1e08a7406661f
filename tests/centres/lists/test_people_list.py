"""The list of people: found, sorted, paged by key, and the same as a spreadsheet."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from centres.lists import page as lists
from centres.lists.by_key import Order, page_by_key
from centres.lists.spreadsheets import csv_of, xlsx_of
from centres.models import Membership, Role, User
from tests.portfolio.files.typed import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def crowd(centre) -> list[User]:
    """Sixty candidates, two by two of one name."""
    people = User.objects.bulk_create(
        User(email=f"p{number:02}@crowd.example", name=f"Person {number // 2:02}", password="!") for number in range(60)
    )
    now = timezone.now()
    Membership.objects.bulk_create(
        Membership(centre=centre, user=one, role=Role.CANDIDATE, began_at=now) for one in people
    )
    return people


@pytest.fixture
def page(client, coordinator, centre):
    client.force_login(coordinator)
    return lambda query="": client.get(reverse("centres:people", args=[centre.uuid]) + query)


def names(answer) -> list[str]:
    return [row.cells["email"] for row in answer.context["listed"].table.rows]


@pytest.mark.parametrize("sort", ["name", "-name", "email", "-email", "joined"])
def test_page_after_page_everybody_stands_there_once(page, crowd, sort):
    found, after = [], ""
    for _ in range(5):
        answer = page(f"?sort={sort}&role=candidate{after}")
        found += names(answer)
        if not answer.context["listed"].page.following:
            break
        after = f"&after={answer.context['listed'].page.following}"
    assert len(found) == 60
    assert set(found) == {person.email for person in crowd}
    by_email = sorted(found, reverse=sort.startswith("-"))
    assert found == by_email  # the names go up with the addresses


def test_it_finds_parts_of_names_and_addresses_and_says_when_there_is_nothing(page, crowd, assessor):
    assert names(page("?find=person+07")) == ["p07@crowd.example", "p14@crowd.example", "p15@crowd.example"]
    assert names(page("?find=ANN")) == [assessor.email]
    assert names(page("?role=assessor")) == [assessor.email]
    assert "ann@harbour.example" not in names(page("?came_in=no"))
    assert "Nothing here is like that." in words(page("?find=zebra"))
    assert len(names(page("?role=emperor&sort=height&after=x"))) == 50  # an address that somebody made up


def test_a_row_that_is_gone_leads_to_where_it_stood(page, crowd, centre):
    following = page("?role=candidate").context["listed"].page.following
    Membership.objects.filter(user__uuid=following).update(ended_at=timezone.now())
    assert names(page(f"?role=candidate&after={following}"))[0] == "p50@crowd.example"


def test_the_same_list_is_a_spreadsheet(page, crowd, centre, monkeypatch):
    monkeypatch.setattr(lists, "ROWS_AT_ONCE", 25)  # so that it is read in three parts, with one head
    User.objects.filter(pk=crowd[0].pk).update(name='=HYPERLINK("http://evil.example")')
    answer = page("?as=csv&role=candidate")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    head, first, *rest = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == ["Name", "E-mail or number", "Here since", "Roles"]
    assert first[0] == '\'=HYPERLINK("http://evil.example")'
    assert len(rest) == 59
    book = load_workbook(io.BytesIO(page("?as=xlsx&find=crowd+p1&sort=-email").content))
    [sheet] = book.worksheets
    assert [cell.value for cell in sheet["B"]] == [
        "E-mail or number",
        *(f"p{number}@crowd.example" for number in range(19, 9, -1)),
    ]
    assert {cell.data_type for row in sheet.rows for cell in row} == {"s"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(cell):
    assert csv_of([["A"], [cell]]).decode("utf-8-sig").splitlines()[1].strip('"').startswith("'")
    sheet = load_workbook(io.BytesIO(xlsx_of([["A"], [cell], ["\x07bell"], ["x" * 40_000]], title="a/b"))).active
    assert [sheet["A2"].value[0], sheet["A3"].value, len(sheet["A4"].value)] == ["'", "bell", 32_000]


@pytest.mark.long
def test_it_takes_as_many_queries_with_ten_times_the_people(page, crowd, django_assert_max_num_queries):
    page()
    with django_assert_max_num_queries(12):
        page("?sort=-email&role=candidate")


def test_a_page_by_key_reads_no_more_than_a_page(db, crowd, django_assert_num_queries):
    by_name = (Order(name="name", field="name"),)
    with django_assert_num_queries(2):
        found = page_by_key(User.objects.all(), orders=by_name, sort="name", after=str(crowd[9].uuid), size=5)
    assert [one.email for one in found.rows] == [f"p{number}@crowd.example" for number in range(10, 15)]
    assert not found.is_first
