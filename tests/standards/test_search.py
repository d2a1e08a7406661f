"""Words as people type them, against texts as standards print them."""

import pytest

from standards.search import CONTEXT, beginnings, highlighted, search_words, searchable


def found(typed: str, text: str) -> bool:
    words = search_words(typed)
    return bool(words) and all(word in searchable(text) for word in beginnings(words))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("customer", "Greet customers."),
        ("CUSTOMERS", "your customer's query"),
        ("customer’s", "your customer's query"),
        ("customers'", "others’ customers’ rights"),
        ("one to one", "on a ‘one-to-one’ basis"),
        ("B10.2.3", "B10.2.3 Consistently meet"),
        ("CAFÉ", "in a café"),
        ("cafe", "in a CAFÉ"),
        ("cafe\u0301", "in a café"),
        ("ÄRGER", "bei ärger"),
        ("straße", "STRASSE"),
        ('"complaints"', "a complaint"),
        ("e-mail", "by e-mail"),
        ("self service", "self-service equipment"),
        ("complain", "complaints"),
        ("  greet   greet ", "Greet customers."),
        ("приветствуйте", "Приветствуйте клиентов"),
    ],
)
def test_it_finds(typed: str, text: str) -> None:
    assert found(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [("late", "a plate"), ("custom house", "custom"), ("customers served", "customer"), ("", "x")],
)
def test_it_does_not_find(typed: str, text: str) -> None:
    assert not found(typed, text)


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "''", "\x00", "-- ;", "<>", "“”"])
def test_where_no_word_is_typed_none_is_searched(typed: str) -> None:
    assert search_words(typed) == ()


def test_what_was_found_is_marked_and_the_rest_is_escaped() -> None:
    text = highlighted('<b>Greet</b> & "serve" customers', search_words("customer greet"))
    assert text.html + text.tail == (
        "&lt;b&gt;<mark>Greet</mark>&lt;/b&gt; &amp; &quot;serve&quot; <mark>customers</mark>"
    )


def test_of_a_long_text_what_stands_around_the_match_is_shown() -> None:
    text = highlighted("before " * 100 + "needle " + "after " * 100, search_words("needle"))
    assert text.begins_before
    assert text.goes_on
    assert "<mark>needle</mark>" in text.html
    assert len(text.html + text.tail) < 5 * CONTEXT


def test_a_long_text_without_a_blank_is_cut_all_the_same() -> None:
    text = highlighted("x" * 5000, search_words("x"))
    assert len(text.html + text.tail) <= 5000 + len("<mark></mark>")
