"""How often something may be done: one table of rules, counted exactly over a moving window.

Counts are kept in Redis where replicas share one, and in this process otherwise. A Redis that is away lets nobody in
more often and keeps nobody out: each process counts for itself until it is back.
"""

import hashlib
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from limits import RateLimitItemPerSecond
from limits.aio.storage import MovingWindowSupport, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from services.errors import TooManyRequests

_MINUTE, _HOUR = 60, 3600
_REDIS_PATIENCE_SECONDS, _REDIS_PAUSE_SECONDS = 1.0, 5.0
_MOST_KEYS, _SWEEP_SECONDS = 50_000, 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`most` times in `seconds`, for each `who` that is named when it is spent."""

    name: str
    most: int
    seconds: int
    sentence: str


_SIGN_IN = 'Too many attempts to sign in. Wait {minutes} min, or reset the password.'
_MAIL = 'Too many requests for a mail. Look into the spam folder too, or try again in {minutes} min.'
_CALM = 'Too many requests. Slow down and go on in {minutes} min.'
_DRAFTS = 'That is a lot of work for the AI at once. Go on in {minutes} min.'

# What is spent, by whom (the arguments after the rule), how often, and why that number.
# A person mistypes a few times; a machine tries hundreds.
SIGN_IN = Rule(name='sign_in', most=10, seconds=_MINUTE, sentence=_SIGN_IN)  # account, address
SIGN_IN_ACCOUNT = Rule(name='sign_in_account', most=30, seconds=15 * _MINUTE, sentence=_SIGN_IN)  # account
# One password tried on many accounts. A lecture hall behind one address signs in within ten minutes.
SIGN_IN_ADDRESS = Rule(name='sign_in_address', most=300, seconds=10 * _MINUTE, sentence=_SIGN_IN)  # address
# Six digits have a million values: five tries in five minutes need years.
SECOND_FACTOR = Rule(name='second_factor', most=5, seconds=5 * _MINUTE, sentence=_SIGN_IN)  # account
REGISTER = Rule(name='register', most=20, seconds=_HOUR, sentence=_CALM)  # address
# Mail to somebody who may not have asked: few per mailbox, more per address.
MAIL_ADDRESS = Rule(name='mail_address', most=20, seconds=_HOUR, sentence=_MAIL)  # address
MAIL_ACCOUNT = Rule(name='mail_account', most=5, seconds=_HOUR, sentence=_MAIL)  # mailbox
# Links from mails hold 256 random bits; this only keeps the guessing cheap for us.
ONE_TIME_LINK = Rule(name='one_time_link', most=60, seconds=10 * _MINUTE, sentence=_CALM)  # address
CHANGE_PASSWORD = Rule(name='change_password', most=10, seconds=15 * _MINUTE, sentence=_CALM)  # person
API = Rule(name='api', most=600, seconds=_MINUTE, sentence=_CALM)  # session
# Without a session: sign-in, refresh, the OpenAPI document, and tokens that are none.
API_ANONYMOUS = Rule(name='api_anonymous', most=300, seconds=_MINUTE, sentence=_CALM)  # address
PAGES_ANONYMOUS = Rule(name='pages_anonymous', most=300, seconds=_MINUTE, sentence=_CALM)  # address
PAGES = Rule(name='pages', most=300, seconds=_MINUTE, sentence=_CALM)  # session
# Each may cost real money; the budget of the organisation is counted elsewhere, in tokens.
GENERATE = Rule(name='generate', most=60, seconds=_HOUR, sentence=_DRAFTS)  # person
UPLOAD = Rule(name='upload', most=600, seconds=_HOUR, sentence=_CALM)  # person
EXPORT = Rule(name='export', most=60, seconds=_HOUR, sentence=_CALM)  # person
CSV_IMPORT = Rule(name='csv_import', most=20, seconds=_HOUR, sentence=_CALM)  # organisation
# Questions to the AI about a draft and what people say to each other there.
CHAT = Rule(name='chat', most=120, seconds=_HOUR, sentence=_DRAFTS)  # person
# What a provider lets through for one key; whoever has another contract with theirs sets other numbers.
MODEL_REQUESTS = Rule(name='model_requests', most=120, seconds=_MINUTE, sentence=_DRAFTS)  # key
MODEL_KILOTOKENS = Rule(name='model_kilotokens', most=1000, seconds=_MINUTE, sentence=_DRAFTS)  # key; thousands

RULES = {rule.name: rule for rule in tuple(globals().values()) if isinstance(rule, Rule)}
EVERY = '*'


class Limits:
    """Spends rules. `refused` hears the name of a rule each time that it refuses: for the figures.

    `most` replaces the numbers of the table, by the name of the rule; EVERY stands for all that are not named.
    """

    def __init__(
        self,
        redis_url: str = '',
        *,
        most: Mapping[str, int] | None = None,
        refused: Callable[[str], None] = lambda _rule: None,
    ) -> None:
        self._most = dict(most or {})
        self._here = MovingWindowRateLimiter(InProcess())
        self._redis = _redis(redis_url) if redis_url else None
        self._shared = MovingWindowRateLimiter(self._redis) if self._redis else None
        self._refused = refused
        self._away_until = 0.0

    async def spend(self, rule: Rule, *who: str) -> None:
        """One more of `rule` for `who`; TooManyRequests, with the seconds to wait, once there were too many."""
        retry_after = await self._spend(self._as_set(rule), _key(who))
        if retry_after is None:
            return
        self._refused(rule.name)
        raise TooManyRequests(rule.sentence, retry_after=retry_after, minutes=math.ceil(retry_after / _MINUTE))

    async def room(self, rule: Rule, *who: str, amount: int = 1) -> int | None:
        """Takes `amount` of `rule` and gives None, or takes nothing and gives the seconds until there is room."""
        rule = self._as_set(rule)
        return await self._spend(rule, _key(who), min(amount, rule.most))

    async def forgive(self, rule: Rule, *who: str) -> None:
        """Forgets what `who` has spent: after the right password, the wrong ones before it no longer count."""
        item, key = _item(self._as_set(rule)), _key(who)
        await self._here.clear(item, key)
        if self._shared is not None and not self._redis_is_away():
            try:
                await self._shared.clear(item, key)
            except (RedisError, OSError) as error:
                self._miss_redis(error)

    async def close(self) -> None:
        if self._redis is not None:
            await self._redis.bridge.get_connection().aclose()  # type: ignore[attr-defined] # typed for another client

    def _as_set(self, rule: Rule) -> Rule:
        return replace(rule, most=self._most.get(rule.name, self._most.get(EVERY, rule.most)))

    async def _spend(self, rule: Rule, key: str, amount: int = 1) -> int | None:
        if self._shared is not None and not self._redis_is_away():
            try:
                return await _hit(self._shared, rule, key, amount)
            except (RedisError, OSError) as error:
                self._miss_redis(error)
        return await _hit(self._here, rule, key, amount)

    def _redis_is_away(self) -> bool:
        return time.monotonic() < self._away_until

    def _miss_redis(self, error: Exception) -> None:
        """Nobody waits for a dead Redis again and again: it is asked every few seconds."""
        self._away_until = time.monotonic() + _REDIS_PAUSE_SECONDS
        _log.warning('Rate limits are counted in this process until Redis is back: %s', error)


class InProcess(Storage, MovingWindowSupport):
    """Times of the last hits, in memory. The library's own sweeps every key in a thread after every hit."""

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        self._hits: dict[str, deque[float]] = {}
        self._ends: dict[str, float] = {}
        self._sweep_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        moment = time.time()
        self._sweep(moment)
        hits = self._live(key, expiry, moment)
        if len(hits) + amount > limit:
            return False
        hits.extend([moment] * amount)
        self._ends[key] = moment + expiry
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        moment = time.time()
        hits = self._live(key, expiry, moment)
        return (hits[0], len(hits)) if hits else (moment, 0)

    async def clear(self, key: str) -> None:
        self._hits.pop(key, None)
        self._ends.pop(key, None)

    async def reset(self) -> int | None:
        held = len(self._hits)
        self._hits.clear()
        self._ends.clear()
        return held

    async def check(self) -> bool:
        return True

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError('only moving windows are counted here')

    async def get(self, key: str) -> int:
        return len(self._hits.get(key, ()))

    async def get_expiry(self, key: str) -> float:
        return self._ends.get(key, time.time())

    def _live(self, key: str, expiry: int, moment: float) -> deque[float]:
        hits = self._hits.setdefault(key, deque())
        while hits and hits[0] <= moment - expiry:
            hits.popleft()
        return hits

    def _sweep(self, moment: float) -> None:
        """Now and then what has ended goes; with too many keys held, the ones that were asked for first go too."""
        if moment < self._sweep_at and len(self._hits) < _MOST_KEYS:
            return
        self._sweep_at = moment + _SWEEP_SECONDS
        ended = [key for key in self._hits if self._ends.get(key, 0.0) <= moment]
        spare = [] if len(self._hits) - len(ended) < _MOST_KEYS else list(self._hits)[: _MOST_KEYS // 10]
        for key in (*ended, *spare):
            self._hits.pop(key, None)
            self._ends.pop(key, None)


async def _hit(limiter: MovingWindowRateLimiter, rule: Rule, key: str, amount: int = 1) -> int | None:
    """None, or how many seconds until it is allowed again."""
    item = _item(rule)
    if await limiter.hit(item, key, cost=amount):
        return None
    window = await limiter.get_window_stats(item, key)
    return max(1, math.ceil(window.reset_time - time.time()))


def _item(rule: Rule) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(rule.most, rule.seconds, namespace=rule.name)


def _key(who: tuple[str, ...]) -> str:
    """Of one length whatever was typed, and nobody's mail address lies about in Redis."""
    return hashlib.sha256('\x00'.join(part.strip().lower() for part in who).encode()).hexdigest()[:32]


def _redis(url: str) -> RedisStorage:
    return RedisStorage(
        f'async+{url}',
        implementation='redispy',
        key_prefix='coursewright:limits',
        socket_timeout=_REDIS_PATIENCE_SECONDS,
        socket_connect_timeout=_REDIS_PATIENCE_SECONDS,
    )
