"""Turning documents into drafts of courses, and drafts into reviewed courses."""
