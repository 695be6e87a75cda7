"""Every part of the platform, made by hand and wired together here."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from redis.asyncio import Redis

from app import counters
from app.authors import extractive, make_author, model_author
from app.schema import migrated
from app.settings import Settings
from components.i18n import languages
from services.accounts import build_account
from services.ai.authors import Authors
from services.ai.parts import build as build_ai
from services.ai.settings import AiSettingsService
from services.analytics.course import AnalyticsService
from services.audit_trail import AuditService
from services.bus import Bus
from services.chat.parts import build as build_chat
from services.connections import ConnectionService
from services.conversation.parts import build as build_conversation
from services.courses.service import CourseService
from services.durable import Durable
from services.editing.parts import build as build_editing
from services.egress import Egress
from services.enrollments.service import EnrollmentService
from services.exports.service import ExportService
from services.files import FileService
from services.flags import FlagService
from services.generation.authors.base import Author
from services.generation.blocks import BlockService
from services.generation.generating import build as build_generating
from services.generation.ondemand import OnDemandService
from services.generation.phases import Phases, Tools
from services.generation.proposals import ProposalService
from services.generation.reading import ReadingService
from services.generation.resting import Patience
from services.generation.reviews import ReviewService
from services.generation.suspension import Suspension
from services.generation.workflows import WorkflowService
from services.health import HealthService, Surroundings
from services.identity import IdentityService, Presence
from services.knowledge.embedding import Embedder, SentenceTransformerEmbedder
from services.knowledge.index import Index
from services.knowledge.ingestion import Ingestion
from services.knowledge.parts import build as build_knowledge
from services.language.glossary import GlossaryService
from services.language.service import LanguageService
from services.limits import Limits
from services.living.parts import build as build_keeping
from services.lookup import LookupService
from services.mail_delivery import KIND as MAIL
from services.mail_delivery import MailDelivery, Server
from services.members.parts import build as build_members
from services.notifications import NotificationService
from services.organizations import LookService, OrganizationService, PolicyService
from services.outbox import OutboxService
from services.platform import Services
from services.quizzes import QuizService
from services.recovery import RecoveryService
from services.registration import RegistrationService
from services.reviewing.parts import build as build_reviewing
from services.revocation import Revocation
from services.sealing import Sealer
from services.security_events import SecurityEventService
from services.sign_on.parts import build as build_sign_on
from services.work import Gate
from storage.database import Database
from storage.files import FileStore
from storage.roles import refuse_unfit_role
from storage.vectors import VectorStore


@dataclass(kw_only=True)
class Platform:
    """The services and what keeps them alive."""

    settings: Settings
    services: Services
    gate: Gate
    database: Database
    bus: Bus
    durable: Durable
    limits: Limits
    presence: Presence
    connections: ConnectionService
    embedder: Embedder
    vectors: VectorStore
    authors: Authors
    ingestion: Ingestion
    starting: list[str] = field(default_factory=list)

    async def start(self) -> None:
        """Migrates the database, hears the bus, and continues unfinished work."""
        await migrated(self.settings, self.database)
        if self.settings.environment == 'production':
            await refuse_unfit_role(self.database)
        await self.bus.start()
        await self.durable.launch()
        await self.presence.start()

    async def close(self) -> None:
        await self.durable.close()
        await self.presence.close()
        await self.authors.close()
        await self.embedder.close()
        await self.vectors.close()
        await self.bus.close()
        await self.limits.close()
        await self.database.close()


def build_services(settings: Settings, *, embedder: Embedder | None = None, author: Author | None = None) -> Platform:
    """`embedder` and `author` replace what the settings name; tests count calls that way."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    bus = Bus(Redis.from_url(settings.redis_url) if settings.redis_url else None)
    limits = Limits(settings.redis_url, most=settings.rate_limits, refused=counters.rate_limited)
    idle = timedelta(hours=settings.session_idle_hours)
    gate = Gate(database, bus, idle=idle, limits=limits)
    presence = Presence(database, idle=idle)
    gate.saw = presence.saw
    durable = Durable(database, settings.data_dir)
    store = FileStore(settings.data_dir / 'files')
    embedder = embedder or SentenceTransformerEmbedder()
    vectors = VectorStore(settings.data_dir / 'vectors', embedder.dimensions)
    author = author or make_author(settings, embedder)
    index = Index(vectors, embedder)
    revocation = Revocation(database, bus)
    knowledge, ingestion = build_knowledge(
        gate, durable, store, index, revocation, egress_allow=settings.egress_allow or ''
    )
    flags = FlagService(gate)
    exports = ExportService(gate, durable, store, flags)
    suspension = Suspension(durable)
    sealer, egress = Sealer(settings.secret()), Egress(settings.egress_allow or '')
    authors = Authors(
        gate,
        sealer,
        installed=author,
        extractive=partial(extractive, embedder),
        make=partial(model_author, settings),
    )
    phases = Phases(
        Tools(
            gate=gate,
            bus=bus,
            authors=authors,
            index=index,
            proof_copies=exports.proof_copies,
            begin=lambda organization_id, workflow_id, run: durable.start(
                'workflow', organization_id, workflow_id, run
            ),
            begin_later=partial(durable.start_later, 'workflow'),
            patience=Patience(
                first=timedelta(seconds=settings.llm_retry_seconds), limit=timedelta(hours=settings.llm_patience_hours)
            ),
        )
    )
    durable.register('workflow', phases.run, on_failure=phases.failed, at_once=4)
    durable.register('export', exports.run, on_failure=exports.failed, at_once=1)
    revocation.register('workflow', phases.still_allowed, phases.failed)
    revocation.register('export', exports.still_allowed, exports.failed)
    generating = build_generating(gate, bus, durable, revocation, authors, index)
    members = build_members(gate, durable, store, revocation, address=settings.address)
    identity = IdentityService(
        gate,
        settings.secret(),
        access_minutes=settings.access_minutes,
        session_days=settings.session_days,
        limits=limits,
    )
    if settings.smtp_url:
        here = urlsplit(settings.address).hostname or 'localhost'
        delivery = MailDelivery(gate, Server.at(settings.smtp_url, here=here), begin=partial(durable.sweep, MAIL))
        durable.register(MAIL, delivery.run, on_failure=delivery.failed, at_once=4)
    sign_on, identity_providers, connected_sign_ons = build_sign_on(
        gate,
        identity,
        limits,
        egress,
        secret_key=settings.secret(),
        address=settings.address,
        plain_loopback=settings.environment != 'production',
    )
    language = LanguageService(gate, embedder)
    services = Services(
        bus=bus,
        audit=AuditService(gate),
        limits=limits,
        health=HealthService(gate, bus, durable, vectors, _surroundings(settings), provider_away=authors.away_until),
        identity=identity,
        registration=RegistrationService(gate, identity, flags, address=settings.address),
        recovery=RecoveryService(gate, identity, address=settings.address),
        outbox=OutboxService(gate, start=partial(durable.start, MAIL) if settings.smtp_url else None),
        account=build_account(gate, sealer, limits, languages()),
        sign_on=sign_on,
        identity_providers=identity_providers,
        connected_sign_ons=connected_sign_ons,
        **vars(knowledge),
        workflows=WorkflowService(gate, durable, provider=author.provider, provider_back=authors.try_now),
        reading=ReadingService(gate),
        reviews=ReviewService(gate, durable),
        **vars(build_reviewing(gate, durable, address=settings.address)),
        blocks=BlockService(gate),
        editing=build_editing(gate, bus),
        proposals=ProposalService(gate),
        chat=build_chat(gate, durable, bus, revocation, authors, index),
        **vars(build_conversation(gate)),
        ondemand=OnDemandService(gate, authors, index),
        ai=AiSettingsService(gate, sealer, allows=egress.names),
        ai_desk=build_ai(gate),
        courses=CourseService(gate),
        keeping=build_keeping(gate, durable, egress, ingestion),
        enrollments=EnrollmentService(gate),
        quizzes=QuizService(gate),
        analytics=AnalyticsService(gate, bus),
        exports=exports,
        files=FileService(gate, store),
        notifications=NotificationService(gate),
        language=language,
        glossary=GlossaryService(gate),
        lookup=LookupService(gate, knowledge.documents, index, language),
        **vars(members),
        **vars(generating),
        organizations=OrganizationService(
            gate, address=settings.address, rest=suspension.rest, resume=suspension.resume
        ),
        looks=LookService(gate, store),
        policies=PolicyService(gate),
        flags=flags,
        security_events=SecurityEventService(gate),
    )
    return Platform(
        settings=settings,
        services=services,
        gate=gate,
        database=database,
        bus=bus,
        durable=durable,
        limits=limits,
        presence=presence,
        connections=ConnectionService(gate),
        embedder=embedder,
        vectors=vectors,
        authors=authors,
        ingestion=ingestion,
    )


def _surroundings(settings: Settings) -> Surroundings:
    return Surroundings(
        data_dir=settings.data_dir,
        redis=bool(settings.redis_url),
        smtp_url=settings.smtp_url,
        provider=settings.llm_provider,
        model=settings.llm_model,
    )
