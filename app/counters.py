"""Figures that are counted in several places, in a module that costs nothing to import."""

from prometheus_client import Counter

REFUSED = Counter('coursewright_refusals_total', 'Requests of the API that were refused, by reason', ['code'])
RATE_LIMITED = Counter('coursewright_rate_limited_total', 'What was asked for too often, by rule', ['rule'])
REDACTED = Counter('coursewright_log_redactions_total', 'Log lines that would have held a secret')


def rate_limited(rule: str) -> None:
    RATE_LIMITED.labels(rule).inc()
