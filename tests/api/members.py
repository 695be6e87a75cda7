"""People of the demo organisation who use the platform over REST, as a program would."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from app.banner import DEMO_PASSWORD
from app.demo.seed import people
from storage.database import Database
from storage.migrate import upgrade

Json = dict[str, Any]
_PATIENCE_SECONDS = 120.0


async def seed_people(database_url: str) -> None:
    """The two demo organisations with their people and nothing else, in an empty database."""
    database = Database(database_url)
    await upgrade(database)
    await people(database)
    await database.close()


def eventually(look: Callable[[], Any], *, within: float = _PATIENCE_SECONDS, said: str = '') -> Any:
    """The first true value that `look` gives."""
    deadline = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < deadline, f'{said or "it"} did not happen within {within:g} s'
        time.sleep(0.05)
    return found


@dataclass(frozen=True, kw_only=True)
class Member:
    """One signed-in person. What is asked here is expected to be answered; `refused` expects a refusal."""

    email: str
    id: str
    http: httpx.Client

    @classmethod
    def sign_in(cls, url: str, who: str) -> Self:
        """`who` is the part before the @ of a demo account, or a whole address."""
        email = who if '@' in who else f'{who}@demo.example'
        http = httpx.Client(base_url=f'{url}/api/v1', timeout=60, trust_env=False)
        answer = http.post('/auth/login', json={'email': email, 'password': DEMO_PASSWORD})
        assert answer.status_code == 200, answer.text
        http.headers['Authorization'] = f'Bearer {answer.json()["access_token"]}'
        return cls(email=email, id=answer.json()['user']['id'], http=http)

    def get(self, path: str, **query: Any) -> Any:
        return _said(self.http.get(path, params=query))

    def post(self, path: str, body: Json | None = None) -> Any:
        return _said(self.http.post(path, json=body))

    def refused(self, status: int, code: str, method: str, path: str, **request: Any) -> Json:
        """Expects this refusal in the shape of the contract, and gives it."""
        answer = self.http.request(method, path, **request)
        assert answer.status_code == status, f'{method} {path}: {answer.status_code} {answer.text}'
        return refusal(answer, code)

    def send(self, name: str, content: bytes) -> httpx.Response:
        return self.http.post('/rag/documents', files={'file': (name, content)})

    def upload(self, path: Path) -> Json:
        answer = self.send(path.name, path.read_bytes())
        assert answer.status_code == 202, answer.text
        document: Json = answer.json()
        return document

    def indexed(self, document_id: str) -> Json:
        """The document once it is indexed or failed."""
        found: Json = eventually(
            lambda: self._if(f'/rag/documents/{document_id}', lambda it: it['status'] in ('indexed', 'failed')),
            said=f'indexing of {document_id}',
        )
        return found

    def begin(self, document_ids: list[str], **changes: Any) -> Json:
        """A workflow from a brief."""
        brief = {
            'title': 'Working on ladders',
            'brief': 'Staff choose, set up and use ladders safely.',
            'audience': 'Workshop staff',
            'level': 'Introductory',
            'hours': 1,
            'language': 'en',
            'document_ids': document_ids,
        }
        workflow: Json = self.post('/workflows', {**brief, **changes})
        return workflow

    def until(self, workflow_id: str, stage: str, status: str = 'awaiting_review') -> Json:
        """The workflow once it stands there; a failure on the way is an error."""

        def there(workflow: Json) -> bool:
            assert workflow['status'] != 'failed' or status == 'failed', workflow
            return (workflow['stage'], workflow['status']) == (stage, status)

        found: Json = eventually(
            lambda: self._if(f'/workflows/{workflow_id}', there), said=f'{stage} {status} of {workflow_id}'
        )
        return found

    def decide(self, workflow: Json, decision: str, comment: str = '', **more: Any) -> Json:
        review = workflow['review']
        body = {'review_id': review['id'], 'hash': review['hash'], 'decision': decision, 'comment': comment, **more}
        decided: Json = self.post(f'/workflows/{workflow["id"]}/reviews', body)
        return decided

    def exported(self, export_id: str) -> bytes:
        """The bytes of an export, once it is made."""
        ended = eventually(
            lambda: self._if(f'/exports/{export_id}', lambda it: it['status'] in ('ready', 'failed')),
            said=f'export {export_id}',
        )
        assert ended['status'] == 'ready', ended
        answer = self.http.get(f'/exports/{export_id}/file')
        assert answer.status_code == 200, answer.text
        return answer.content

    def _if(self, path: str, wanted: Callable[[Json], bool]) -> Json | None:
        found: Json = self.get(path)
        return found if wanted(found) else None


def blocks_of(draft: Json) -> list[Json]:
    """Every block of a draft or a course, in order."""
    return [block for module in draft['modules'] for lesson in module['lessons'] for block in lesson['blocks']]


def lessons_of(course: Json) -> list[Json]:
    return [lesson for module in course['modules'] for lesson in module['lessons']]


def right_answer(content: Json) -> Any:
    """What a learner who knows it answers, from the content as an author sees it."""
    if content['kind'] == 'short':
        return content['accepted'][0]
    right = [option['id'] for option in content['options'] if option['correct']]
    return right if content['kind'] == 'multiple' else right[0]


def refusal(answer: httpx.Response, code: str) -> Json:
    """The body of a refusal, after a look at its shape."""
    body: Json = answer.json()
    assert body['code'] == code, body
    assert isinstance(body['detail'], str), body
    assert body['detail'].endswith(('.', '!', '?')) and len(body['detail']) > 10, body
    return body


def _said(answer: httpx.Response) -> Any:
    assert answer.is_success, f'{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}'
    return answer.json() if answer.content else None
