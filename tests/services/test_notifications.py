import pytest

from services.errors import NotFound
from services.notifications import NotificationService, notify
from tests.services.world import World


async def test_an_enrolled_person_is_told_and_can_read_it_away(world: World) -> None:
    made = await world.taught(world.demo)
    notifications, student = NotificationService(world.gate), world.demo.student
    (told,) = await notifications.list(student)
    assert (told.text, told.subject, told.path, told.read) == (
        'You are enrolled',
        'Safe handling',
        f'/learn/{made.course_id}',
        False,
    )
    assert await notifications.unread(student) == 1
    assert await notifications.list(world.demo.classmate) == []
    for stranger in (world.demo.instructor, world.other.student):
        with pytest.raises(NotFound):
            await notifications.mark_read(stranger, told.id)
    heard = world.heard(f'user:{student.user_id}')
    await notifications.mark_read(student, told.id)
    await notifications.mark_read(student, told.id)
    assert await notifications.unread(student) == 0
    assert len(heard) == 1


async def test_all_notifications_are_read_at_once_and_only_ones_own(world: World) -> None:
    notifications = NotificationService(world.gate)
    async with world.gate.writing(world.demo.instructor) as work:
        people = [world.demo.student.user_id, world.demo.classmate.user_id, world.demo.instructor.user_id]
        await notify(work, people, 'Look', path='/')
        await notify(work, people, 'Look again', path='/')
    await notifications.mark_all_read(world.demo.student)
    assert await notifications.unread(world.demo.student) == 0
    assert await notifications.unread(world.demo.classmate) == 2
    assert await notifications.unread(world.demo.instructor) == 0
