"""One application for the tests of what faces the network."""

from collections.abc import Iterator

import pytest

from tests.app.stage import Stage, open_stage
from tests.servers.application import Application


@pytest.fixture(scope='session')
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Name files that use it in `_TOGETHER` of tests/conftest.py, so that it is started once."""
    stage = open_stage(tmp_path_factory.mktemp('stage') / 'data', Application)
    yield stage
    stage.site.stop()
