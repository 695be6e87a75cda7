import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.language import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('Stop. Look! Listen?', ['Stop.', 'Look!', 'Listen?']),
        ('Ask Dr. Miller first. She knows.', ['Ask Dr. Miller first.', 'She knows.']),
        ('Wear gloves, e.g. Nitrile ones. Wash them.', ['Wear gloves, e.g. Nitrile ones.', 'Wash them.']),
        ('Use acids, i.e. Strong ones.', ['Use acids, i.e. Strong ones.']),
        ('See section 5.2 for 3.5 ml. Then stop.', ['See section 5.2 for 3.5 ml.', 'Then stop.']),
        ('5.2. Correct use of hoods', ['5.2. Correct use of hoods']),
        ('1. Close the sash. Wait.', ['1. Close the sash.', 'Wait.']),
        ('It is in chapter 5. Then read on.', ['It is in chapter 5.', 'Then read on.']),
        ('J. R. Smith wrote it. We agree.', ['J. R. Smith wrote it.', 'We agree.']),
        ('“Go away!” he said. He left.', ['“Go away!” he said.', 'He left.']),
        ('He said “Stop.” She stopped.', ['He said “Stop.”', 'She stopped.']),
        ('Bring towels, soap, etc. The room is cold.', ['Bring towels, soap, etc.', 'The room is cold.']),
        (
            'Call No. 5 at 9 a.m. tomorrow. No. It is closed.',
            ['Call No. 5 at 9 a.m. tomorrow.', 'No.', 'It is closed.'],
        ),
        ('See Fig. 3 and p. 12. Done.', ['See Fig. 3 and p. 12.', 'Done.']),
        ('Wait… Then go on.', ['Wait…', 'Then go on.']),
        ('First item\nSecond item\n\nA paragraph. End', ['First item', 'Second item', 'A paragraph.', 'End']),
        (
            'Am 3. Mai ist Schluss. Danach, z.B. Montag, nicht.',
            ['Am 3. Mai ist Schluss.', 'Danach, z.B. Montag, nicht.'],
        ),
        ('これは本です。次の文。', ['これは本です。', '次の文。']),
        ('Visit example.com today. Bye.', ['Visit example.com today.', 'Bye.']),
        ('', []),
    ],
)
def test_sentences_end_where_a_reader_says(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(st.text(alphabet=st.sampled_from('abA .!?\n"”(5。eg\u00a0\u2028'), max_size=80))
def test_nothing_but_space_lies_between_sentences(text: str) -> None:
    position = 0
    for start, end in sentences(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()
