"""A lab exercise is checked by reading it; learners get no solution."""

from typing import Any

import pytest

from services.errors import InvalidInput
from services.generation.content import checked_content
from services.generation.labs import for_learners, lab_fault

LAB: dict[str, Any] = {
    'title': 'Greet',
    'task_html': '<p>Write <code>greet</code>.</p><script>alert(1)</script>',
    'language': 'python',
    'starter': [{'path': 'main.py', 'text': 'def greet(name):\n    pass\n'}],
    'solution': [{'path': 'main.py', 'text': "def greet(name):\n    return f'Hello {name}'\r\n\n"}],
    'tests': [
        {
            'path': 'test_main.py',
            'text': "from main import greet\n\n\ndef test_it():\n    assert greet('x') == 'Hello x'\n",
        }
    ],
    'hints': ['Use an f-string.', ' '],
    'minutes': 15,
}


def test_a_good_exercise_is_kept_cleaned_and_its_solution_never_reaches_learners() -> None:
    kept = checked_content('lab', LAB)
    assert kept['task_html'] == '<p>Write <code>greet</code>.</p>'
    assert kept['solution'][0]['text'].endswith("return f'Hello {name}'\n")
    assert kept['hints'] == ['Use an f-string.']
    shown = for_learners(kept)
    assert shown['solution'] == []
    assert shown['tests'] == [{'path': 'test_main.py', 'text': ''}]
    assert checked_content('lab', kept) == kept


@pytest.mark.parametrize(
    ('changes', 'fault'),
    [
        ({'title': ''}, 'a title'),
        ({'language': 'klingon'}, 'language'),
        ({'minutes': 0}, 'minutes'),
        ({'tests': []}, 'no tests'),
        ({'solution': LAB['starter']}, 'nothing to do'),
        ({'starter': [{'path': '/etc/main.py', 'text': 'x = 1\n'}]}, 'no name for a file'),
        ({'starter': [{'path': '../main.py', 'text': 'x = 1\n'}]}, 'no name for a file'),
        ({'starter': [{'path': 'main.py', 'text': "open('/home/me/x')\n"}]}, 'absolute path'),
        ({'starter': [{'path': 'main.py', 'text': 'def greet(:\n'}]}, 'line 1'),
        ({'solution': [{'path': 'main.py', 'text': 'def hello(name):\n    return 1\n'}]}, 'does not define'),
        ({'tests': [{'path': 'test_main.py', 'text': 'from main import greet\ngreet(1)\n'}]}, 'compare nothing'),
        ({'tests': [{'path': 'test_main.py', 'text': 'assert 1 == 1\n'}]}, 'name nothing of the starter'),
        ({'starter': [{'path': 'main.py', 'text': 'x' * 50_000}]}, 'larger than'),
        ({'starter': LAB['starter'] * 2}, 'the same name'),
    ],
)
def test_what_no_learner_could_solve_is_refused_with_the_reason(changes: dict[str, Any], fault: str) -> None:
    assert fault in lab_fault({**LAB, **changes})
    with pytest.raises(InvalidInput, match='cannot be set'):
        checked_content('lab', {**LAB, **changes})
