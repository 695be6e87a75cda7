"""The first administrator of an organisation, and the link with which somebody new sets a password."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from services import mail
from services.clock import now
from services.errors import Conflict, InvalidInput
from services.identity.links import PATHS, RESET
from services.identity.tokens import digest, new_secret
from services.viewer import Role
from services.work import Work
from storage.accounts import OneTimeLink
from storage.identity import Organization, User, UserRole, user_by_email

LINK_LASTS = timedelta(days=7)


async def appoint(work: Work, organization: Organization, email: str, full_name: str, *, address: str) -> str:
    """Makes the person administrator, tells them by mail, and gives the link of a new person ('' otherwise)."""
    person = await user_by_email(work.tx, email)
    if person is not None and (person.deleted_at or not person.is_active):
        fault = 'This account is closed. Name somebody else, or open the account again first.'
        raise InvalidInput(fault, fields={'admin_email': fault})
    link = ''
    if person is None:
        person = User(email=email, full_name=full_name or _name_in(email), password_hash='')
        work.tx.add(person)
        try:
            await work.tx.flush()
        except IntegrityError as error:
            raise Conflict('Somebody made an account with this address in the same moment. Try again.') from error
        link = f'{address}{PATHS[RESET]}?token={_one_time(work, person)}'
    work.add(UserRole(user_id=person.id, role=Role.ORG_ADMIN))
    subject, text = _words(organization, person, link or address, is_new=bool(link))
    mail.write(work, email, subject, text, user_id=person.id)
    await work.tx.flush()
    return link


def _one_time(work: Work, person: User) -> str:
    secret = new_secret()
    work.tx.add(
        OneTimeLink(
            user_id=person.id,
            purpose=RESET,
            email=person.email,
            secret_hash=digest(secret),
            expires_at=now() + LINK_LASTS,
        )
    )
    return secret


def _words(organization: Organization, person: User, link: str, *, is_new: bool) -> tuple[str, str]:
    subject = f'You are administrator of {organization.name}'
    told = (
        f'Hello {person.full_name},\n\n{organization.name} has a place on Coursewright now, and you look after it.\n\n'
    )
    if is_new:
        told += f'Choose your password here. The link works once, for {LINK_LASTS.days} days:\n{link}\n'
    else:
        told += f'Sign in with the account that you have:\n{link}\n'
    return subject, told


def _name_in(email: str) -> str:
    """'ada.lovelace@…' is probably Ada Lovelace; she can say so herself later."""
    words = email.partition('@')[0].replace('.', ' ').replace('_', ' ').replace('-', ' ').split()
    return ' '.join(word.capitalize() for word in words) or email
