"""Features that operators switch while the platform runs, for everybody or for one organisation."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services import security_log
from services.errors import NotFound, PlatformError
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import flags as rows
from storage import installation

EXPORTS, SELF_SIGNUP, API_DOCS = 'exports', 'self_signup', 'api_docs'
_LOOK_ASIDE_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Flag:
    """`sentence` says what people miss where it is off."""

    name: str
    title: str
    sentence: str
    default: bool = True


FLAGS: dict[str, Flag] = {
    flag.name: flag
    for flag in (
        Flag(
            name=EXPORTS,
            title='Exports',
            sentence='Courses can be taken away as web pages and as PDF.',
        ),
        Flag(
            name=SELF_SIGNUP,
            title='Public registration',
            sentence='Strangers may register where an organisation allows it in its policy.',
        ),
        Flag(
            name=API_DOCS,
            title='API documentation',
            sentence='The page /api/v1/docs describes the REST interface to whoever opens it.',
        ),
    )
}


class SwitchedOff(PlatformError):
    status_code = 403
    code = 'switched_off'

    def __init__(self) -> None:
        super().__init__('This is switched off here. Ask those who run this installation about it.')


@dataclass(frozen=True, kw_only=True)
class FlagView:
    """`is_on` for everybody; `exceptions` are the organisations for which somebody chose otherwise, by name."""

    name: str
    title: str
    sentence: str
    default: bool
    is_on: bool
    exceptions: Sequence[tuple[UUID, str, bool]]


class FlagService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._choices: dict[tuple[str, UUID | None], bool] = {}
        self._read_at = float('-inf')
        gate.bus.listen('flags', lambda _payload: self._forget())

    async def on(self, viewer: Viewer | None, name: str) -> bool:
        """For the viewer's organisation; None is a stranger, who belongs to none."""
        return await self.on_for(viewer.organization_id if viewer else None, name)

    async def on_for(self, organization_id: UUID | None, name: str) -> bool:
        """Follows a switch at once, and where its word was lost within a second."""
        if time.monotonic() - self._read_at > _LOOK_ASIDE_SECONDS:
            began = time.monotonic()
            async with self._gate.database.reading() as tx:
                self._choices = await rows.choices(tx)
            self._read_at = began
        return _chosen(self._choices, name, organization_id)

    async def require(self, viewer: Viewer | None, name: str) -> None:
        if not await self.on(viewer, name):
            raise SwitchedOff()

    async def list(self, viewer: Viewer) -> Sequence[FlagView]:
        async with self._gate.reading(viewer, Permission.SITE_OPERATE) as work:
            choices = await rows.choices(work.tx)
            names = await installation.names_of(work.tx, [where for _, where in choices if where is not None])
        return [_view(flag, choices, names) for flag in FLAGS.values()]

    async def switch(
        self, viewer: Viewer, name: str, is_on: bool | None, *, organization_id: UUID | None = None
    ) -> FlagView:
        """None goes back to what is otherwise so: the choice for everybody, or the default."""
        async with self._gate.writing(viewer, Permission.SITE_OPERATE) as work:
            if name not in FLAGS:
                raise NotFound('There is no such feature to switch.')
            if organization_id is not None and await installation.organization(work.tx, organization_id) is None:
                raise NotFound()
            before = await rows.choose(work.tx, name, organization_id, is_on)
            if before != is_on:
                organization = await installation.organization(work.tx, organization_id or work.scope.organization_id)
                assert organization is not None
                where = {'organization': str(organization_id)} if organization_id else {}
                work.record(
                    'flag.switched',
                    organization,
                    before={'flag': name, 'is_on': before, **where},
                    after={'flag': name, 'is_on': is_on, **where},
                )
                security_log.note(
                    work.tx,
                    'flag',
                    allowed=True,
                    email=work.viewer.email,
                    user_id=work.viewer.user_id,
                    organization_id=organization_id,
                    detail=f'{name} {_word(is_on)}',
                )
            work.changed('flags', 'security')
            await work.tx.flush()
            choices = await rows.choices(work.tx)
            names = await installation.names_of(work.tx, [where for _, where in choices if where is not None])
            return _view(FLAGS[name], choices, names)

    def _forget(self) -> None:
        self._read_at = float('-inf')


def _chosen(choices: dict[tuple[str, UUID | None], bool], name: str, organization_id: UUID | None) -> bool:
    everywhere = choices.get((name, None), FLAGS[name].default)
    return everywhere if organization_id is None else choices.get((name, organization_id), everywhere)


def _view(flag: Flag, choices: dict[tuple[str, UUID | None], bool], names: dict[UUID, str]) -> FlagView:
    exceptions = [
        (where, names.get(where, ''), is_on)
        for (name, where), is_on in choices.items()
        if name == flag.name and where is not None
    ]
    return FlagView(
        name=flag.name,
        title=flag.title,
        sentence=flag.sentence,
        default=flag.default,
        is_on=_chosen(choices, flag.name, None),
        exceptions=sorted(exceptions, key=lambda one: one[1].casefold()),
    )


def _word(is_on: bool | None) -> str:
    return {True: 'on', False: 'off', None: 'as for everybody'}[is_on]
