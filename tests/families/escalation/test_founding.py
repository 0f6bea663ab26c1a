"""A new tenant is told of its first error, whatever the public data holds."""

import httpx

from clerestory.app import Application
from clerestory.platform import provisioning
from tests.fixtures.tenants import PASSWORD

LOG = {"code": "500", "application": "ExampleApp", "message": "Critical bug detected", "severity": "MAJOR"}


async def test_the_registrant_is_told_of_severe_errors_by_mail(
    application: Application, client: httpx.AsyncClient
) -> None:
    registrant = provisioning.Registrant("ada@x.org", PASSWORD, "Ada", "Byron")
    registered = await provisioning.register(application.parts, registrant)
    bearer = {"Authorization": f"Bearer {registered.api_key}"}
    (member,) = (await client.get("/members", headers=bearer)).json()["data"]
    assert (member["email"], member["consents"], member["preferences"]) == (
        "ada@x.org",
        {"EMAIL": True, "SMS": False, "WHATSAPP": False},
        ["MAJOR", "CRITICAL"],
    )
    jobs = (await client.post("/escalate", json=LOG, headers=bearer)).json()["data"]
    assert [(job["platform"], job["recipients"]) for job in jobs] == [("EMAIL", [["ada@x.org"]])]
