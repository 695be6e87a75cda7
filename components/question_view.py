"""A question as its reviewer sees it: the key is marked, the reason stands below."""

from collections.abc import Mapping
from typing import Any

from components.i18n import _
from components.markup import escape, icon


def question_html(content: Mapping[str, Any]) -> str:
    """`content` as stored: {'kind', 'prompt', 'options': [{'id', 'text', 'correct'}], 'accepted', 'explanation'}."""
    several = content.get('kind') == 'multiple'
    choices = ''.join(
        _choice(str(o.get('text', '')), bool(o.get('correct')), several) for o in content.get('options', ())
    )
    if content.get('kind') == 'short':
        choices = ''.join(_choice(str(words), True, several) for words in content.get('accepted', ()))
    why = str(content.get('explanation', ''))
    reason = f'<p class="cw-explain"><b>{escape(_("Why."))}</b> {escape(why)}</p>' if why else ''
    return (
        f'<p class="cw-prompt">{escape(str(content.get("prompt", "")))}</p><ul '
        f'class="cw-choices">{choices}</ul>{reason}'
    )


def _choice(text: str, right: bool, several: bool) -> str:
    if several:
        symbol = 'check_box' if right else 'check_box_outline_blank'
    else:
        symbol = 'radio_button_checked' if right else 'radio_button_unchecked'
    key = f'<span class="cw-status cw-ok">{icon("key")}<span>{escape(_("Key"))}</span></span>' if right else ''
    return f'<li{" class=cw-key" if right else ""}>{icon(symbol)}<span>{escape(text)}</span>{key}</li>'
