"""What a member is called, in SQL."""


def named(member: str) -> str:
    """The screen name in the family's row `member` of the person `p`, or else the person's name; maybe empty."""
    return f"coalesce(nullif({member}.screen_name, ''), btrim(p.first_name || ' ' || p.last_name))"
