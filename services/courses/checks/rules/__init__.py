"""One file per rule. A new rule is a file here, a line in the registry and its test."""

from services.courses.checks.rule import Rule
from services.courses.checks.rules import (
    approved,
    claims,
    clean,
    content,
    contradictions,
    duplicates,
    headings,
    images,
    keys,
    labs,
    links,
    markable,
    objectives,
    options,
    quotes,
    reading_time,
    sources,
)

# In the order in which they are told: what a learner would be taught wrongly comes first.
RULES: tuple[Rule, ...] = (
    content.RULE,
    claims.RULE,
    quotes.RULE,
    markable.RULE,
    keys.RULE,
    options.RULE,
    duplicates.RULE,
    objectives.RULE,
    labs.RULE,
    links.RULE,
    images.RULE,
    headings.RULE,
    clean.RULE,
    approved.RULE,
    sources.RULE,
    contradictions.RULE,
    reading_time.RULE,
)
