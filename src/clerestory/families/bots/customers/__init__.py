"""Customers: who signs in by Facebook and configures bots. One is a person of the tenant where an e-mail says whom."""
