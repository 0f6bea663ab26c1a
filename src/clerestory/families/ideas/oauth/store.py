"""Apps, codes and tokens: one function, one statement. Codes and tokens stand in the control schema, by digest."""

from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.oauth.model import App, Code, Token
from clerestory.platform.database import Runner


def _place(tenant: int, app: int) -> tuple[int, int]:
    return tenant, app


async def client(runner: Runner, client_id: str) -> tuple[int, int] | None:
    """(tenant, app) of a client id. Runs in the control schema."""
    return await runner.row(
        """
        SELECT tenant, app
          FROM platform.ideas_client
         WHERE client_id = :client_id
        """,
        _place,
        client_id=client_id,
    )


async def app(runner: Runner, tenant: int, app_id: int) -> App | None:
    """One app of the runner's tenant."""
    return await runner.row(
        """
        SELECT :tenant::bigint AS tenant, id, name, website, logo, client_id, secret_digest, redirect_uris, master
          FROM tenant.ideas_app
         WHERE id = :app_id
        """,
        App,
        tenant=tenant,
        app_id=app_id,
    )


async def code(runner: Runner, digest: bytes) -> Code | None:
    """The code with this digest, used ones too."""
    return await runner.row(
        """
        SELECT digest, tenant, app, person, redirect_uri, challenge, challenge_method, chain, used, expires
          FROM platform.ideas_code
         WHERE digest = :digest
        """,
        Code,
        digest=digest,
    )


async def insert_code(runner: Runner, new: Code) -> None:
    """Keeps a code that is handed out."""
    await runner.execute(
        """
        INSERT INTO platform.ideas_code (digest, tenant, app, person, redirect_uri, challenge, challenge_method, chain,
                                         expires)
        VALUES (:digest, :tenant, :app, :person, :redirect_uri, :challenge, :challenge_method, :chain, :expires)
        """,
        digest=new.digest,
        tenant=new.tenant,
        app=new.app,
        person=new.person,
        redirect_uri=new.redirect_uri,
        challenge=new.challenge,
        challenge_method=new.challenge_method,
        chain=new.chain,
        expires=new.expires,
    )


async def use_code(runner: Runner, digest: bytes, now: datetime) -> int:
    """Marks a code as used; 0 when somebody was faster."""
    return await runner.execute(
        """
        UPDATE platform.ideas_code
           SET used = :now
         WHERE digest = :digest AND used IS NULL
        """,
        digest=digest,
        now=now,
    )


async def token(runner: Runner, digest: bytes) -> Token | None:
    """The token with this digest, past ones too."""
    return await runner.row(
        """
        SELECT digest, tenant, app, person, use, chain, rotated, expires
          FROM platform.ideas_token
         WHERE digest = :digest
        """,
        Token,
        digest=digest,
    )


async def insert_token(runner: Runner, new: Token) -> None:
    """Keeps a token that is handed out."""
    await runner.execute(
        """
        INSERT INTO platform.ideas_token (digest, tenant, app, person, use, chain, expires)
        VALUES (:digest, :tenant, :app, :person, :use, :chain, :expires)
        """,
        digest=new.digest,
        tenant=new.tenant,
        app=new.app,
        person=new.person,
        use=new.use,
        chain=new.chain,
        expires=new.expires,
    )


async def rotate(runner: Runner, digest: bytes, now: datetime) -> int:
    """Starts the grace of a refresh token that was used; 0 when it is gone."""
    return await runner.execute(
        """
        UPDATE platform.ideas_token
           SET rotated = coalesce(rotated, :now)
         WHERE digest = :digest
        """,
        digest=digest,
        now=now,
    )


async def delete_chain(runner: Runner, chain: UUID) -> int:
    """Ends a sign-in and all that was renewed from it."""
    return await runner.execute("DELETE FROM platform.ideas_token WHERE chain = :chain", chain=chain)


async def delete_past(runner: Runner, before: datetime) -> int:
    """Clears codes and tokens that ended before then; how many tokens."""
    return await runner.execute(
        """
        WITH codes AS (DELETE FROM platform.ideas_code WHERE expires < :before)
        DELETE FROM platform.ideas_token WHERE expires < :before
        """,
        before=before,
    )


async def person_by_email(runner: Runner, email: str) -> int | None:
    """The active member with this e-mail, in the runner's tenant."""
    person: int | None = await runner.value(
        """
        SELECT id
          FROM tenant.person
         WHERE lower(email) = lower(:email) AND active
        """,
        email=email,
    )
    return person


async def administers(runner: Runner, person: int) -> bool | None:
    """Whether the person administers the runner's tenant; None: there is no such active person."""
    administrator: bool | None = await runner.value(
        """
        SELECT administrator
          FROM tenant.person
         WHERE id = :person AND active
        """,
        person=person,
    )
    return administrator


async def per_hour(runner: Runner, app_id: int) -> int | None:
    """How many requests of an hour the app has been given; -1: it is gone."""
    limit: int | None = await runner.value(
        """
        SELECT CASE WHEN count(*) = 0 THEN -1 ELSE max(per_hour) END
          FROM tenant.ideas_app
         WHERE id = :app_id
        """,
        app_id=app_id,
    )
    return limit
