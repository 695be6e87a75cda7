"""A lab exercise on paper: the task and what learners begin with. Never the solution; tests only by their names."""

from collections.abc import Mapping
from html import escape
from typing import Any

from services.exports.wording import Wording
from services.generation.labs import files_of
from services.richtext import sanitise


def task_html(content: Mapping[str, Any], words: Wording) -> str:
    """The task, the starter's files one by one, and the names of the tests; as a text of a lesson may be."""
    files = ''.join(
        f'<p><strong>{escape(path)}</strong></p><pre><code>{escape(text, quote=False)}</code></pre>'
        for path, text in files_of(content, 'starter')
    )
    tests = ', '.join(f'<code>{escape(path)}</code>' for path, _ in files_of(content, 'tests'))
    tested = f'<p>{escape(words.tested_by)} {tests}</p>' if tests else ''
    return sanitise(f'{content.get("task_html", "")}<h3>{escape(words.starter)}</h3>{files}{tested}')


def title_of(content: Mapping[str, Any], words: Wording) -> str:
    minutes = content.get('minutes')
    return f'{words.exercise}: {content.get("title", "")}' + (f' ({minutes} min)' if minutes else '')
