"""What stands in each report: its columns, and the statement that reads the next lines after a number.

Portion by portion, so that no transaction lasts as long as a report is made. Whoever may have a report sees everything
in it: the hidden, and who submitted what anonymously.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from clerestory.families.ideas.conventions.naming import named
from clerestory.families.ideas.reports.model import Line, Type
from clerestory.platform.database import Runner

PORTION = 500

_MEMBER = """
          JOIN tenant.person AS p ON p.id = {of}.person
          LEFT JOIN tenant.ideas_member AS n ON n.person = p.id"""
_NAMED = f"{named('n')} AS member"
_ABOUT = "i.uuid AS idea_id, i.code AS idea_code, i.title AS idea_title, c.name AS campaign"
_IDEA = """
          JOIN tenant.ideas_idea AS i ON i.id = {of}.idea
          JOIN tenant.ideas_campaign AS c ON c.id = i.campaign"""
_WHICH = """
         WHERE {of}.id > :after AND (:campaign::bigint IS NULL OR i.campaign = :campaign)
         ORDER BY {of}.id
         LIMIT :portion"""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by name, and the statement; its first column is the number."""

    columns: tuple[str, ...]
    statement: str


def _of_idea(of: str, table: str, own: str) -> str:
    """A statement on what ideas have: its own columns, its member, its idea."""
    return f"""
        SELECT {of}.id AS number, {own}, p.uuid AS member_id, {_NAMED}, {_ABOUT}
          FROM {table} AS {of}
        {_IDEA.format(of=of)}
        {_MEMBER.format(of=of)}
        {_WHICH.format(of=of)}
    """  # noqa: S608 - the fragments stand above


_IDEAS_STATEMENT = f"""
        SELECT i.id AS number, i.uuid, i.code, i.title, i.description, c.name AS campaign, k.name AS category,
               s.name AS status, p.uuid AS member_id, {_NAMED}, i.anonymous, i.visible, i.created, i.changed, t.score,
               t.promotes, t.demotes, t.chips, t.comments + t.hidden_comments AS comments
          FROM tenant.ideas_idea AS i
          JOIN tenant.ideas_standing AS t ON t.idea = i.id
          JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
          JOIN tenant.ideas_status AS s ON s.id = i.status
          LEFT JOIN tenant.ideas_category AS k ON k.id = i.category
        {_MEMBER.format(of="i")}
        {_WHICH.format(of="i")}
"""  # noqa: S608 - the fragments stand above
_MEMBERS_STATEMENT = f"""
        SELECT p.id AS number, p.uuid, p.email, {_NAMED}, p.first_name, p.last_name, p.role AS job_title,
               coalesce(n.department, '') AS department, coalesce(n.external_user_id, '') AS external_user_id, p.active,
               p.created, n.last_login,
               (SELECT count(*) FROM tenant.ideas_idea AS i WHERE i.person = p.id) AS ideas
          FROM tenant.person AS p
          LEFT JOIN tenant.ideas_member AS n ON n.person = p.id
         WHERE p.id > :after AND :campaign::bigint IS NULL
         ORDER BY p.id
         LIMIT :portion
"""  # noqa: S608 - the fragments stand above
_ABOUT_COLUMNS = ("member_id", "member", "idea_id", "idea_code", "idea_title", "campaign")

TABLES: Mapping[Type, Table] = {
    Type.IDEAS: Table(
        (
            *("id", "idea_code", "title", "description", "campaign", "category", "status", "member_id", "member"),
            *("anonymous", "visible", "date_created", "date_modified", "score", "promote_count", "demote_count"),
            *("chips", "comment_count"),
        ),
        _IDEAS_STATEMENT,
    ),
    Type.COMMENTS: Table(
        ("id", "date_created", "text", "visible", *_ABOUT_COLUMNS),
        _of_idea("m", "tenant.ideas_comment", "m.uuid, m.created, m.text, m.visible"),
    ),
    Type.VOTES: Table(
        ("date_created", "type", *_ABOUT_COLUMNS), _of_idea("v", "tenant.ideas_vote", "v.created, v.type")
    ),
    Type.CHIPS: Table(
        ("date_created", "chips", *_ABOUT_COLUMNS), _of_idea("h", "tenant.ideas_chip_vote", "h.created, h.chips")
    ),
    Type.MEMBERS: Table(
        (
            *("id", "email", "screen_name", "first_name", "last_name", "job_title", "department", "external_user_id"),
            *("active", "date_created", "last_login_date", "idea_count"),
        ),
        _MEMBERS_STATEMENT,
    ),
}


async def lines(runner: Runner, table: Table, campaign: int | None, after: int) -> list[Line]:
    """The next lines of a table after this number, of one campaign or of all."""
    return await runner.rows(table.statement, _line, campaign=campaign, after=after, portion=PORTION)


def _line(number: int, **cells: object) -> Line:
    return Line(number, tuple(cells.values()))  # type: ignore[arg-type]  # the statements above have no other types
