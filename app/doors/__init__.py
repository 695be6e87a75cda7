"""The HTML forms before and around being signed in. Each works without scripts; a GET never changes anything."""

from app.doors.answers import Callers
from app.doors.ways import router

__all__ = ['Callers', 'router']
