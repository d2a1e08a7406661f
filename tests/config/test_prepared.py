"""With psycopg 3, PostgreSQL plans a statement that is sent again and again once."""

import os

import pytest
from django.db import connection

from centres.models import User

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(os.environ.get("DATABASE_DRIVER") != "psycopg", reason="psycopg2 keeps no plans"),
]


def test_a_statement_that_differs_in_its_parameters_alone_is_planned_once():
    for pk in range(20):
        User.objects.filter(pk=pk, email=f"person{pk}@harbour.example").first()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE %s", ['%"centres_user"."email" = $%']
        )
        [(planned_once,)] = cursor.fetchall()
    assert planned_once > 5
