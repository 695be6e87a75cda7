"""What each REST operation asks of whoever calls it, said a second time and by hand: the matrix compares.

A new route has to be entered here, or the run fails.
"""

from enum import Enum

from services.viewer import Permission


class Kind(Enum):
    """Operations that ask for no permission."""

    OPEN = 'anybody, signed in or not'
    MEMBER = 'any member, about their own things or what they may see anyway'
    LEARNER = 'whoever is enrolled in the course, or may read it'


P = Permission
Asked = Kind | Permission
ANYBODY, MEMBER, LEARNER = Kind.OPEN, Kind.MEMBER, Kind.LEARNER

REST: dict[str, Asked] = {
    'POST /auth/login': ANYBODY,
    'POST /auth/refresh': ANYBODY,
    'POST /auth/logout': MEMBER,
    'GET /auth/me': MEMBER,
    'POST /rag/add-document': P.KNOWLEDGE_WRITE,
    'POST /rag/documents': P.KNOWLEDGE_WRITE,
    'GET /rag/documents': P.KNOWLEDGE_READ,
    'GET /rag/documents/{document_id}': P.KNOWLEDGE_READ,
    'DELETE /rag/documents/{document_id}': P.KNOWLEDGE_WRITE,
    'GET /rag/documents/{document_id}/chunks': P.KNOWLEDGE_READ,
    'POST /rag/documents/{document_id}/restore': P.KNOWLEDGE_WRITE,
    'POST /rag/query': P.KNOWLEDGE_READ,
    'POST /workflows': P.COURSE_WRITE,
    'GET /workflows': P.DRAFT_READ,
    'GET /workflows/{workflow_id}': P.DRAFT_READ,
    'GET /workflows/{workflow_id}/events': P.DRAFT_READ,
    'GET /workflows/{workflow_id}/draft': P.DRAFT_READ,
    'PUT /workflows/{workflow_id}/outline': P.DRAFT_WRITE,
    'POST /workflows/{workflow_id}/reviews': P.DRAFT_APPROVE,
    'POST /workflows/{workflow_id}/cancel': P.DRAFT_WRITE,
    'POST /workflows/{workflow_id}/retry': P.DRAFT_WRITE,
    'PUT /blocks/{block_id}': P.DRAFT_WRITE,
    'POST /generate/syllabus': P.COURSE_WRITE,
    'POST /generate/slides': P.COURSE_WRITE,
    'POST /generate/quiz': P.COURSE_WRITE,
    'GET /courses': MEMBER,
    'POST /courses': P.COURSE_WRITE,
    'GET /courses/deleted': P.COURSE_WRITE,
    'GET /courses/{course_id}': LEARNER,
    'PUT /courses/{course_id}': P.COURSE_WRITE,
    'DELETE /courses/{course_id}': P.COURSE_WRITE,
    'POST /courses/{course_id}/restore': P.COURSE_WRITE,
    'GET /courses/{course_id}/versions': P.COURSE_READ,
    'POST /courses/{course_id}/publish': P.COURSE_PUBLISH,
    'POST /courses/{course_id}/enroll': P.ENROLL,
    'GET /courses/{course_id}/enrollments': P.PEOPLE_READ,
    'POST /courses/{course_id}/enrollments': P.ENROLL,
    'DELETE /courses/{course_id}/enrollments/{user_id}': P.ENROLL,
    'GET /enrollments': MEMBER,
    'GET /lessons/{lesson_id}': LEARNER,
    'POST /lessons/{lesson_id}/open': LEARNER,
    'POST /lessons/{lesson_id}/complete': LEARNER,
    'DELETE /lessons/{lesson_id}/complete': LEARNER,
    'GET /quizzes/{quiz_id}': LEARNER,
    'GET /quizzes/{quiz_id}/attempts': LEARNER,
    'POST /quizzes/{quiz_id}/attempts': LEARNER,
    'GET /analytics/course/{course_id}': P.ANALYTICS_READ,
    'POST /courses/{course_id}/exports': P.COURSE_READ,
    'GET /courses/{course_id}/exports': P.COURSE_READ,
    'GET /exports/{export_id}': P.COURSE_READ,
    'GET /exports/{export_id}/file': P.COURSE_READ,
    'POST /export/pdf': P.COURSE_READ,
    'POST /export/html': P.COURSE_READ,
    'GET /files/{file_id}': MEMBER,
    'POST /files/upload': P.DRAFT_WRITE,
    'GET /organizations/{organization_id}/identity-providers': P.ORGANIZATION_MANAGE,
    'POST /organizations/{organization_id}/identity-providers': P.ORGANIZATION_MANAGE,
    'GET /organizations/{organization_id}/identity-providers/{provider_id}': P.ORGANIZATION_MANAGE,
    'PUT /organizations/{organization_id}/identity-providers/{provider_id}': P.ORGANIZATION_MANAGE,
    'DELETE /organizations/{organization_id}/identity-providers/{provider_id}': P.ORGANIZATION_MANAGE,
    'POST /organizations/{organization_id}/identity-providers/{provider_id}/check': P.ORGANIZATION_MANAGE,
}
