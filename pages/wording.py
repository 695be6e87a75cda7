"""What the screens call things that programs name otherwise."""

from components.i18n import _
from components.markup import escape


def document_kind(media_type: str) -> str:
    return {
        'application/pdf': _('PDF'),
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document': _('Word'),
        'application/vnd.openxmlformats-officedocument.presentationml.presentation': _('PowerPoint'),
        'text/html': _('Web page'),
        'text/markdown': _('Markdown'),
        'text/plain': _('Text'),
    }.get(media_type, media_type)


def document_icon(media_type: str) -> str:
    return {
        'application/pdf': 'picture_as_pdf',
        'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'slideshow',
        'text/html': 'language',
    }.get(media_type, 'description')


def stage_name(stage: str) -> str:
    return {
        'outline': _('Outline'),
        'content': _('Content'),
        'assembly': _('Assembly'),
        'export': _('Proof copies'),
        'done': _('Ready to publish'),
    }.get(stage, stage)


def state_name(status: str) -> str:
    return {
        'running': _('being written'),
        'awaiting_review': _('waiting for review'),
        'failed': _('halted'),
        'cancelled': _('stopped'),
        'completed': _('finished'),
    }.get(status, status)


def stage_number(stage: str) -> int:
    """Where `stages` stands for a stage of the making; 1 is the brief."""
    return {'outline': 2, 'content': 3}.get(stage, 4)


def next_row_html(mark: str, title: str, words: str) -> str:
    """One line of a list of steps; `mark` is safe HTML."""
    told = f'<small class="cw-small-text">{escape(words)}</small>'
    return f'<li>{mark}<span><b class="cw-name">{escape(title)}</b>{told}</span></li>'
