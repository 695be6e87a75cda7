"""Brief → Outline → Content → Check → Published: where a course stands."""

from components.i18n import _
from components.markup import escape, icon


def stages_html(current: int) -> str:
    """`current` is 1 (brief) to 5 (published); 6 says that all is done."""
    names = (_('Brief'), _('Outline'), _('Content'), _('Check'), _('Published'))
    steps = ''
    for number, name in enumerate(names, start=1):
        if number < current:
            steps += (
                f'<li class="cw-past"><span>{icon("check", "cw-i-xs")}</span>{escape(name)}<span '
                f'class="cw-sr">, {escape(_("done"))}</span></li>'
            )
        elif number == current:
            steps += f'<li aria-current="step"><span>{number}</span>{escape(name)}</li>'
        else:
            steps += f'<li><span>{number}</span>{escape(name)}</li>'
    return f'<ol class="cw-stages" aria-label="{escape(_("Stages of the course"))}">{steps}</ol>'
