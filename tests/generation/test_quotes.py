import pytest

from services.generation.quotes import find_quote

PAGE = (
    'Set the sash  at 45 cm.\nNever say “never” — it’s a state-of-the-art rule. '
    'Wash for 20 seconds; not 120 seconds. Vap\u00adours rise 1.5 m.'
)


@pytest.mark.parametrize(
    'quote',
    [
        'Set the sash at 45 cm.',
        'set the sash at 45 cm',
        'the sash at\n45 cm. Never say',
        'Never say "never" - it\'s a state‑of‑the‑art rule.',
        'Vapours rise 1.5 m',
        '  Wash for 20 seconds ',
    ],
)
def test_a_quote_is_found_whatever_its_spaces_quotation_marks_dashes_and_soft_hyphens(quote: str) -> None:
    found = find_quote(PAGE, quote)

    assert found
    start, end = found
    assert len(PAGE[start:end].split()) == len(quote.split())


@pytest.mark.parametrize(
    'quote',
    [
        'Set the sash at 44 cm.',
        'Put the sash at 45 cm.',
        'Set THE sash',
        'Wash for 2',
        '20 second',
        'rise 1',
        'rise 1.5 m and fall',
        'sash at 45 cm … Never',
        '',
        '   ',
    ],
)
def test_a_paraphrase_a_changed_number_or_half_a_word_is_not_found(quote: str) -> None:
    assert find_quote(PAGE, quote) is None


def test_the_span_is_that_of_the_page() -> None:
    found = find_quote(PAGE, 'never say "never"')

    assert found
    assert PAGE[slice(*found)] == 'Never say “never”'


def test_of_several_places_the_nearest_is_taken() -> None:
    page = 'Wear gloves. Wash hands. Wear gloves.'

    assert find_quote(page, 'Wear gloves.') == (0, 12)
    assert find_quote(page, 'Wear gloves.', near=(30, 40)) == (25, 37)


def test_signs_with_a_meaning_for_patterns_are_plain_signs() -> None:
    assert find_quote('Costs (about) $5 [each]*.', '(about) $5 [each]*') == (6, 24)
