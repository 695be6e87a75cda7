"""Signing on through an organisation's own identity provider: OpenID Connect, as the client of many organisations."""
