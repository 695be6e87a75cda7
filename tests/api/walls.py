"""What a person of another organisation, and a student, must not reach: tried on every address that takes an id."""

from tests.api.members import Json, Member

UNKNOWN = '00000000-0000-4000-8000-000000000000'


def finds_nothing(outsider: Member, **ids: str) -> None:
    """Every id of one organisation is as unknown to another as an id that nothing has."""
    decision = {'review_id': UNKNOWN, 'hash': 'x', 'decision': 'approve', 'comment': ''}
    walk: list[tuple[str, str, Json | None]] = [
        ('GET', '/rag/documents/{document}', None),
        ('GET', '/rag/documents/{document}/chunks', None),
        ('DELETE', '/rag/documents/{document}', None),
        ('POST', '/rag/documents/{document}/restore', None),
        ('GET', '/workflows/{workflow}', None),
        ('GET', '/workflows/{workflow}/events', None),
        ('GET', '/workflows/{workflow}/draft', None),
        ('POST', '/workflows/{workflow}/reviews', decision),
        ('POST', '/workflows/{workflow}/cancel', None),
        ('POST', '/workflows/{workflow}/retry', None),
        ('PUT', '/blocks/{block}', {'hash': 'x', 'content': {'html': '<p>x</p>'}}),
        ('GET', '/courses/{course}', None),
        ('PUT', '/courses/{course}', {'title': 'Taken over'}),
        ('DELETE', '/courses/{course}', None),
        ('POST', '/courses/{course}/restore', None),
        ('GET', '/courses/{course}/versions', None),
        ('POST', '/courses/{course}/publish', None),
        ('POST', '/courses/{course}/enroll', {'email': 'instructor@other.example'}),
        ('GET', '/courses/{course}/enrollments', None),
        ('POST', '/courses/{course}/enrollments', {'emails': ['instructor@other.example']}),
        ('DELETE', '/courses/{course}/enrollments/{user}', None),
        ('POST', '/courses/{course}/exports', {'format': 'pdf'}),
        ('GET', '/courses/{course}/exports', None),
        ('GET', '/exports/{export}', None),
        ('GET', '/exports/{export}/file', None),
        ('GET', '/lessons/{lesson}', None),
        ('POST', '/lessons/{lesson}/open', None),
        ('POST', '/lessons/{lesson}/complete', None),
        ('DELETE', '/lessons/{lesson}/complete', None),
        ('GET', '/quizzes/{quiz}', None),
        ('GET', '/quizzes/{quiz}/attempts', None),
        ('POST', '/quizzes/{quiz}/attempts', {'answers': {}}),
        ('GET', '/analytics/course/{course}', None),
        ('GET', '/files/{document}', None),
    ]
    for method, path, body in walk:
        sent = {} if body is None else {'json': body}
        foreign = outsider.refused(404, 'not_found', method, path.format(**ids), **sent)
        missing = outsider.refused(404, 'not_found', method, path.format(**dict.fromkeys(ids, UNKNOWN)), **sent)
        assert foreign == missing, path
    for kind in ('html', 'pdf'):
        outsider.refused(404, 'not_found', 'POST', f'/export/{kind}', json={'course_id': ids['course']})
    foreign_source = {'title': 'x', 'hours': 1, 'document_ids': [ids['document']]}
    outsider.refused(422, 'invalid', 'POST', '/workflows', json=foreign_source)
    assert outsider.post('/rag/query', {'query': 'ladder', 'limit': 5})['results'] == []
    assert outsider.get('/rag/documents')['total'] == 0
    assert outsider.get('/workflows')['total'] == 0


def may_only_learn(student: Member, *, document: str, workflow: str, course: str) -> None:
    brief = {'title': 'x', 'hours': 1, 'document_ids': [document]}
    refused: list[tuple[str, str, Json | None]] = [
        ('POST', '/courses', {'title': 'Mine'}),
        ('POST', '/workflows', brief),
        ('GET', f'/workflows/{workflow}', None),
        ('GET', f'/rag/documents/{document}', None),
        ('POST', '/rag/query', {'query': 'ladder', 'limit': 1}),
        ('POST', f'/courses/{course}/publish', None),
        ('POST', f'/courses/{course}/enroll', {'email': student.email}),
        ('GET', f'/analytics/course/{course}', None),
    ]
    for method, path, body in refused:
        student.refused(403, 'forbidden', method, path, **({} if body is None else {'json': body}))
