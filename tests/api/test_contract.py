"""The main job over REST, as the contract promises it to scripts outside the project."""

import io
import zipfile

import httpx
import pytest
from fastapi.openapi.models import OpenAPI
from pypdf import PdfReader

from app.banner import DEMO_PASSWORD
from tests.api.members import Member, blocks_of, lessons_of, refusal, right_answer
from tests.api.walls import finds_nothing, may_only_learn
from tests.samples.documents import HANDBOOKS
from tests.servers.application import Application

pytestmark = pytest.mark.timeout(300)

LADDERS = HANDBOOKS / 'working-at-height.docx'
ROUTES = {
    'post /auth/login',
    'post /auth/logout',
    'post /auth/refresh',
    'get /auth/me',
    'post /rag/documents',
    'post /rag/add-document',
    'get /rag/documents',
    'get /rag/documents/{document_id}',
    'post /rag/query',
    'post /workflows',
    'get /workflows',
    'get /workflows/{workflow_id}',
    'get /workflows/{workflow_id}/events',
    'get /workflows/{workflow_id}/draft',
    'post /workflows/{workflow_id}/reviews',
    'get /courses',
    'post /courses',
    'get /courses/{course_id}',
    'put /courses/{course_id}',
    'delete /courses/{course_id}',
    'post /courses/{course_id}/restore',
    'post /courses/{course_id}/publish',
    'post /courses/{course_id}/enroll',
    'post /lessons/{lesson_id}/complete',
    'get /quizzes/{quiz_id}',
    'post /quizzes/{quiz_id}/attempts',
    'get /analytics/course/{course_id}',
    'post /export/pdf',
    'post /export/html',
    'post /generate/syllabus',
    'post /generate/slides',
    'post /generate/quiz',
}


def test_a_token_works_until_its_session_ends(site: Application) -> None:
    with httpx.Client(base_url=f'{site.url}/api/v1', timeout=60, trust_env=False) as http:
        account = {'email': 'instructor@demo.example', 'password': DEMO_PASSWORD}
        first = http.post('/auth/login', json=account).json()
        assert (first['token_type'], first['user']['email']) == ('bearer', account['email'])
        assert first['user']['roles'] == ['editor', 'instructor']
        assert first['expires_in'] > 0
        bearer = {'Authorization': f'Bearer {first["access_token"]}'}
        assert first['user'].items() <= http.get('/auth/me', headers=bearer).json().items()

        second = http.post('/auth/refresh', json={'refresh_token': first['refresh_token']}).json()
        replayed = http.post('/auth/refresh', json={'refresh_token': first['refresh_token']})
        assert replayed.status_code == 401
        refusal(replayed, 'not_signed_in')

        newer = {'Authorization': f'Bearer {second["access_token"]}'}
        assert http.get('/auth/me', headers=newer).status_code == 401, (
            'a used-up token that comes again ends the session'
        )
        third = {'Authorization': f'Bearer {http.post("/auth/login", json=account).json()["access_token"]}'}
        assert http.post('/auth/logout', headers=third).status_code == 204
        for dead in (bearer, newer, third, {}, {'Authorization': 'Bearer nonsense'}):
            answer = http.get('/auth/me', headers=dead)
            assert (answer.status_code, answer.headers['www-authenticate']) == (401, 'Bearer')
            refusal(answer, 'not_signed_in')

        wrong = http.post('/auth/login', json={**account, 'password': 'guessed'})
        nobody = http.post('/auth/login', json={**account, 'email': 'nobody@demo.example'})
        assert (wrong.status_code, nobody.status_code) == (401, 401)
        assert refusal(wrong, 'wrong_credentials') == refusal(nobody, 'wrong_credentials')


def test_from_a_document_to_a_course_that_is_learned(site: Application) -> None:
    instructor, reviewer, student = (Member.sign_in(site.url, who) for who in ('instructor', 'reviewer', 'student'))
    document = _document_is_read_and_found(instructor)
    workflow = instructor.begin([document])
    assert (workflow['stage'], workflow['status']) == ('outline', 'running')

    _outline_is_sent_back_and_approved(reviewer, workflow['id'])
    _blocks_that_are_sent_back_are_written_again(reviewer, workflow['id'])
    done = instructor.until(workflow['id'], 'done', 'completed')
    assert (done['progress'], done['review'], done['error']) == (1.0, None, None)
    _history_is_whole(instructor, workflow['id'])

    course_id = workflow['course_id']
    assert student.get('/courses')['items'] == []
    student.refused(404, 'not_found', 'GET', f'/courses/{course_id}')
    published = instructor.post(f'/courses/{course_id}/publish')
    assert (published['id'], published['version']) == (course_id, '1.0')
    assert published['published_at']
    instructor.refused(409, 'already_published', 'POST', f'/courses/{course_id}/publish')

    enrolled = instructor.post(f'/courses/{course_id}/enroll', {'email': student.email})
    again = instructor.post(f'/courses/{course_id}/enroll', {'user_id': student.id})
    assert enrolled == again
    assert (enrolled['user_id'], enrolled['status']) == (student.id, 'active')

    quiz = _student_learns(instructor, student, course_id)
    exports = _exports_open(instructor, course_id)
    lesson = lessons_of(student.get(f'/courses/{course_id}'))[0]
    finds_nothing(
        Member.sign_in(site.url, 'instructor@other.example'),
        document=document,
        workflow=workflow['id'],
        course=course_id,
        lesson=lesson['id'],
        block=lesson['blocks'][0]['id'],
        quiz=quiz,
        export=exports[0],
        user=student.id,
    )
    may_only_learn(student, document=document, workflow=workflow['id'], course=course_id)


def test_lists_come_in_pages(site: Application) -> None:
    admin = Member.sign_in(site.url, 'admin@other.example')
    made = [admin.post('/courses', {'title': f'Course {number:02}'})['id'] for number in range(7)]
    pages = [admin.get('/courses', limit=3, offset=offset, sort='title') for offset in (0, 3, 6)]
    assert [page['total'] for page in pages] == [7, 7, 7]
    assert [row['id'] for page in pages for row in page['items']] == made
    admin.refused(422, 'invalid', 'GET', '/courses', params={'limit': 0})
    for path in ('/rag/documents', '/workflows'):
        assert admin.get(path, limit=1, offset=0) == {'items': [], 'total': 0}


def test_the_description_of_the_api_names_every_route_and_is_sound(site: Application) -> None:
    described = httpx.get(f'{site.url}/api/v1/openapi.json').json()
    OpenAPI.model_validate(described)
    listed = {f'{method} {path}' for path, methods in described['paths'].items() for method in methods}
    assert listed >= ROUTES
    names = [operation['operationId'] for methods in described['paths'].values() for operation in methods.values()]
    assert len(set(names)) == len(names)
    for reference in _references(described):
        target = described
        for part in reference.removeprefix('#/').split('/'):
            target = target[part]
    assert httpx.get(f'{site.url}/api/v1/docs').status_code == 200


def _document_is_read_and_found(instructor: Member) -> str:
    queued = instructor.upload(LADDERS)
    assert (queued['name'], queued['status']) == (LADDERS.name, 'queued')
    document = instructor.indexed(queued['id'])
    assert (document['status'], document['error']) == ('indexed', None)
    assert document['pages'] > 3
    assert document['chunks'] > 10
    asked = {'query': 'how far out should the foot of a ladder stand', 'limit': 3}
    results = instructor.post('/rag/query', asked)['results']
    assert len(results) == 3
    assert 'angle' in results[0]['text']
    assert {result['document_id'] for result in results} == {queued['id']}
    assert {result['document_name'] for result in results} == {LADDERS.name}
    assert all(result['page'] >= 1 and 0 <= result['score'] <= 1 for result in results)
    document_id: str = queued['id']
    return document_id


def _outline_is_sent_back_and_approved(reviewer: Member, workflow_id: str) -> None:
    first = reviewer.until(workflow_id, 'outline')
    draft = reviewer.get(f'/workflows/{workflow_id}/draft')
    assert (draft['stage'], draft['hash']) == ('outline', first['review']['hash'])
    assert lessons_of(draft)
    assert blocks_of(draft) == []

    reviews = f'/workflows/{workflow_id}/reviews'
    decision = {'review_id': first['review']['id'], 'hash': draft['hash'], 'decision': 'approve', 'comment': ''}
    reviewer.refused(409, 'draft_changed', 'POST', reviews, json={**decision, 'hash': 'of something else'})
    reviewer.refused(422, 'invalid', 'POST', reviews, json={**decision, 'decision': 'reject'})
    reviewer.decide(first, 'reject', 'Put the inspection of ladders into a module of its own.')
    reviewer.refused(409, 'review_over', 'POST', reviews, json=decision)

    second = reviewer.until(workflow_id, 'outline')
    assert second['review']['id'] != first['review']['id']
    types = [event['type'] for event in reviewer.get(f'/workflows/{workflow_id}/events')['events']]
    assert types.count('outline.drafted') == 2
    assert types.count('outline.rejected') == 1
    assert reviewer.decide(second, 'approve') == {'stage': 'content', 'status': 'running'}


def _blocks_that_are_sent_back_are_written_again(reviewer: Member, workflow_id: str) -> None:
    first = reviewer.until(workflow_id, 'content')
    before = {block['id']: block for block in blocks_of(reviewer.get(f'/workflows/{workflow_id}/draft'))}
    assert {block['type'] for block in before.values()} == {'text', 'slide', 'question'}
    assert {block['origin'] for block in before.values()} == {'ai'}
    assert all(source['quote'] for block in before.values() for source in block['sources'])
    texts = [block['id'] for block in before.values() if block['type'] == 'text' and block['sources']]
    sent_back = set(texts[:2])
    decisions = {
        block: {'decision': 'reject', 'comment': 'Say it in half the words.'}
        if block in sent_back
        else {'decision': 'approve', 'comment': ''}
        for block in before
    }
    assert reviewer.decide(first, 'reject', blocks=decisions) == {'stage': 'content', 'status': 'running'}

    second = reviewer.until(workflow_id, 'content')
    after = {block['id']: block for block in blocks_of(reviewer.get(f'/workflows/{workflow_id}/draft'))}
    assert after.keys() == before.keys()
    changed = {block for block in after if after[block]['hash'] != before[block]['hash']}
    assert changed
    assert changed <= sent_back
    events = reviewer.get(f'/workflows/{workflow_id}/events')['events']
    assert {event['data']['block_id'] for event in events if event['type'] == 'block.rewritten'} == sent_back
    assert reviewer.decide(second, 'approve') == {'stage': 'assembly', 'status': 'running'}


def _history_is_whole(instructor: Member, workflow_id: str) -> None:
    events = instructor.get(f'/workflows/{workflow_id}/events')['events']
    assert [event['seq'] for event in events] == list(range(1, len(events) + 1))
    steps = [event['type'] for event in events]
    assert steps[0] == 'workflow.created'
    assert steps[-1] == 'export.finished'
    assert all(event['actor'] and event['at'] for event in events)


def _student_learns(instructor: Member, student: Member, course_id: str) -> str:
    """Completes the first lesson and takes its quiz twice, badly and then well; gives the quiz's id."""
    as_author, as_learner = instructor.get(f'/courses/{course_id}'), student.get(f'/courses/{course_id}')
    assert [row['id'] for row in student.get('/courses')['items']] == [course_id]
    assert [block['id'] for block in blocks_of(as_learner)] == [block['id'] for block in blocks_of(as_author)]
    keys = {block['id']: block['content'] for block in blocks_of(as_author) if block['type'] == 'question'}
    for block in blocks_of(as_learner):
        if block['type'] == 'question':
            assert not {'accepted', 'explanation'} & {name for name, value in block['content'].items() if value}
            assert all('correct' not in option for option in block['content']['options'])
    lessons = lessons_of(as_learner)
    lesson = lessons[0]
    done = student.post(f'/lessons/{lesson["id"]}/complete')
    share = 1 / len(lessons)
    assert (done['lesson_id'], done['course_progress']) == (lesson['id'], pytest.approx(share))
    assert student.post(f'/lessons/{lesson["id"]}/complete') == done

    quiz, questions = lesson['quiz']['id'], lesson['quiz']['question_ids']
    attempts = f'/quizzes/{quiz}/attempts'
    bad = student.post(attempts, {'answers': {}})
    assert (bad['score'], bad['max_score'], bad['passed']) == (0, len(questions), False)
    good = student.post(attempts, {'answers': {question: right_answer(keys[question]) for question in questions}})
    assert (good['score'], good['passed']) == (len(questions), True), good
    assert [(marked['id'], marked['correct']) for marked in good['questions']] == [(key, True) for key in questions]
    assert all(marked['explanation'] for marked in good['questions'])

    figures = instructor.get(f'/analytics/course/{course_id}')
    assert figures['enrolled'] == 1
    assert (figures['completion_rate'], figures['average_score']) == (pytest.approx(share), 1.0)
    [row] = figures['students']
    assert (row['user_id'], row['progress'], row['score']) == (student.id, pytest.approx(share), 1.0)
    assert row['last_seen']
    quiz_id: str = quiz
    return quiz_id


def _exports_open(instructor: Member, course_id: str) -> list[str]:
    asked = [instructor.post(f'/courses/{course_id}/exports', {'format': kind})['id'] for kind in ('html', 'pdf')]
    page, pdf = (instructor.exported(export) for export in asked)
    with zipfile.ZipFile(io.BytesIO(page)) as archive:
        assert archive.testzip() is None
        assert 'index.html' in archive.namelist()
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) > 3
    assert reader.outline
    return asked


def _references(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part['$ref']] if isinstance(part.get('$ref'), str) else []
        return own + [found for value in part.values() for found in _references(value)]
    if isinstance(part, list):
        return [found for value in part for found in _references(value)]
    return []
