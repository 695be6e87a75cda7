"""The four collections: which passages serve which purpose."""

from services.errors import InvalidInput

GENERATION, LAB_ASSISTANCE = 'content_generation', 'lab_assistance'
INTERACTIONS, COURSE_KNOWLEDGE = 'user_interactions', 'course_knowledge'
COLLECTIONS = (GENERATION, LAB_ASSISTANCE, INTERACTIONS, COURSE_KNOWLEDGE)
DRAFTED_FROM = (GENERATION, COURSE_KNOWLEDGE)
"""What courses are written from."""


def check_collection(collection: str) -> None:
    if collection not in COLLECTIONS:
        fault = 'Choose one of the collections: {names}.'
        raise InvalidInput(fault, fields={'collection': fault}, names=', '.join(COLLECTIONS))
