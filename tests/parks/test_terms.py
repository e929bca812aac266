from django.utils import translation

from parks.terms import TERMS, term


def test_no_term_stands_twice():
    assert len({word.casefold() for word in TERMS}) == len(TERMS)


def test_a_term_is_known_however_its_letters_were_typed():
    with translation.override("en"):
        assert term(" advanced MANUFACTURING ") == "Advanced manufacturing"


def test_other_words_come_back_as_typed():
    assert term("Cold storage for fish") == "Cold storage for fish"
