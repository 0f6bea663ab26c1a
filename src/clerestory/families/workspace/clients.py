"""Registration of a client by the API: the same verb as the site's form."""

from clerestory.families.workspace import wire
from clerestory.platform.identity.person import EMAIL
from clerestory.platform.provisioning import Admission, Registrant
from clerestory.platform.resources import Field, read_body
from clerestory.platform.tenancy import Scope

REGISTER = (
    Field("email", EMAIL.type, required=True, longest=254, doc="With it the registrant logs in to the new client."),
    Field("password", required=True, secret=True, longest=1024),
    Field("first_name", longest=150),
    Field("last_name", longest=150),
)


async def register(scope: Scope, body: dict[str, object], address: str) -> wire.NewClient:
    """A new tenant with its key. Raises Forbidden, RateLimited, and Invalid with a fault for each field refused."""
    given = {name: str(value) for name, value in read_body(REGISTER, body).items()}
    made = await scope.part(Admission).sign_up(Registrant(**given), address, scope.now)
    return wire.NewClient(made.client, made.schema, made.api_key, made.state.value)
