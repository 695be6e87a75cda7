"""A lab exercise: the task, the files that learners begin with, and for reviewers the solution and the tests."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.i18n import _
from components.markup import escape, icon


def lab_html(content: Mapping[str, Any], task_html: str, *, solved: bool) -> str:
    """`task_html` is safe and ready to show. `solved` shows solution and tests: for reviewers, never for learners."""
    minutes = content.get('minutes')
    about = [str(content.get('language') or ''), _('{n} min', n=minutes) if minutes else '']
    head = (
        f'<h3>{icon("terminal", "cw-i-s")} {escape(str(content.get("title") or ""))}</h3>'
        f'<p class="cw-small-text">{escape(", ".join(filter(None, about)))}</p>'
    )
    begin = _('What learners begin with') if solved else _('What you begin with')
    html = f'{head}<div class="cw-prose">{task_html}</div>' + _files_html(begin, content.get('starter'), shown=True)
    if solved:
        html += _files_html(_('Solution, never shown to learners'), content.get('solution'), shown=False)
        html += _files_html(_('Tests'), content.get('tests'), shown=False)
    else:
        names = ', '.join(str(file.get('path')) for file in content.get('tests') or ())
        html += f'<p class="cw-small-text">{escape(_("Checked by {names}", names=names))}</p>' if names else ''
    hints = ''.join(f'<li>{escape(str(hint))}</li>' for hint in content.get('hints') or ())
    if hints:
        html += f'<details><summary>{escape(_("Hints"))}</summary><ol>{hints}</ol></details>'
    return f'<div class="cw-lab">{html}</div>'


def lab_text(content: Mapping[str, Any], task: str) -> str:
    """The same as plain text, for telling two versions apart."""
    parts = [str(content.get('title') or ''), task]
    for name, files in ((_('Starter'), 'starter'), (_('Solution'), 'solution'), (_('Tests'), 'tests')):
        for file in content.get(files) or ():
            parts.append(f'{name}, {file.get("path", "")}:\n{file.get("text", "")}')
    return '\n'.join([*parts, *(f'• {hint}' for hint in content.get('hints') or ())]).strip()


def _files_html(title: str, files: Sequence[Mapping[str, Any]] | None, *, shown: bool) -> str:
    listed = ''.join(
        f'<figure><figcaption>{escape(str(file.get("path") or ""))}</figcaption>'
        f'<pre tabindex="0"><code>{escape(str(file.get("text") or ""))}</code></pre></figure>'
        for file in files or ()
    )
    if not listed:
        return ''
    return f'<details{" open" if shown else ""}><summary>{escape(title)}</summary>{listed}</details>'
