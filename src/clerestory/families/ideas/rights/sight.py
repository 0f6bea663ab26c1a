"""What the one who asks may see, as conditions of SQL: for every statement of the family, and written nowhere else.

Each fragment speaks of `:person` (null: nobody known, or the system) and `:admin`; `sees` gives both.
"""

from clerestory.families.ideas.rights.model import Viewer

_ROLE = """
           EXISTS (SELECT FROM tenant.ideas_role AS r
                    WHERE r.campaign = c.id AND r.person = :person AND r.role IN ({roles}))"""

ADMINISTERED = "(:admin OR" + _ROLE.format(roles="'administrator'") + ")"
"""Whether the campaign `c` is administered by who asks."""

MANAGED = "(:admin OR" + _ROLE.format(roles="'administrator', 'moderator'") + ")"
"""Whether its hidden ideas and comments are seen: by administrators and moderators."""

ENTERED = f"""({MANAGED}
       OR c.status <> 'Draft' AND (
              c.public
           OR :person::bigint IS NOT NULL AND (
                     NOT c.restricted
                  OR EXISTS (SELECT FROM tenant.ideas_access AS a
                               JOIN tenant.membership AS m ON m.person_group = a.person_group
                              WHERE a.campaign = c.id AND m.person = :person))))"""
"""Whether the campaign `c` may be entered: `public` by all, private by those who are signed in and let in."""

CAMPAIGNS = f"""
    SELECT c.id, {MANAGED} AS managed
      FROM tenant.ideas_campaign AS c
     WHERE {ENTERED}
"""  # noqa: S608 - the fragments stand above
"""The campaigns that are seen, each with whether it is managed. Use it as `WITH seen AS MATERIALIZED ({CAMPAIGNS})`,
and see an idea `i` by `JOIN seen ON seen.id = i.campaign AND (i.visible OR seen.managed)`."""

MEMBERS = """(:known
       OR EXISTS (SELECT FROM tenant.ideas_entrant AS e
                    JOIN tenant.ideas_campaign AS c ON c.id = e.campaign AND c.public AND c.status <> 'Draft'
                   WHERE e.person = p.id))"""
"""Whether the person `p` is seen: by whoever is known; by others, if it has entered a public campaign."""


REVEALED = f"""(NOT i.anonymous
       OR i.person IS NOT DISTINCT FROM :person
       OR {ADMINISTERED}
       OR c.revealing AND :person::bigint IS NOT NULL)"""
"""Whether it is told who submitted the idea `i` of the campaign `c`. A filter by submitter says it too, so it
passes over the others."""


_IDEAS = """({of}.campaign IN (SELECT a.id FROM seen AS a WHERE a.managed)
       OR {of}.visible AND {of}.campaign IN (SELECT a.id FROM seen AS a))"""


def ideas_seen(of: str = "i") -> str:
    """Whether an idea is seen whose `campaign` and `visible` the table `of` has; stands after `WITH seen`.

    Not a join: as a filter it leaves the order of the index that the rows come from, so a page ends where it is full.
    """
    return _IDEAS.format(of=of)


def of_each(fragment: str, viewer: str) -> str:
    """The fragment for many viewers in one statement: for the rows of `viewer`, which has `person` and `admin`."""
    return (
        fragment.replace(":person::bigint", f"{viewer}.person")
        .replace(":person", f"{viewer}.person")
        .replace(":admin", f"{viewer}.admin")
    )


def sees(viewer: Viewer) -> dict[str, object]:
    """The arguments of every fragment but MEMBERS."""
    return {"person": viewer.person, "admin": viewer.admin}
