"""Clerestory: one multi-tenant server for escalation, ideas, reports and bots, over PostgreSQL."""

__version__ = "0.1.0"
