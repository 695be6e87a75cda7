"""One course: what it holds, whether it may be published, who learns it, and what can be taken away."""

from pages.course import checking, sources
from pages.course.screen import index

__all__ = ['checking', 'index', 'sources']
