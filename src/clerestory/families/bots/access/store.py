"""Who calls and what is theirs, for many at once: one function, one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clerestory.families.bots.access.model import Access, Who, looked_up
from clerestory.platform.database import Runner

# A bot as the wire has it. What the server made is put over what clients added, which never has these names.
BOT_SHOWN = """
(bot.attributes || jsonb_build_object(
    'id', bot.uuid,
    'customerId', (SELECT owner.uuid FROM tenant.bots_customer AS owner WHERE owner.id = bot.owner),
    'admins', (SELECT coalesce(jsonb_agg(listed.uuid ORDER BY place.id DESC), '[]')
                 FROM tenant.bots_admin AS place
                 JOIN tenant.bots_customer AS listed ON listed.id = place.customer
                WHERE place.bot = bot.id)
))::text
"""

_ACCESS = """
SELECT asked.place, caller.id AS caller_id, caller.uuid::text AS caller, coalesce(person.active, true) AS active,
       given.facebook_id AS given_facebook_id, given.id IS NOT NULL AS given_found,
       bot.id AS bot, admin.id IS NOT NULL AS administers, {shown} AS shown
  FROM unnest(:facebook_ids::text[], :customers::uuid[], :bots::uuid[])
       WITH ORDINALITY AS asked (facebook_id, customer, bot, place)
  LEFT JOIN tenant.bots_customer AS caller ON caller.facebook_id = asked.facebook_id
  LEFT JOIN tenant.person AS person ON person.id = caller.person
  LEFT JOIN tenant.bots_customer AS given ON given.uuid = asked.customer
  LEFT JOIN tenant.bots_bot AS bot ON bot.uuid = asked.bot
  LEFT JOIN tenant.bots_admin AS admin ON admin.bot = bot.id AND admin.customer = caller.id
"""
_ALONE = _ACCESS.format(shown="NULL::text")
_WITH_BOT = _ACCESS.format(shown=f"CASE WHEN admin.id IS NOT NULL THEN {BOT_SHOWN} END")


@dataclass(frozen=True, slots=True)
class _Placed:
    place: int
    access: Access


def _placed(place: int, **columns: object) -> _Placed:
    return _Placed(place, Access(**columns))  # type: ignore[arg-type]  # the columns of the statement above


async def read(runner: Runner, asked: Sequence[Who], *, with_bot: bool = False) -> Mapping[Who, Access]:
    """What is known of each; with `with_bot`, of a caller who administers its bot also the bot as the wire has it."""
    rows = await runner.rows(
        _WITH_BOT if with_bot else _ALONE,
        _placed,
        facebook_ids=[who.facebook_id for who in asked],
        customers=[looked_up(who.customer) for who in asked],
        bots=[looked_up(who.bot) for who in asked],
    )
    return {asked[row.place - 1]: row.access for row in rows}
