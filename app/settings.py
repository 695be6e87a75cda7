"""Settings from the environment, prefix COURSEWRIGHT_; nothing else reads it."""

import secrets
from pathlib import Path
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, PositiveInt, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.proxies import networks
from services.egress import Allowed
from services.limits import EVERY, RULES


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix='COURSEWRIGHT_', env_ignore_empty=True, extra='ignore', hide_input_in_errors=True
    )

    host: str = '127.0.0.1'
    port: int = 8080
    data_dir: Path = Path('data')
    database_url: str = ''
    database_owner_url: str = Field(default='', description='Of the tables, for migrations only (PostgreSQL).')
    redis_url: str = ''
    secret_key: SecretStr = SecretStr('')
    environment: Literal['development', 'staging', 'production'] = 'development'
    public_url: str = ''
    trusted_proxies: str = Field(default='', description='Addresses or networks, comma-separated.')
    egress_allow: str | None = Field(
        default=None,
        description='Private hosts (host:port) and networks that may be asked for company sign-in and the like, '
        'comma-separated; none in production, this machine in development.',
    )
    labs_host: str = 'labs.coursewright.localhost'
    docker_hosts: str = ''
    llm_provider: Literal['offline', 'anthropic', 'openai'] = 'offline'
    llm_base_url: str = ''
    llm_model: str = ''
    llm_api_key: SecretStr = SecretStr('')
    llm_timeout: float = Field(default=120.0, gt=0, description='Seconds a model may be silent.')
    llm_retry_seconds: float = Field(
        default=30.0, gt=0, description='Until a course tries a provider that was away again; then twice as long.'
    )
    llm_patience_hours: float = Field(default=24.0, gt=0, description='How long a course waits for it in all.')
    clamd_url: str = ''
    smtp_url: str = ''
    demo: bool | None = None
    admin_password: SecretStr = SecretStr('')
    log_format: Literal['', 'json', 'text'] = Field(default='', description='Empty: text in development only.')
    rate_limits: dict[str, PositiveInt] = Field(
        default={}, description='Other numbers for rules of services/limits.py, as JSON: {"api": 1200}.'
    )
    access_minutes: int = Field(default=60, ge=1)
    session_idle_hours: float = Field(default=24, gt=0, description='A session that lies unused longer has ended.')
    session_days: int = Field(default=14, ge=1, le=14, description='The longest that a session lasts, used or not.')

    @model_validator(mode='after')
    def _complete(self) -> Self:
        if not self.database_url:
            self.database_url = f'sqlite+aiosqlite:///{(self.data_dir / "coursewright.sqlite").absolute()}'
        self.database_url = _for_asyncpg(self.database_url)
        self.database_owner_url = _for_asyncpg(self.database_owner_url)
        if self.demo is None:
            self.demo = self.environment == 'development'
        if self.environment == 'production' and not self.secret_key.get_secret_value():
            raise ValueError(
                'COURSEWRIGHT_SECRET_KEY is required in production: set it to 32 random characters or more'
            )
        try:
            networks(self.trusted_proxies)
        except ValueError as error:
            raise ValueError(f'COURSEWRIGHT_TRUSTED_PROXIES lists addresses or networks: {error}') from error
        if unknown := set(self.rate_limits) - {*RULES, EVERY}:
            raise ValueError(
                f'COURSEWRIGHT_RATE_LIMITS names {", ".join(sorted(unknown))}; there are {", ".join(RULES)} and {EVERY}'
            )
        if self.egress_allow is None:
            self.egress_allow = '' if self.environment == 'production' else '127.0.0.0/8, ::1/128'
        try:
            Allowed.parse(self.egress_allow)
        except ValueError as error:
            raise ValueError(f'COURSEWRIGHT_EGRESS_ALLOW: {error}') from error
        if self.llm_provider != 'offline' and not self.llm_model:
            self.llm_model = {'anthropic': 'claude-sonnet-4-5', 'openai': 'gpt-5'}[self.llm_provider]
        return self

    @property
    def address(self) -> str:
        """Where people open it."""
        return self.public_url or f'http://coursewright.localhost:{self.port}'

    @property
    def origins(self) -> tuple[str, ...]:
        """Scheme, host and port of our own pages, as browsers say them: whatever else speaks to us is somebody else."""
        hosts = ('coursewright.localhost', 'localhost', '127.0.0.1', '[::1]')
        here = urlsplit(self.address)
        said = here.netloc.lower().removesuffix({'http': ':80', 'https': ':443'}.get(here.scheme, ' '))
        port = '' if self.port == 80 else f':{self.port}'
        return tuple(dict.fromkeys((f'{here.scheme}://{said}', *(f'http://{host}{port}' for host in hosts))))

    @property
    def secure(self) -> bool:
        return self.address.startswith('https://')

    @property
    def json_logs(self) -> bool:
        return self.log_format == 'json' or (not self.log_format and self.environment != 'development')

    def secrets(self) -> list[str]:
        """Every value that may stand in no log line."""
        keys = (self.llm_api_key.get_secret_value(), self.admin_password.get_secret_value(), self.secret())
        databases = (self.database_url, self.database_owner_url, self.redis_url)
        addresses = (*databases, self.smtp_url, self.clamd_url, self.llm_base_url)
        passwords = [unquote(urlsplit(address).password or '') for address in addresses]
        return [secret for secret in (*keys, *passwords) if secret]

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


def _for_asyncpg(url: str) -> str:
    for plain in ('postgresql://', 'postgres://'):
        if url.startswith(plain):
            return 'postgresql+asyncpg://' + url.removeprefix(plain)
    return url
