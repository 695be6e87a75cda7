"""The course takes no longer than was asked: 200 words a minute, one minute a question, a lab its own time."""

from services.courses.checks.examined import Examined, where
from services.courses.checks.findings import AMBER, Finding
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.words import count
from services.courses.views import LessonView

WORDS_A_MINUTE, QUESTION_MINUTES, LAB_MINUTES = 200, 1.0, 15.0
_ROOM = 1.25  # people read at very different speeds


def judge(course: Examined) -> Judged:
    found: list[Finding] = []
    measured = {lesson.id: minutes(course, lesson) for lesson in course.lessons}
    planned = sum(lesson.minutes for lesson in course.lessons)
    asked = course.around.hours * 60 if course.around.hours else float(planned)
    whole = sum(measured.values())
    if asked and whole > asked * _ROOM:
        found.append(
            Finding(
                code='too_long',
                message='Reading time is {over} minutes over: {measured} min measured, {asked} min asked.',
                mend='Shorten the longest lessons, or plan more time.',
                severity=AMBER,
                params={'over': f'{whole - asked:.0f}', 'measured': f'{whole:.0f}', 'asked': f'{asked:.0f}'},
            )
        )
    for lesson in course.lessons:
        if lesson.minutes and measured[lesson.id] > 2 * lesson.minutes + 5:
            found.append(
                Finding(
                    code='lesson_too_long',
                    message='This lesson takes {measured} minutes to read, {planned} are planned.',
                    mend='Shorten it, or plan more time.',
                    severity=AMBER,
                    params={'measured': f'{measured[lesson.id]:.0f}', 'planned': str(lesson.minutes)},
                    **where(lesson),
                )
            )
    return Judged(len(course.lessons) + 1, found)


def minutes(course: Examined, lesson: LessonView) -> float:
    """Text and tables; a slide repeats what the text says, so its points are not read again."""
    total = 0.0
    for block in course.of(lesson):
        if block.type == 'question':
            total += QUESTION_MINUTES
        elif block.type == 'lab':
            total += float(block.content.get('minutes') or LAB_MINUTES)
        elif block.type != 'slide':
            total += sum(count(text) for text in block.texts) / WORDS_A_MINUTE
    return total


RULE = Rule(code='too_long', title='Reading time within what was asked', judge=judge)
