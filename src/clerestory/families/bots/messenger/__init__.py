"""Messenger: what its webhook tells, and how its Send and profile APIs are asked. It knows no tenant."""
