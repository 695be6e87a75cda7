"""The routes over the same services: names, shapes and codes as the contract has them."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI, Request

from app import errors
from app.api import analytics, courses, exports, files, lessons, publishing, quizzes
from services.analytics.course import AnalyticsService
from services.courses.service import CourseService
from services.enrollments import EnrollmentService
from services.exports.service import ExportService
from services.files import FileService
from services.flags import FlagService
from services.quizzes import QuizService
from services.viewer import Viewer
from storage.files import FileStore
from tests.services.test_exports import Started, finish
from tests.services.test_files import picture
from tests.services.world import World

Client = httpx.AsyncClient


@pytest.fixture
async def platform(world: World, tmp_path: Path) -> SimpleNamespace:
    store, durable = FileStore(tmp_path / 'files'), Started()
    return SimpleNamespace(
        durable=durable,
        courses=CourseService(world.gate),
        keeping=None,  # what links, sources and living courses need; nothing here asks for them
        enrollments=EnrollmentService(world.gate),
        quizzes=QuizService(world.gate),
        analytics=AnalyticsService(world.gate, world.bus),
        exports=ExportService(world.gate, durable, store, FlagService(world.gate)),
        files=FileService(world.gate, store),
    )


@pytest.fixture
async def client(world: World, platform: SimpleNamespace) -> AsyncIterator[Client]:
    async def current_viewer(request: Request) -> Viewer:
        cast, _, person = request.headers['Person'].partition('/')
        viewer: Viewer = getattr(getattr(world, cast), person)
        return viewer

    api = FastAPI()
    errors.install(api)
    for noun in (courses, publishing, lessons, quizzes, analytics, exports, files):
        api.include_router(noun.router(platform, current_viewer))
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url='http://api', headers=asking('instructor')) as client:
        yield client


def asking(person: str, cast: str = 'demo') -> dict[str, str]:
    return {'Person': f'{cast}/{person}'}


async def test_a_course_goes_round_and_comes_back(client: Client) -> None:
    created = await client.post('/courses', json={'title': 'Safe handling', 'summary': 'Why'})
    assert created.status_code == 201
    course = created.json()
    path = f'/courses/{course["id"]}'
    assert (await client.get(path)).json() == course
    changed = await client.put(path, json={'title': 'Renamed'})
    assert (changed.json()['title'], changed.json()['summary']) == ('Renamed', 'Why')
    listed = (await client.get('/courses', params={'search': 'renam', 'limit': 1, 'offset': 0})).json()
    assert (listed['total'], listed['items'][0]['instructor']) == (1, 'Instructor of Demo Academy')
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).json()['code'] == 'not_found'
    assert (await client.get('/courses/deleted')).json()['items'][0]['id'] == course['id']
    assert (await client.post(f'{path}/restore')).status_code == 200
    assert (await client.get('/courses')).json()['total'] == 1


@pytest.mark.parametrize(
    'body', [{}, {'title': ''}, {'title': 'x' * 201}, {'title': 'A', 'organization_id': str(uuid4())}, {'title': 5}, []]
)
async def test_a_bad_course_is_refused_with_a_sentence(client: Client, body: object) -> None:
    refused = await client.post('/courses', json=body)
    assert refused.status_code == 422
    assert refused.json()['code'] == 'invalid'
    assert refused.json()['fields']


async def test_bad_ids_and_limits_are_refused(client: Client) -> None:
    for noun in ('courses', 'lessons', 'quizzes', 'analytics/course', 'exports', 'files'):
        assert (await client.get(f'/{noun}/none')).status_code == 422, noun
    for asked in ('limit=201', 'limit=0', 'offset=-1', 'sort=luck', 'status=lost'):
        assert (await client.get(f'/courses?{asked}')).status_code == 422, asked


async def test_publishing_says_what_is_to_be_mended(world: World, client: Client) -> None:
    made = await world.course(world.demo, approved=False)
    refused = await client.post(f'/courses/{made.course_id}/publish')
    assert (refused.status_code, refused.json()['code']) == (409, 'publish_blocked')
    finding = refused.json()['findings'][0]
    assert {'code', 'severity', 'message', 'mend', 'lesson_id', 'lesson', 'block_id', 'excerpt', 'jump'} <= set(finding)
    ready = await world.course(world.demo)
    published = await client.post(f'/courses/{ready.course_id}/publish')
    assert published.status_code == 200
    assert (published.json()['id'], published.json()['version']) == (str(ready.course_id), '1.0')
    assert published.json()['published_at']
    assert (await client.post(f'/courses/{ready.course_id}/publish')).json()['code'] == 'already_published'
    versions = (await client.get(f'/courses/{ready.course_id}/versions')).json()
    assert (versions['total'], versions['items'][0]['state']) == (1, 'published')


async def test_the_student_s_way_from_enrolment_to_the_instructor_s_figures(world: World, client: Client) -> None:
    made = await world.published(world.demo)
    path, student = f'/courses/{made.course_id}', asking('student')
    enrolled = [await client.post(f'{path}/enroll', json={'email': 'student@demo.example'}) for _ in range(2)]
    assert enrolled[0].json() == enrolled[1].json()
    assert {'id', 'course_id', 'user_id', 'status'} <= set(enrolled[0].json())
    course = (await client.get(path, headers=student)).json()
    lesson = course['modules'][0]['lessons'][0]
    assert 'correct' not in str(lesson)
    assert 'accepted' not in str(lesson)
    assert (await client.get('/enrollments', headers=student)).json()['items'][0]['next_lesson_id'] == lesson['id']
    assert (await client.post(f'/lessons/{lesson["id"]}/open', headers=student)).json()['done'] is False
    assert (await client.get(f'/lessons/{lesson["id"]}', headers=student)).json()['lesson'] == lesson
    done = (await client.post(f'/lessons/{lesson["id"]}/complete', headers=student)).json()
    assert (done['lesson_id'], done['course_progress']) == (lesson['id'], 0.25)
    quiz = (await client.get(f'/quizzes/{lesson["quiz"]["id"]}', headers=student)).json()
    answers = {quiz['questions'][0]['id']: 'b', quiz['questions'][1]['id']: ['a', 'c']}
    marked = (await client.post(f'/quizzes/{quiz["id"]}/attempts', json={'answers': answers}, headers=student)).json()
    assert (marked['score'], marked['max_score'], marked['passed']) == (2.0, 4.0, False)
    assert [question['correct'] for question in marked['questions']] == [True, True, False, False]
    assert (await client.get(f'/quizzes/{quiz["id"]}/attempts', headers=student)).json()['total'] == 1
    figures = (await client.get(f'/analytics/course/{made.course_id}')).json()
    assert (figures['enrolled'], figures['completion_rate'], figures['average_score']) == (1, 0.25, 0.5)
    assert (figures['students'][0]['progress'], figures['students'][0]['score']) == (0.25, 0.5)
    assert figures['students'][0]['last_seen']
    reopened = (await client.delete(f'/lessons/{lesson["id"]}/complete', headers=student)).json()
    assert (reopened['completed_at'], reopened['course_progress']) == (None, 0.0)
    report = (await client.post(f'{path}/enrollments', json={'emails': ['classmate@demo.example', 'x@y.z']})).json()
    assert [line['outcome'] for line in report['lines']] == ['enrolled', 'not_member']
    gone = await client.delete(f'{path}/enrollments/{world.demo.classmate.user_id}')
    assert gone.status_code == 204
    assert (await client.get(f'{path}/enrollments')).json()['total'] == 1


async def test_an_export_is_fetched_under_its_name(world: World, platform: SimpleNamespace, client: Client) -> None:
    made = await world.published(world.demo, 'Chémie: Übung')
    asked = await client.post(f'/courses/{made.course_id}/exports', json={'format': 'html'})
    assert asked.status_code == 202
    by_name = await client.post('/export/pdf', json={'course_id': str(made.course_id)})
    assert (by_name.status_code, by_name.json()['format']) == (202, 'pdf')
    assert (await client.post('/export/html', json={'course_id': str(made.course_id)})).status_code == 202
    assert (await client.get(f'/exports/{asked.json()["id"]}/file')).status_code == 409
    await finish(platform.exports, platform.durable)
    assert (await client.get(f'/exports/{asked.json()["id"]}')).json()['status'] == 'ready'
    fetched = await client.get(f'/exports/{asked.json()["id"]}/file')
    assert fetched.headers['content-type'] == 'application/zip'
    assert "filename*=utf-8''Ch%C3%A9mie%20%C3%9Cbung%201.0.zip" in fetched.headers['content-disposition']
    assert fetched.content[:2] == b'PK'
    assert (await client.get(f'/courses/{made.course_id}/exports')).json()['total'] == 3


async def test_a_picture_is_served_as_nothing_but_a_picture(client: Client) -> None:
    sent = await client.post('/files/upload', files={'file': ('a.html', picture('PNG'), 'text/html')})
    assert sent.status_code == 201
    served = await client.get(sent.json()['path'])
    assert served.headers['content-type'] == 'image/png'
    assert served.headers['x-content-type-options'] == 'nosniff'
    assert served.headers['content-disposition'].startswith('inline')
    assert (await client.get(sent.json()['path'], headers=asking('instructor', 'other'))).status_code == 404
    refused = await client.post('/files/upload', files={'file': ('a.png', b'<svg/>', 'image/png')})
    assert (refused.status_code, refused.json()['code']) == (415, 'not_a_picture')
