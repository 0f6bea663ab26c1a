"""Statuses: how far an idea has come."""
