"""There is something to learn in every lesson, and the review is over."""

from services.courses.checks.examined import Examined, where
from services.courses.checks.findings import AMBER, Finding
from services.courses.checks.rule import Judged, Rule


def judge(course: Examined) -> Judged:
    if not course.blocks:
        message = 'The course has no lesson with content yet.'
        return Judged(0, [Finding(code='course_empty', message=message, mend='Draft one.')])
    found = []
    if course.state == 'draft':
        message, mend = 'The course is still under review.', 'Finish the review first.'
        found.append(Finding(code='not_assembled', message=message, mend=mend))
    empty = [lesson for lesson in course.lessons if not lesson.blocks]
    found += [
        Finding(
            code='lesson_empty',
            message='Lesson {lesson} has no content.',
            mend='Write some, or delete the lesson.',
            params={'lesson': f'{lesson.number} {lesson.title}'},
            severity=AMBER,
            **where(lesson),
        )
        for lesson in empty
    ]
    return Judged(len(course.lessons), found, aside=len(found) - len(empty))


RULE = Rule(code='lesson_empty', title='Every lesson has content', judge=judge)
