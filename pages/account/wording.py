"""What the account's screens call things."""

from components.i18n import _
from services.accounts.devices import Device
from services.accounts.profile import Activity
from services.viewer import Permission, Role


def scope_words() -> dict[str, tuple[str, str]]:
    """Permission -> its name, and what a token with it may do."""
    return {
        Permission.LEARN: (_('Learn'), _('Open lessons, finish them, hand in answers, read notifications.')),
        Permission.COURSE_READ: (_('Read courses'), _('Courses with their versions, lessons and quizzes.')),
        Permission.COURSE_WRITE: (_('Write courses'), _('Begin courses and change them.')),
        Permission.COURSE_PUBLISH: (_('Publish courses'), _('Publish versions and take them back.')),
        Permission.PUBLISH_OVERRIDE: (
            _('Publish over findings'),
            _('Publish a version although the publish check blocks it, with a reason.'),
        ),
        Permission.DRAFT_READ: (_('Read drafts'), _('Outlines and lessons before they are approved.')),
        Permission.DRAFT_WRITE: (_('Write drafts'), _('Change what was drafted.')),
        Permission.DRAFT_APPROVE: (_('Approve drafts'), _('Decide reviews in your name.')),
        Permission.ENROLL: (_('Enrol people'), _('Put people into courses and take them out.')),
        Permission.ANALYTICS_READ: (_('Read analytics'), _('Progress and results of courses and people.')),
        Permission.KNOWLEDGE_READ: (_('Read knowledge'), _('Documents, and searching in them.')),
        Permission.KNOWLEDGE_WRITE: (_('Write knowledge'), _('Upload documents and delete them.')),
        Permission.PEOPLE_READ: (_('Read people'), _('Names and e-mails of members.')),
        Permission.PEOPLE_MANAGE: (_('Manage people'), _('Invite, give roles, remove.')),
        Permission.ORGANIZATION_MANAGE: (_('Manage the organisation'), _('Its look, policies and sign-in.')),
        Permission.AUDIT_READ: (_('Read the audit trail'), _('Who changed what, and the security log.')),
        Permission.SITE_OPERATE: (_('Run the installation'), _('Organisations, flags and health of the whole site.')),
    }


def role_words() -> dict[str, str]:
    return {
        Role.SITE_ADMIN: _('site administrator'),
        Role.ORG_ADMIN: _('administrator'),
        Role.INSTRUCTOR: _('instructor'),
        Role.STUDENT: _('student'),
        Role.ADMIN: _('review administrator'),
        Role.EDITOR: _('editor'),
        Role.REVIEWER: _('reviewer'),
        Role.VIEWER: _('viewer'),
    }


def device_words(device: Device) -> str:
    program = device.program or (_('A browser') if device.kind == 'browser' else _('A program'))
    return _('{program} on {system}', program=program, system=device.system) if device.system else program


def activity_words(one: Activity) -> str:
    """What happened, in words; an act of the audit trail that has none here is said as it is called."""
    known = {
        ('sign_in', True): _('Signed in'),
        ('sign_in', False): _('A sign-in was refused'),
        ('sign_out', True): _('Signed out'),
        ('sign_out_everywhere', True): _('Signed out everywhere'),
        ('refusal', False): _('Something was not allowed'),
        ('password_change', True): _('The password was changed'),
        ('password_change', False): _('Changing the password was refused'),
        ('password_proof', False): _('A wrong password was typed'),
        ('second_factor', True): _('The second factor was changed'),
        ('second_factor', False): _('A code was refused'),
        ('token', True): _('An API token was changed'),
        ('data_export', True): _('A copy of your data was made'),
        ('switch', True): _('Went to another organisation'),
        ('refresh_reuse', False): _('A used refresh token came again'),
        ('user.updated', True): _('Changed the profile'),
        ('user.signed_out', True): _('Signed out other devices'),
    }
    return known.get((one.kind, one.allowed)) or one.kind.replace('.', ' ').replace('_', ' ').capitalize()
