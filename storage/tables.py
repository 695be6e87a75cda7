"""Every table, in one place: importing this knows the whole schema."""

from sqlmodel import SQLModel

from storage import audit, courses, documents, enrollments, exports, identity, notifications, workflows

METADATA = SQLModel.metadata
NOUNS = (audit, courses, documents, enrollments, exports, identity, notifications, workflows)
