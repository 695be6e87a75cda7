"""What cannot be taken is refused with a sentence that says how to mend it, leaves nothing behind, and stops nobody."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.banner import DEMO_PASSWORD
from tests.api.members import Json, Member, lessons_of, refusal
from tests.samples import documents
from tests.samples.documents import HANDBOOKS
from tests.servers.application import Application

pytestmark = pytest.mark.timeout(300)

_MEGABYTE = 1024 * 1024
_BOUNDARY = 'the-boundary'
SMALL = HANDBOOKS / 'puncture-repair.txt'


@pytest.fixture
def instructor(site: Application) -> Member:
    return Member.sign_in(site.url, 'instructor')


def test_a_file_that_cannot_be_read_is_refused_and_nothing_of_it_stays(
    site: Application, instructor: Member, tmp_path: Path
) -> None:
    before = _stored(site, instructor)
    for path, status, code in (
        (documents.empty_file(tmp_path), 422, 'empty_document'),
        (documents.png_named_pdf(tmp_path), 415, 'wrong_type'),
        (documents.contradictory_name(tmp_path), 415, 'wrong_type'),
        (documents.truncated_docx(tmp_path), 422, 'damaged_document'),
        (documents.encrypted_docx(tmp_path), 422, 'locked_document'),
    ):
        answer = instructor.send(path.name, path.read_bytes())
        assert answer.status_code == status, f'{path.name}: {answer.status_code} {answer.text}'
        assert path.name in refusal(answer, code)['detail']
    assert _stored(site, instructor) == before


def test_a_document_that_turns_out_unreadable_says_so_and_the_next_one_is_read(
    instructor: Member, tmp_path: Path
) -> None:
    sent = {
        path.name: instructor.upload(path)['id']
        for path in (documents.encrypted_pdf(tmp_path), documents.scanned_pdf(tmp_path), SMALL)
    }
    locked, scanned, good = (instructor.indexed(document) for document in sent.values())
    assert (locked['status'], scanned['status'], good['status']) == ('failed', 'failed', 'indexed')
    assert 'password' in locked['error']
    assert 'text' in scanned['error']
    instructor.refused(
        422, 'invalid', 'POST', '/workflows', json={'title': 'x', 'hours': 1, 'document_ids': [locked['id']]}
    )


@pytest.mark.parametrize('announced', [True, False], ids=['announced', 'chunked'])
def test_half_a_gigabyte_is_refused_soon_and_leaves_nothing(
    site: Application, instructor: Member, announced: bool
) -> None:
    before = _stored(site, instructor)
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n%PDF-1.7\n'.encode()
    )
    tail = f'\r\n--{_BOUNDARY}--\r\n'.encode()

    def body() -> Iterator[bytes]:
        yield head
        for _ in range(500):
            yield bytes(_MEGABYTE)
        yield tail

    headers = {'Content-Type': f'multipart/form-data; boundary={_BOUNDARY}'}
    if announced:
        headers['Content-Length'] = str(len(head) + 500 * _MEGABYTE + len(tail))
    began = time.monotonic()
    answer = instructor.http.post('/rag/documents', content=body(), headers=headers)
    took = time.monotonic() - began
    print(f'refused after {took:.1f} s')
    assert answer.status_code == 413
    assert 'MB' in refusal(answer, 'too_large')['detail']
    assert took < 30
    assert _stored(site, instructor) == before


def test_a_file_name_is_only_ever_a_name(site: Application, instructor: Member) -> None:
    for name in ('../../../etc/passwd.txt', 'C:\\windows\\handbook.txt', 'hand\x1b[31mbook.txt', 'a\u202etxt.md'):
        answer = instructor.send(name, SMALL.read_bytes())
        assert answer.status_code == 202, answer.text
        kept = answer.json()['name']
        assert kept.isprintable()
        assert not {'/', '\\', '..'} & set(kept)
        assert instructor.indexed(answer.json()['id'])['name'] == kept
    assert not list(site.data_dir.rglob('passwd*'))


def test_a_brief_that_lacks_something_names_the_field(instructor: Member) -> None:
    document = instructor.indexed(instructor.upload(SMALL)['id'])['id']
    before = instructor.get('/workflows')['total']
    brief = {'title': 'Punctures', 'hours': 1, 'document_ids': [document]}
    for change, field in (
        ({'title': '   '}, 'title'),
        ({'hours': 0}, 'hours'),
        ({'hours': -3}, 'hours'),
        ({'hours': 'many'}, 'hours'),
        ({'document_ids': []}, 'document_ids'),
        ({'document_ids': ['00000000-0000-4000-8000-000000000000']}, 'document_ids'),
        ({'surprise': True}, 'surprise'),
    ):
        refused = instructor.refused(422, 'invalid', 'POST', '/workflows', json={**brief, **change})
        assert refused['fields'].keys() == {field}
    instructor.refused(422, 'invalid', 'POST', '/workflows', content=b'{"title": ')
    assert instructor.get('/workflows')['total'] == before


def test_what_is_not_there_or_not_possible_has_the_same_shape(site: Application, instructor: Member) -> None:
    instructor.refused(404, 'not_found', 'GET', '/nothing/here')
    instructor.refused(405, 'method_not_allowed', 'PATCH', '/courses')
    instructor.refused(422, 'invalid', 'GET', '/courses/not-an-id')
    instructor.refused(422, 'invalid', 'POST', '/rag/query', json={'query': '', 'limit': 1})
    instructor.refused(409, 'conflict', 'POST', f'/courses/{_course(instructor)}/exports', json={'format': 'pdf'})
    with httpx.Client(base_url=f'{site.url}/api/v1', trust_env=False) as stranger:
        for method, path in (('GET', '/courses'), ('POST', '/rag/documents'), ('DELETE', '/lessons/x/complete')):
            answer = stranger.request(method, path)
            assert answer.status_code == 401
            refusal(answer, 'not_signed_in')


def test_a_cookie_counts_only_from_pages_of_our_own(site: Application) -> None:
    with httpx.Client(base_url=site.url, trust_env=False) as browser:
        form = {'email': 'instructor@demo.example', 'password': DEMO_PASSWORD}
        assert browser.post('/auth/login', data=form, headers={'Origin': site.url}).status_code == 303
        assert browser.get('/api/v1/auth/me').json()['email'] == form['email']
        forged = browser.post('/api/v1/courses', json={'title': 'x'}, headers={'Origin': 'https://elsewhere.example'})
        assert forged.status_code == 403
        refusal(forged, 'forbidden')
        own = browser.post('/api/v1/courses', json={'title': 'x'}, headers={'Origin': site.url})
        assert own.status_code == 201


def test_of_a_draft_that_changed_nobody_approves_the_old_one(site: Application, instructor: Member) -> None:
    workflow, reviewer = _waiting(site, instructor), Member.sign_in(site.url, 'reviewer')
    draft = reviewer.get(f'/workflows/{workflow["id"]}/draft')
    [module, *rest] = draft['modules']
    edited = {
        'title': 'Another title',
        'summary': '',
        'objectives': draft['objectives'],
        'modules': [
            {
                'id': one['id'],
                'title': one['title'],
                'objectives': one['objectives'],
                'lessons': [
                    {'id': lesson['id'], 'title': lesson['title'], 'objectives': lesson['objectives'], 'minutes': 10}
                    for lesson in one['lessons']
                ],
            }
            for one in (module, *rest)
        ],
    }
    address = f'/workflows/{workflow["id"]}/outline'
    saved = instructor.http.put(address, json={'hash': draft['hash'], 'outline': edited})
    assert saved.status_code == 200, saved.text
    instructor.refused(409, 'draft_changed', 'PUT', address, json={'hash': draft['hash'], 'outline': edited})
    old = {'review_id': workflow['review']['id'], 'hash': draft['hash'], 'decision': 'approve', 'comment': ''}
    reviewer.refused(409, 'draft_changed', 'POST', f'/workflows/{workflow["id"]}/reviews', json=old)
    now = reviewer.until(workflow['id'], 'outline')
    assert now['review'] == {**workflow['review'], 'hash': saved.json()['hash']}
    assert reviewer.decide(now, 'approve') == {'stage': 'content', 'status': 'running'}
    content = reviewer.get(f'/workflows/{workflow["id"]}/draft')
    assert {lesson['minutes'] for lesson in lessons_of(content)} == {10}


def test_of_two_reviewers_at_once_one_decides_and_the_other_is_told(site: Application, instructor: Member) -> None:
    workflow = _waiting(site, instructor)
    reviewers = [Member.sign_in(site.url, who) for who in ('reviewer', 'admin', 'instructor', 'reviewer')]
    review = workflow['review']
    body = {'review_id': review['id'], 'hash': review['hash'], 'decision': 'approve', 'comment': ''}
    with ThreadPoolExecutor(len(reviewers)) as threads:
        answers = list(
            threads.map(lambda one: one.http.post(f'/workflows/{workflow["id"]}/reviews', json=body), reviewers)
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            assert 'decided' in refusal(answer, 'review_over')['detail']
    events = instructor.get(f'/workflows/{workflow["id"]}/events')['events']
    assert [event['type'] for event in events].count('outline.approved') == 1


def _waiting(site: Application, instructor: Member) -> Json:
    """A workflow whose outline waits for a decision."""
    document = instructor.indexed(instructor.upload(SMALL)['id'])['id']
    return instructor.until(instructor.begin([document], title='Punctures')['id'], 'outline')


def _course(instructor: Member) -> str:
    course: str = instructor.post('/courses', {'title': 'Empty'})['id']
    return course


def _stored(site: Application, instructor: Member) -> tuple[int, set[Path]]:
    """How many documents are listed, and every file of documents on the disk."""
    files = {path for path in (site.data_dir / 'files').rglob('*') if path.is_file()}
    return instructor.get('/rag/documents')['total'], files
