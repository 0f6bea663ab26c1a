"""The pages of a tenant's escalation: its issues, one issue with its logs, and the members with what they allow.
They refuse to send anything and to speak the wire: the escalation API stands beside them, in its own surface."""
