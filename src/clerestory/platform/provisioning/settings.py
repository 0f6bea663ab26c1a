"""How tenants are made: how many stand ready, how long a request waits for its own, when one is given up."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ProvisioningSettings:
    """Decision 0014 says where the numbers come from."""

    # Finished schemas kept ready. Each is 1 to 2 MB and 0 is allowed: then every tenant is built when it registers.
    spares: int = 2
    # A registration builds its own schema for so long; then it answers PENDING and a job goes on.
    patience: timedelta = timedelta(seconds=5)
    # Schemas built at one time by one process: each takes a connection and most of a core of the database.
    at_once: int = 2
    attempts: int = 5
    # How often the pool is looked after when nothing asks for it.
    period: timedelta = timedelta(seconds=10)
