"""Settings come from the environment, with safe defaults."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert settings.database_url == f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite'
    assert (settings.demo, settings.llm_provider, settings.port, settings.secure) == (True, 'offline', 8080, False)


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert settings.secret() == settings.secret() != ''
    assert (tmp_path / 'secret_key').stat().st_mode & 0o077 == 0


def test_production_has_no_demo_and_needs_its_own_secret(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match='COURSEWRIGHT_SECRET_KEY is required in production'):
        Settings(data_dir=tmp_path, environment='production')
    assert Settings(data_dir=tmp_path, environment='production', secret_key='x' * 32).demo is False


@pytest.mark.parametrize('given', ['postgresql://u@h/d', 'postgres://u@h/d', 'postgresql+asyncpg://u@h/d'])
def test_any_postgresql_address_gets_the_right_driver(given: str) -> None:
    assert Settings(database_url=given).database_url == 'postgresql+asyncpg://u@h/d'


def test_the_environment_is_read_with_its_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('COURSEWRIGHT_LLM_PROVIDER', 'anthropic')
    monkeypatch.setenv('COURSEWRIGHT_LLM_API_KEY', 'very secret')
    settings = Settings()
    assert settings.llm_provider == 'anthropic'
    assert settings.llm_model
    assert 'very secret' not in repr(settings)
