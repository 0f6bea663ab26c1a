"""Customers in the tenant's schema: one function, one statement."""

from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner

_SHOWN = """
(customer.attributes || jsonb_build_object(
    'id', customer.uuid,
    'facebookId', customer.facebook_id,
    'bots', (SELECT coalesce(jsonb_agg(bot.uuid ORDER BY place.id DESC), '[]')
               FROM tenant.bots_admin AS place
               JOIN tenant.bots_bot AS bot ON bot.id = place.bot
              WHERE place.customer = customer.id)
))::text
"""


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer to be. Made on a page, it has no Facebook id."""

    facebook_id: str | None
    person: int | None
    attributes: str


async def insert_customer(runner: Runner, customer: NewCustomer, now: datetime) -> int | None:
    """The new customer's number, None when there is one of this Facebook id."""
    made: int | None = await runner.value(
        """
        INSERT INTO tenant.bots_customer (facebook_id, person, attributes, created, modified)
        VALUES (:facebook_id, :person, :attributes::jsonb, :now, :now)
            ON CONFLICT (facebook_id) DO NOTHING
        RETURNING id
        """,
        facebook_id=customer.facebook_id,
        person=customer.person,
        attributes=customer.attributes,
        now=now,
    )
    return made


async def shown_customer(runner: Runner, customer: int) -> str:
    """The customer as the wire has it."""
    found: str = await runner.value(
        f"""
        SELECT {_SHOWN}
          FROM tenant.bots_customer AS customer
         WHERE customer.id = :customer
        """,  # noqa: S608 - a constant of this module
        customer=customer,
    )
    return found


async def customer_of_facebook(runner: Runner, facebook_id: str) -> int | None:
    """The number of the customer with this Facebook id."""
    found: int | None = await runner.value(
        """
        SELECT id
          FROM tenant.bots_customer
         WHERE facebook_id = :facebook_id
        """,
        facebook_id=facebook_id,
    )
    return found


async def change_customer(runner: Runner, customer: int, attributes: str, now: datetime) -> None:
    """Merges the attributes into the customer's."""
    await runner.execute(
        """
        UPDATE tenant.bots_customer
           SET attributes = platform.bots_merged(attributes, :attributes::jsonb), modified = :now
         WHERE id = :customer
        """,
        customer=customer,
        attributes=attributes,
        now=now,
    )


async def customer_of_person(runner: Runner, person: int) -> int | None:
    """The customer that was made for this person on a page, or the first that signed in with its e-mail."""
    found: int | None = await runner.value(
        """
        SELECT id
          FROM tenant.bots_customer
         WHERE person = :person
         ORDER BY facebook_id IS NOT NULL, id
         LIMIT 1
        """,
        person=person,
    )
    return found
