"""How long the texts of a log may be, in code points. Source: dialects/escalation.md, POST /escalate."""

NAME_LIMIT = 256
MESSAGE_LIMIT = 8192
AGENT_LIMIT = 1024
TRACE_LIMIT = 1024
