"""A server that is killed, a model that waits for permission to answer, and the questions asked after every kill."""

import threading
from collections import Counter
from typing import Any
from uuid import uuid4

from tests.api.members import Json, Member, eventually
from tests.doubles.model_server import ModelServer
from tests.samples.documents import HANDBOOKS
from tests.servers.application import Application

DOCUMENT = HANDBOOKS / 'working-at-height.docx'


class Drill:
    def __init__(self, application: Application, model: ModelServer) -> None:
        self.application = application
        self.model = model
        self._cut_off: Counter[tuple[str, ...]] = Counter()  # asked for, and the server died before the answer
        self._unsaved: Counter[tuple[str, ...]] = Counter()  # answered, and the server died at that moment
        self.instructor = Member.sign_in(application.url, 'instructor')
        self.reviewer = Member.sign_in(application.url, 'reviewer')
        self.student = Member.sign_in(application.url, 'student')
        self.admin = Member.sign_in(application.url, 'admin')
        self._document = self.instructor.upload(DOCUMENT)['id']
        assert self.instructor.indexed(self._document)['status'] == 'indexed'

    def recover(self) -> None:
        """Whatever an earlier drill left: the server runs and the model answers."""
        self.model.turnstile = None
        if not self.application.process.alive:
            self.application.start()

    def begin(self, **changes: Any) -> str:
        """A workflow of its own course, told apart at the model by its title."""
        workflow: str = self.instructor.begin([self._document], **{'title': f'Course {uuid4()}', **changes})['id']
        return workflow

    def publish(self, course_id: str) -> Json:
        """Over what the publish check finds in the words of a doubled model."""
        because = {'override_reason': 'This is about the server, not about the words.'}
        published: Json = self.admin.post(f'/courses/{course_id}/publish', because)
        return published

    def in_content_review(self) -> Json:
        """A short course whose lessons wait for a decision."""
        workflow: Json = self.instructor.get(f'/workflows/{self.begin(hours=0.5)}')
        self.reviewer.decide(self.reviewer.until(workflow['id'], 'outline'), 'approve')
        self.reviewer.until(workflow['id'], 'content')
        return workflow

    def hold_answers(self, *, but: int = 0) -> None:
        """From now on every request waits; the first `but` of them are still answered."""
        self.model.turnstile = threading.Semaphore(but)

    def wait_until_asked(self, count: int) -> None:
        """Until the model was asked this often in all."""
        eventually(lambda: len(self.model.requests) >= count, said=f'request {count}')

    def wait_until_answered(self, count: int) -> None:
        eventually(lambda: len(self.model.answered) >= count, said=f'answer {count}')

    def kill(self, *, freshly_answered: bool = False, then_answer: int | None = None) -> int:
        """kill -9, and a new start on the same data; gives how often the model was asked before.

        Only what it was asked just then may be asked again. `then_answer`: how many answers it gives after that.
        """
        self.application.kill()
        return self._start_again(freshly_answered=freshly_answered, then_answer=then_answer)

    def deploy(self) -> int:
        """SIGTERM, and a new start; gives the exit code."""
        code = self.application.stop(within=40)
        self._start_again()
        return code

    def check(self) -> None:
        """No finished call was paid twice, and what is stored is whole."""
        finished = Counter(request.asks_for for request in self.model.answered)
        paid_twice = {one: count for one, count in finished.items() if count > 1 + self._unsaved[one]}
        assert not paid_twice, paid_twice
        asked = Counter(request.asks_for for request in self.model.requests)
        repeated = {one: n for one, n in asked.items() if n > 1 + self._unsaved[one] + self._cut_off[one]}
        assert not repeated, repeated
        ended = self.application.command('fsck')
        assert ended.returncode == 0, ended.stdout + ended.stderr

    def _start_again(self, *, freshly_answered: bool = False, then_answer: int | None = None) -> int:
        answered = Counter(request.asks_for for request in self.model.answered)
        asked = Counter(request.asks_for for request in self.model.requests)
        self._cut_off = asked - answered
        if freshly_answered:
            self._unsaved[self.model.answered[-1].asks_for] += 1
        # Whoever waits at the old one waits for a process that is gone.
        self.model.turnstile = None if then_answer is None else threading.Semaphore(then_answer)
        self.application.start()
        return asked.total()


def types_of(member: Member, workflow_id: str) -> list[str]:
    """The history of a workflow as the names of its events."""
    events: list[Json] = member.get(f'/workflows/{workflow_id}/events')['events']
    return [event['type'] for event in events]
