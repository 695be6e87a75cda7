"""Everything the platform can do, by name: what screens and routes are given."""

from dataclasses import dataclass

from services.accounts import AccountServices
from services.ai.parts import AiDesk
from services.ai.settings import AiSettingsService
from services.analytics.course import AnalyticsService
from services.audit_trail import AuditService
from services.bus import Bus
from services.chat.service import ChatService
from services.conversation.seen import SeenService
from services.conversation.threads import ThreadService
from services.courses.service import CourseService
from services.editing.parts import Editing
from services.enrollments import EnrollmentService
from services.exports.service import ExportService
from services.files import FileService
from services.flags import FlagService
from services.generation.blocks import BlockService
from services.generation.ondemand import OnDemandService
from services.generation.parts import PartService
from services.generation.proposals import ProposalService
from services.generation.reading import ReadingService
from services.generation.regeneration import RegenerationService
from services.generation.reviews import ReviewService
from services.generation.translation import TranslationService
from services.generation.workflows import WorkflowService
from services.health import HealthService
from services.identity import IdentityService
from services.knowledge.documents import DocumentService
from services.knowledge.figures import KnowledgeFigures
from services.knowledge.folders import FolderService
from services.knowledge.learning import LearningService
from services.knowledge.web_pages import WebPages
from services.language.glossary import GlossaryService
from services.language.service import LanguageService
from services.limits import Limits
from services.living.parts import Keeping
from services.lookup import LookupService
from services.members.accounts import PeopleAccounts
from services.members.groups import GroupService
from services.members.importing import ImportService
from services.members.inviting import InvitationService
from services.members.service import MemberService
from services.notifications import NotificationService
from services.organizations import LookService, OrganizationService, PolicyService
from services.outbox import OutboxService
from services.quizzes import QuizService
from services.recovery import RecoveryService
from services.registration import RegistrationService
from services.reviewing.lists import ReviewListService
from services.reviewing.reviewers import ReviewerService
from services.reviewing.settings import ReviewSettingsService
from services.reviewing.timeline import TimelineService
from services.security_events import SecurityEventService
from services.sign_on.connected import ConnectedService
from services.sign_on.providers import ProviderService
from services.sign_on.service import SignOnService


@dataclass(frozen=True, kw_only=True)
class Services:
    bus: Bus
    audit: AuditService
    limits: Limits
    health: HealthService
    identity: IdentityService
    registration: RegistrationService
    recovery: RecoveryService
    outbox: OutboxService
    account: AccountServices
    sign_on: SignOnService
    identity_providers: ProviderService
    connected_sign_ons: ConnectedService
    documents: DocumentService
    folders: FolderService
    web_pages: WebPages
    learning: LearningService
    knowledge: KnowledgeFigures
    workflows: WorkflowService
    reading: ReadingService
    reviews: ReviewService
    reviewers: ReviewerService
    review_settings: ReviewSettingsService
    review_lists: ReviewListService
    timeline: TimelineService
    blocks: BlockService
    editing: Editing
    proposals: ProposalService
    chat: ChatService
    threads: ThreadService
    seen: SeenService
    regenerations: RegenerationService
    parts: PartService
    translations: TranslationService
    ondemand: OnDemandService
    ai: AiSettingsService
    ai_desk: AiDesk
    courses: CourseService
    keeping: Keeping
    enrollments: EnrollmentService
    quizzes: QuizService
    analytics: AnalyticsService
    exports: ExportService
    files: FileService
    notifications: NotificationService
    language: LanguageService
    glossary: GlossaryService
    lookup: LookupService
    members: MemberService
    invitations: InvitationService
    groups: GroupService
    member_imports: ImportService
    people: PeopleAccounts
    organizations: OrganizationService
    looks: LookService
    policies: PolicyService
    flags: FlagService
    security_events: SecurityEventService
