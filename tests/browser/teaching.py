"""A site with a finished course in it, without waiting for one to be written."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import select

from app.banner import DEMO_PASSWORD
from services.identity import hashed
from storage.database import Database
from storage.identity import User
from storage.migrate import upgrade
from tests.servers.application import Application
from tests.services.world import Made, World, make_world


@dataclass(frozen=True, kw_only=True)
class School:
    """`made` belongs to the organisation demo; its people sign in as instructor, student, classmate, …"""

    site: Application
    made: Made

    @property
    def course(self) -> str:
        return f'/courses/{self.made.course_id}'

    @property
    def learn(self) -> str:
        return f'/learn/{self.made.course_id}'

    @property
    def analytics(self) -> str:
        return f'/analytics/{self.made.course_id}'


async def open_school(data_dir: Path, start: Callable[..., Application], *, published: bool = True) -> School:
    """With `published` the student is enrolled; without, the course is assembled and waits for its publishing."""
    data_dir.mkdir(parents=True, exist_ok=True)
    url = f'sqlite+aiosqlite:///{data_dir / "coursewright.db"}'
    database = Database(url)
    await upgrade(database)
    world: World = await make_world(database)
    async with database.writing() as tx:
        password = hashed(DEMO_PASSWORD)
        for user in (await tx.exec(select(User))).all():
            user.password_hash = password
            tx.add(user)
    made = await (world.taught(world.demo) if published else world.course(world.demo))
    await database.close()
    return School(site=start(data_dir=data_dir, env={'DATABASE_URL': url}), made=made)
