"""Everything the platform can do, by name: what screens and routes are given."""

from dataclasses import dataclass

from services.analytics.course import AnalyticsService
from services.bus import Bus
from services.courses.service import CourseService
from services.enrollments import EnrollmentService
from services.exports.service import ExportService
from services.files import FileService
from services.flags import FlagService
from services.generation.blocks import BlockService
from services.generation.ondemand import OnDemandService
from services.generation.reading import ReadingService
from services.generation.reviews import ReviewService
from services.generation.workflows import WorkflowService
from services.health import HealthService
from services.identity import IdentityService
from services.knowledge.documents import DocumentService
from services.limits import Limits
from services.lookup import LookupService
from services.notifications import NotificationService
from services.organizations import LookService, OrganizationService, PolicyService
from services.quizzes import QuizService
from services.security_events import SecurityEventService


@dataclass(frozen=True, kw_only=True)
class Services:
    bus: Bus
    limits: Limits
    health: HealthService
    identity: IdentityService
    documents: DocumentService
    workflows: WorkflowService
    reading: ReadingService
    reviews: ReviewService
    blocks: BlockService
    ondemand: OnDemandService
    courses: CourseService
    enrollments: EnrollmentService
    quizzes: QuizService
    analytics: AnalyticsService
    exports: ExportService
    files: FileService
    notifications: NotificationService
    lookup: LookupService
    organizations: OrganizationService
    looks: LookService
    policies: PolicyService
    flags: FlagService
    security_events: SecurityEventService
