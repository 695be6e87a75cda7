"""Learning: the lesson with its outline, sources, slides and questions; then what was achieved."""

from pages.learn.player import index, lesson

__all__ = ['index', 'lesson']
