"""Members: the tenant's people, with what each of them allows and wants to hear of."""

from clerestory.families.escalation.members.model import SEVERITIES, Member, Severity

__all__ = ["SEVERITIES", "Member", "Severity"]
