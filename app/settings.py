"""Settings from the environment, prefix COURSEWRIGHT_; nothing else reads it."""

import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix='COURSEWRIGHT_', env_ignore_empty=True, extra='ignore')

    host: str = '127.0.0.1'
    port: int = 8080
    data_dir: Path = Path('data')
    database_url: str = ''
    redis_url: str = ''
    secret_key: SecretStr = SecretStr('')
    environment: Literal['development', 'staging', 'production'] = 'development'
    public_url: str = ''
    labs_host: str = 'labs.coursewright.localhost'
    docker_hosts: str = ''
    llm_provider: Literal['offline', 'anthropic', 'openai'] = 'offline'
    llm_base_url: str = ''
    llm_model: str = ''
    llm_api_key: SecretStr = SecretStr('')
    llm_timeout: float = Field(default=120.0, gt=0, description='Seconds a model may be silent.')
    clamd_url: str = ''
    smtp_url: str = ''
    demo: bool | None = None
    admin_password: SecretStr = SecretStr('')
    access_minutes: int = Field(default=60, ge=1)

    @model_validator(mode='after')
    def _complete(self) -> Self:
        if not self.database_url:
            self.database_url = f'sqlite+aiosqlite:///{(self.data_dir / "coursewright.sqlite").absolute()}'
        for plain in ('postgresql://', 'postgres://'):
            if self.database_url.startswith(plain):
                self.database_url = 'postgresql+asyncpg://' + self.database_url.removeprefix(plain)
        if self.demo is None:
            self.demo = self.environment == 'development'
        if self.environment == 'production' and not self.secret_key.get_secret_value():
            raise ValueError(
                'COURSEWRIGHT_SECRET_KEY is required in production: set it to 32 random characters or more'
            )
        if self.llm_provider != 'offline' and not self.llm_model:
            self.llm_model = {'anthropic': 'claude-sonnet-4-5', 'openai': 'gpt-5'}[self.llm_provider]
        return self

    @property
    def address(self) -> str:
        """Where people open it."""
        return self.public_url or f'http://coursewright.localhost:{self.port}'

    @property
    def secure(self) -> bool:
        return self.address.startswith('https://')

    def secret(self) -> str:
        """The configured key, or one that is made once and kept in the data directory."""
        configured = self.secret_key.get_secret_value()
        if configured:
            return configured
        self.data_dir.mkdir(parents=True, exist_ok=True)
        kept = self.data_dir / 'secret_key'
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(48))
        return kept.read_text().strip()
