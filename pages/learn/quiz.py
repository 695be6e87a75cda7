"""The questions of a lesson on one card: answer, check, be told what was right and why, try again."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from nicegui import app as site
from nicegui import events, ui

from components.action import action
from components.button import button_html
from components.i18n import _, ngettext, number
from components.markup import attributes, escape, icon, markup
from components.status import status_html
from pages.learn.sources import source_words
from services.courses import SourceView
from services.platform import Services
from services.quizzes import QuestionResult, QuestionView, QuizPage, QuizResult
from services.viewer import Viewer

Answers = dict[str, list[str]]
OpenQuotes = Callable[[list[SourceView]], Awaitable[None]]

# The whole form each time: a message that is overtaken or dropped loses nothing.
_FORM = """const answers = {};
    for (const part of event.currentTarget.querySelectorAll('fieldset')) {
        const typed = part.querySelector('input[type=text]'), chosen = part.querySelectorAll('input:checked');
        answers[part.dataset.of] = typed ? [typed.value] : [...chosen].map(input => input.value);
    }"""
_TYPED = '(event) => {' + _FORM + ' emit(answers); }'
_CLICKED = (
    "(event) => { const act = event.target.closest('[data-act]'); if (!act) return;"
    " if (act.tagName === 'A') event.preventDefault();" + _FORM +
    " emit([act.dataset.act, act.dataset.of || '', answers]); }"
)  # fmt: skip
_KEPT_MOST = 1000


class quiz_card(ui.element):
    """`on_handed_in()` is called once a result is known, so that the page around can show it too."""

    def __init__(
        self, viewer: Viewer, services: Services, quiz: QuizPage, *, open_quotes: OpenQuotes,
        on_handed_in: Callable[[], Awaitable[None]],
    ) -> None:  # fmt: skip
        super().__init__('section')
        self.classes('cw-card cw-quiz')
        self.props['aria-label'] = _('Check yourself')
        self._viewer, self._services, self._quiz = viewer, services, quiz
        self._open_quotes, self._on_handed_in = open_quotes, on_handed_in
        self._answers: Answers = {}
        self._submission = str(uuid4())
        self._result: QuizResult | None = None
        self._said = ''
        self._tries = len(quiz.attempts)
        self._best = max((attempt.score for attempt in quiz.attempts), default=None)
        with self:
            self._shown = markup(self._html())
            self._shown.on('input', self._typed, js_handler=_TYPED, throttle=0.4)
            self._shown.on('click', self._clicked, js_handler=_CLICKED)
            ui.timer(0, self._recall, once=True)

    def _typed(self, event: events.GenericEventArguments) -> None:
        self._answers = self._checked(event.args)
        self._keep()

    async def _clicked(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case ['check', _, dict(answers)]:
                self._answers = self._checked(answers)
                await self._hand_in()
            case ['again', _, _]:
                self._begin_again()
            case ['source', str(question_id), _] if self._result is not None:
                result = next((one for one in self._result.questions if str(one.id) == question_id), None)
                await self._open_quotes(list(result.sources) if result else [])

    @action
    async def _hand_in(self) -> None:
        if self._result is not None:
            return
        open_questions = sum(not any(self._answers.get(str(question.id), ())) for question in self._quiz.questions)
        if open_questions == len(self._quiz.questions):
            self._say(_('Answer at least one question first.'))
            return
        given: dict[str, Any] = {
            str(question.id): chosen[0] if question.kind == 'short' else chosen
            for question in self._quiz.questions
            if (chosen := self._answers.get(str(question.id), []))
        }
        self._result = await self._services.quizzes.submit(
            self._viewer, self._quiz.id, given, submission_key=self._submission
        )
        self._tries, self._best = self._result.attempts, self._result.best_score
        self._said = ''
        self._forget()
        self._draw()
        ui.run_javascript('document.querySelector(".cw-quiz-score")?.focus()')
        await self._on_handed_in()

    def _begin_again(self) -> None:
        self._result, self._answers, self._submission, self._said = None, {}, str(uuid4()), ''
        self._forget()
        self._draw()
        ui.run_javascript('document.querySelector(".cw-quiz legend")?.scrollIntoView({block: "center"})')

    def _say(self, sentence: str) -> None:
        self._said = sentence
        self._draw()

    def _draw(self) -> None:
        self._shown.show(self._html())

    def _checked(self, sent: Any) -> Answers:
        """What a browser sent, as far as it can be an answer to these questions."""
        if not isinstance(sent, Mapping):
            return {}
        answers: Answers = {}
        for question in self._quiz.questions:
            chosen = sent.get(str(question.id))
            words = [word[:_KEPT_MOST] for word in chosen if isinstance(word, str)] if isinstance(chosen, list) else []
            known = {option for option, _words in question.options}
            answers[str(question.id)] = words[:1] if question.kind == 'short' else [w for w in words if w in known]
        return answers

    # What is chosen and not yet handed in survives a reload of this tab.

    @property
    def _key(self) -> str:
        return f'quiz:{self._viewer.user_id}:{self._quiz.id}'

    def _keep(self) -> None:
        site.storage.tab[self._key] = {'answers': self._answers, 'submission': self._submission}

    def _forget(self) -> None:
        site.storage.tab.pop(self._key, None)

    def _recall(self) -> None:
        kept = site.storage.tab.get(self._key)
        if isinstance(kept, dict) and self._result is None and not self._answers:
            self._answers = self._checked({key: list(chosen) for key, chosen in kept['answers'].items()})
            self._submission = str(kept['submission'])
            self._draw()

    def _html(self) -> str:
        results = {result.id: result for result in self._result.questions} if self._result else {}
        questions = ''.join(
            self._question_html(place, question, results.get(question.id))
            for place, question in enumerate(self._quiz.questions, 1)
        )
        head = f'<b>{escape(_("Check yourself"))}</b><span>{escape(self._meta())}</span>'
        return f'<div class="cw-quiz-head">{head}</div>{questions}{self._foot_html()}'

    def _meta(self) -> str:
        questions = ngettext('{n} question', '{n} questions', len(self._quiz.questions))
        if self._best is None or not self._tries:
            return questions
        best = _('best {score} of {total}', score=number(self._best), total=number(len(self._quiz.questions)))
        return f'{questions}, {best}'

    def _question_html(self, place: int, question: QuestionView, result: QuestionResult | None) -> str:
        answer = self._answers.get(str(question.id), [])
        lead = f'{place}. ' if len(self._quiz.questions) > 1 else ''
        how = _('Choose every answer that is right.') if question.kind == 'multiple' else ''
        hint = f'<small>{escape(how)}</small>' if how else ''
        draw = _short_html if question.kind == 'short' else _choices_html
        rows = draw(question, answer, result)
        # not `disabled`: that pales what is there to be read now
        fieldset = attributes(data_of=str(question.id), class_='cw-marked' if result is not None else None)
        legend = f'<legend>{escape(lead + question.prompt)}{hint}</legend>'
        form = f'<fieldset{fieldset}>{legend}<div class="cw-answers">{rows}</div></fieldset>'
        return form + _why_html(question.id, result)

    def _foot_html(self) -> str:
        if self._result is None:
            said = f'<span role="status">{escape(self._said)}</span>'
            check = button_html(_('Check answers'), 'check', kind='emph', small=False)
            return f'<div class="cw-quiz-foot">{check}{said}</div>'
        result = self._result
        tone = status_html(
            'passed' if result.passed else 'look_again',
            _('{score} of {total} right', score=number(result.score), total=number(result.max_score)),
        )
        saved = _('This is a preview: the answers are not kept.') if result.id is None else _('Answers saved.')
        again = button_html(_('Try again'), 'again', icon='replay', small=False)
        score = f'<span class="cw-quiz-score" role="status" tabindex="-1">{tone}</span>'
        return f'<div class="cw-quiz-foot">{again}{score}<span>{escape(saved)}</span></div>'


def _choices_html(question: QuestionView, answer: list[str], result: QuestionResult | None) -> str:
    kind = 'checkbox' if question.kind == 'multiple' else 'radio'
    rows = ''
    for option, words in question.options:
        chosen = option in answer
        tone, verdict = '', ''
        if result is not None and option in result.right_options:
            said = _('Right answer') if chosen or kind == 'radio' else _('This one too')
            tone, verdict = ' cw-right', _verdict('check', 'ok', said)
        elif result is not None and chosen:
            tone, verdict = ' cw-wrong', _verdict('close', 'bad', _('Not this one'))
        marked = {'aria_disabled': 'true', 'tabindex': '-1'} if result is not None else {}
        given = attributes(type=kind, name=f'q-{question.id}', value=option, checked=chosen, **marked)
        rows += f'<label class="cw-answer{tone}"><input{given}><span>{escape(words)}</span>{verdict}</label>'
    return rows


def _short_html(question: QuestionView, answer: list[str], result: QuestionResult | None) -> str:
    typed = answer[0] if answer else ''
    if result is None:
        given = attributes(
            class_='cw-short', type='text', name=f'q-{question.id}', value=typed, aria_label=question.prompt,
            autocomplete='off', maxlength=str(_KEPT_MOST),
        )  # fmt: skip
        return f'<input{given}>'
    if result.correct:
        return _said_html(typed, right=True)
    said = _said_html(typed or _('No answer'), right=False)
    return said + ''.join(_said_html(right, right=True) for right in result.right_answers[:1])


def _said_html(words: str, *, right: bool) -> str:
    if right:
        tone, verdict = 'cw-right', _verdict('check', 'ok', _('Right answer'))
    else:
        tone, verdict = 'cw-wrong', _verdict('close', 'bad', _('Not this one'))
    return f'<div class="cw-answer {tone}"><span>{escape(words)}</span>{verdict}</div>'


def _why_html(question_id: UUID, result: QuestionResult | None) -> str:
    if result is None:
        return ''
    said = f'<span class="cw-sr">{escape(_("Right.") if result.correct else _("Not this one."))}</span>'
    source = ''
    if result.sources:
        given = attributes(href='#', data_act='source', data_of=str(question_id))
        source = f' <a{given}>{escape(source_words(result.sources[0]))}</a>'
    if not (result.explanation or source):
        return said
    return f'<p class="cw-explain">{said}<b>{escape(_("Why."))}</b> {escape(result.explanation)}{source}</p>'


def _verdict(symbol: str, tone: str, words: str) -> str:
    return f'<span class="cw-status cw-{tone}">{icon(symbol)}<span>{escape(words)}</span></span>'
