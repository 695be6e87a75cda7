"""kill -9 in every phase: the work goes on by itself, finished model calls are not repeated, nothing saved is lost."""

from pathlib import Path

import pytest

from tests.api.members import Json, blocks_of, eventually, lessons_of, right_answer
from tests.drills.drill import Drill, types_of
from tests.samples.documents import large_pdf

pytestmark = pytest.mark.timeout(300)


def test_an_outline_is_written_whenever_the_server_dies(drill: Drill) -> None:
    drill.hold_answers()
    workflow = drill.begin()
    drill.kill()  # accepted, perhaps not even begun
    waiting, asked = _outline(drill, workflow), len(drill.model.requests)
    drill.hold_answers()
    drill.reviewer.decide(waiting, 'reject', 'First comment.')
    drill.wait_until_asked(asked + 1)
    drill.kill()  # the model is asked and has not answered
    waiting = _outline(drill, workflow)
    answers = len(drill.model.answered)
    drill.reviewer.decide(waiting, 'reject', 'Second comment.')
    drill.wait_until_answered(answers + 1)
    drill.kill(freshly_answered=True)  # answered, perhaps not even saved
    waiting = _outline(drill, workflow)

    types = types_of(drill.reviewer, workflow)
    assert types.count('outline.drafted') == 3
    assert types.count('outline.rejected') == 2
    drill.kill()  # saved and shown
    assert _outline(drill, workflow) == waiting
    assert types_of(drill.reviewer, workflow) == types
    drill.check()


def test_lessons_are_written_whenever_the_server_dies(drill: Drill) -> None:
    workflow = drill.begin()
    outline = _outline(drill, workflow)
    lessons = lessons_of(drill.reviewer.get(f'/workflows/{workflow}/draft'))
    assert len(lessons) >= 5

    drill.hold_answers()
    drill.reviewer.decide(outline, 'approve')
    asked = drill.kill(then_answer=2)  # approved, perhaps nothing begun
    drill.wait_until_asked(asked + 3)
    saved = _written(drill, workflow)
    assert len(saved) == 2
    drill.kill(then_answer=1)  # two lessons saved, the third asked for
    assert _written(drill, workflow)[:2] == saved
    drill.wait_until_answered(len(drill.model.answered) + 1)
    drill.kill(freshly_answered=True)  # answered, perhaps not saved
    drill.reviewer.until(workflow, 'content')
    draft = drill.reviewer.get(f'/workflows/{workflow}/draft')
    assert all(lesson['blocks'] for lesson in lessons_of(draft))
    assert types_of(drill.reviewer, workflow).count('lesson.written') == len(lessons)
    drill.check()


def test_blocks_that_were_sent_back_are_written_again_once(drill: Drill) -> None:
    workflow = drill.in_content_review()['id']
    draft = drill.reviewer.get(f'/workflows/{workflow}/draft')
    texts = [block['id'] for block in blocks_of(draft) if block['type'] == 'text'][:4]
    asked = len(drill.model.requests)
    drill.hold_answers(but=2)
    sent_back = {block: {'decision': 'reject', 'comment': f'Say more of {block}.'} for block in texts}
    drill.reviewer.decide(drill.reviewer.until(workflow, 'content'), 'reject', blocks=sent_back)
    drill.wait_until_asked(asked + 3)
    drill.kill()  # two blocks written again, the third asked for
    drill.reviewer.until(workflow, 'content')
    after = {block['id']: block for block in blocks_of(drill.reviewer.get(f'/workflows/{workflow}/draft'))}
    assert {block['id'] for block in blocks_of(draft) if after[block['id']]['hash'] != block['hash']} == set(texts)
    assert types_of(drill.reviewer, workflow).count('block.rewritten') == len(texts)
    drill.check()


@pytest.mark.parametrize('stage', ['assembly', 'done'])
def test_a_course_is_assembled_whenever_the_server_dies(drill: Drill, stage: str) -> None:
    workflow = drill.in_content_review()
    drill.reviewer.decide(drill.reviewer.until(workflow['id'], 'content'), 'approve')
    reached = ('assembly', 'export', 'done')[('assembly', 'export', 'done').index(stage) :]
    eventually(lambda: drill.instructor.get(f'/workflows/{workflow["id"]}')['stage'] in reached, said=stage)
    drill.kill()
    drill.instructor.until(workflow['id'], 'done', 'completed')
    types = types_of(drill.instructor, workflow['id'])
    assert types.count('assembly.finished') == types.count('export.finished') == 1
    course = workflow['course_id']
    proofs = drill.instructor.get(f'/courses/{course}/exports')['items']
    assert sorted(proof['format'] for proof in proofs) == ['html', 'pdf']
    assert all(drill.instructor.exported(proof['id']) for proof in proofs)
    assert drill.publish(course)['version'] == '1.0'
    drill.check()


def test_an_export_is_made_whenever_the_server_dies(drill: Drill) -> None:
    workflow = drill.in_content_review()
    drill.reviewer.decide(drill.reviewer.until(workflow['id'], 'content'), 'approve')
    drill.instructor.until(workflow['id'], 'done', 'completed')
    order = ('queued', 'running', 'ready')
    for place in range(len(order)):
        address = f'/courses/{workflow["course_id"]}/exports'
        export = drill.instructor.post(address, {'format': 'pdf' if place else 'html'})['id']
        _reaches(drill, f'/exports/{export}', order[place:])
        drill.kill()
        assert drill.instructor.exported(export)
    drill.check()


def test_a_document_is_indexed_whenever_the_server_dies(drill: Drill, tmp_path: Path) -> None:
    path = large_pdf(tmp_path, pages=30)
    counts = set()
    order = ('queued', 'indexing', 'indexed')
    for place in range(len(order)):
        document = drill.instructor.upload(path)['id']
        _reaches(drill, f'/rag/documents/{document}', order[place:])
        drill.kill()
        found = drill.instructor.indexed(document)
        assert (found['status'], found['pages']) == ('indexed', 30), found
        counts.add(found['chunks'])
        chunks = drill.instructor.get(f'/rag/documents/{document}/chunks', limit=200)
        assert chunks['total'] == found['chunks']
        hits = drill.instructor.post('/rag/query', {'query': chunks['items'][-1]['text'][:200], 'limit': 9})['results']
        assert document in {hit['document_id'] for hit in hits}
    assert len(counts) == 1
    drill.check()


def test_what_was_acknowledged_is_there_after_the_kill(drill: Drill) -> None:
    instructor, student = drill.instructor, drill.student
    workflow = drill.in_content_review()
    draft = f'/workflows/{workflow["id"]}/draft'
    block = next(one for one in blocks_of(instructor.get(draft)) if one['type'] == 'text')
    mine = {'hash': block['hash'], 'content': {'html': '<p>My own words.</p>'}}
    saved = instructor.http.put(f'/blocks/{block["id"]}', json=mine)
    assert saved.status_code == 200, saved.text
    drill.kill()
    edited = next(one for one in blocks_of(instructor.get(draft)) if one['id'] == block['id'])
    assert (edited['content'], edited['origin']) == (mine['content'], 'human')

    drill.reviewer.decide(drill.reviewer.until(workflow['id'], 'content'), 'approve')
    instructor.until(workflow['id'], 'done', 'completed')
    course = workflow['course_id']
    published = drill.publish(course)
    enrolled = instructor.post(f'/courses/{course}/enroll', {'email': student.email})
    lessons = lessons_of(student.get(f'/courses/{course}'))
    done = student.post(f'/lessons/{lessons[0]["id"]}/complete')
    keys = {one['id']: one['content'] for one in blocks_of(instructor.get(f'/courses/{course}'))}
    quiz = lessons[0]['quiz']
    answers = {question: right_answer(keys[question]) for question in quiz['question_ids']}
    hand_in = {'answers': answers, 'submission_key': '5f9a4c0e-0000-4000-8000-000000000001'}
    marked = student.post(f'/quizzes/{quiz["id"]}/attempts', hand_in)
    drill.kill()

    version = instructor.get(f'/courses/{course}')['version']
    assert (version['number'], version['published_at']) == (published['version'], published['published_at'])
    [learner] = instructor.get(f'/courses/{course}/enrollments')['items']
    assert learner['id'] == enrolled['id']
    assert student.get('/enrollments')['items'][0]['progress'] == pytest.approx(done['course_progress'])
    again = student.post(f'/quizzes/{quiz["id"]}/attempts', hand_in)
    assert (again['id'], again['score'], again['attempts']) == (marked['id'], marked['score'], 1)
    [row] = instructor.get(f'/analytics/course/{course}')['students']
    assert (row['score'], row['attempts']) == (1.0, 1)
    drill.check()


@pytest.mark.parametrize('started', ['anthropic'], indirect=True)
def test_the_other_provider_is_not_paid_twice_either(drill: Drill) -> None:
    asked = len(drill.model.requests)
    drill.hold_answers()
    workflow = drill.begin()
    drill.wait_until_asked(asked + 1)
    drill.kill()
    outline = _outline(drill, workflow)
    asked = len(drill.model.requests)
    drill.hold_answers(but=2)
    drill.reviewer.decide(outline, 'approve')
    drill.wait_until_asked(asked + 3)
    drill.kill()
    drill.reviewer.until(workflow, 'content')
    drill.check()


def test_a_deploy_in_the_middle_of_a_lesson_ends_well_and_goes_on(drill: Drill) -> None:
    workflow = drill.begin()
    outline = _outline(drill, workflow)
    asked = len(drill.model.requests)
    drill.hold_answers(but=1)
    drill.reviewer.decide(outline, 'approve')
    drill.wait_until_asked(asked + 2)
    assert drill.deploy() == 0
    drill.reviewer.until(workflow, 'content')
    assert 'phase.failed' not in types_of(drill.reviewer, workflow)
    drill.check()


def _reaches(drill: Drill, path: str, statuses: tuple[str, ...]) -> None:
    """Until it is there, or further."""
    eventually(lambda: drill.instructor.get(path)['status'] in statuses, said=f'{path} {statuses[0]}')


def _outline(drill: Drill, workflow: str) -> Json:
    return drill.reviewer.until(workflow, 'outline')


def _written(drill: Drill, workflow: str) -> list[Json]:
    """The lessons that have blocks, in order."""
    draft = drill.reviewer.get(f'/workflows/{workflow}/draft')
    return [lesson for lesson in lessons_of(draft) if lesson['blocks']]
