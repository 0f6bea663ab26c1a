"""The statement that stores a batch of events with the chats that they belong to: repetitions are not stored again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One event on its way in. `speaks`: the person has said something, from which Messenger's windows count."""

    bot: int
    channel: str
    address: str
    kind: str
    key: str
    text: str
    payload: str
    happened: datetime
    speaks: bool


@dataclass(frozen=True, slots=True)
class Touched:
    """A chat that has something new."""

    bot: int
    channel: str
    address: str
    chat: int


async def insert_events(runner: Runner, events: Sequence[NewEvent], now: datetime) -> list[Touched]:
    """Stores what is new, each event once; the chats that have something new."""
    return await runner.rows(
        """
        WITH given AS MATERIALIZED (
            SELECT bot, channel, address, kind, key, text, payload, happened, speaks, place
              FROM unnest(
                       :bots::bigint[], :channels::text[], :addresses::text[], :kinds::text[], :keys::text[],
                       :texts::text[], :payloads::jsonb[], :moments::timestamptz[], :speaking::boolean[]
                   ) WITH ORDINALITY
                   AS g (bot, channel, address, kind, key, text, payload, happened, speaks, place)
        ), chat AS (
            INSERT INTO tenant.bots_chat AS known (bot, channel, address, last_at, last_heard, created, modified)
            SELECT bot, channel, address, max(happened), max(happened) FILTER (WHERE speaks), :now, :now
              FROM given
             GROUP BY bot, channel, address
             ORDER BY bot, channel, address
                ON CONFLICT (bot, channel, address) DO UPDATE
               SET last_at = greatest(known.last_at, excluded.last_at),
                   last_heard = greatest(known.last_heard, excluded.last_heard),
                   modified = excluded.modified
            RETURNING id, bot, channel, address
        ), stored AS (
            INSERT INTO tenant.bots_message (chat, kind, author, key, text, payload, happened, state, created, modified)
            SELECT c.id, g.kind, CASE WHEN g.speaks THEN 'person' ELSE 'platform' END, g.key, g.text, g.payload,
                   g.happened, 'waiting', :now, :now
              FROM given AS g
              JOIN chat AS c ON c.bot = g.bot AND c.channel = g.channel AND c.address = g.address
             ORDER BY g.place
                ON CONFLICT (chat, key) DO NOTHING
            RETURNING chat
        )
        SELECT bot, channel, address, id AS chat
          FROM chat
         WHERE id IN (SELECT chat FROM stored)
        """,
        Touched,
        now=now,
        bots=[event.bot for event in events],
        channels=[event.channel for event in events],
        addresses=[event.address for event in events],
        kinds=[event.kind for event in events],
        keys=[event.key for event in events],
        texts=[event.text for event in events],
        payloads=[event.payload for event in events],
        moments=[event.happened for event in events],
        speaking=[event.speaks for event in events],
    )
