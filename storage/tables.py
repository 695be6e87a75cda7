"""Every table, in one place: importing this knows the whole schema."""

from sqlmodel import SQLModel

from storage import (
    accounts,
    ai_budget,
    ai_ledger,
    audit,
    courses,
    documents,
    enrollments,
    exports,
    flags,
    identity,
    mail,
    member_imports,
    model_keys,
    notifications,
    organizations,
    proposals,
    reviewing,
    sign_on,
    workflows,
)

METADATA = SQLModel.metadata
NOUNS = (
    accounts,
    ai_budget,
    ai_ledger,
    audit,
    courses,
    documents,
    enrollments,
    exports,
    flags,
    identity,
    mail,
    member_imports,
    model_keys,
    notifications,
    organizations,
    proposals,
    reviewing,
    sign_on,
    workflows,
)
