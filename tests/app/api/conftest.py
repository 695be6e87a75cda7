from tests.services.conftest import database_url, sqlite_template, world

__all__ = ['database_url', 'sqlite_template', 'world']
