"""Access and refresh tokens as signed JWTs: HS256, five minutes and one day, each bound to its tenant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from clerestory.kernel.errors import Expired
from clerestory.platform.tokens.vault import Vault

ACCESS_LIFE = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says, after its signature and life were checked."""

    tenant: int
    person_uuid: UUID
    use: str
    jti: UUID
    expires: datetime


class Signer:
    """Signs and reads tokens with a key derived from the server's secret."""

    def __init__(self, vault: Vault) -> None:
        self._key = OctKey.import_key(vault.derive("jwt"))

    def sign(self, tenant: int, person_uuid: UUID, use: str, now: datetime) -> tuple[str, Claims]:
        """A token for `use` ("access" or "refresh"), and what it says."""
        life = ACCESS_LIFE if use == "access" else REFRESH_LIFE
        claims = Claims(tenant, person_uuid, use, uuid4(), now + life)
        payload = {
            "token_type": use,
            "exp": int(claims.expires.timestamp()),
            "iat": int(now.timestamp()),
            "jti": claims.jti.hex,
            "tenant": tenant,
            "user_id": str(person_uuid),
        }
        return jwt.encode({"alg": "HS256"}, payload, self._key), claims

    def read(self, token: str, now: datetime) -> Claims:
        """What the token says. Raises Expired for one that is not ours, altered, or past its life."""
        try:
            said = jwt.decode(token, self._key, algorithms=["HS256"]).claims
            claims = Claims(
                tenant=int(said["tenant"]),
                person_uuid=UUID(said["user_id"]),
                use=str(said["token_type"]),
                jti=UUID(said["jti"]),
                expires=datetime.fromtimestamp(int(said["exp"]), now.tzinfo),
            )
        except (JoseError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise Expired from error
        if claims.expires <= now:
            raise Expired
        return claims
