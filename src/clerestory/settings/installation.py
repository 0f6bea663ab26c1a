"""What one installation is set to: the part known before its database runs, and the Settings of a process."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from clerestory.families.bots.settings import BotsSettings
from clerestory.families.escalation.settings import EscalationSettings
from clerestory.platform.database import DatabaseSettings
from clerestory.platform.database.embedded import EmbeddedSettings
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.http.operations import OperationsSettings
from clerestory.platform.observe.logs import LogSettings
from clerestory.platform.storage import StorageSettings
from clerestory.platform.tokens import GateSettings, VaultSettings
from clerestory.site.settings import Picker, SiteSettings


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process needs to know. Made by an Installation, or by hand in tests."""

    database: DatabaseSettings
    vault: VaultSettings
    gate: GateSettings = field(default_factory=GateSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    operations: OperationsSettings = field(default_factory=OperationsSettings)
    public_url: str = "http://127.0.0.1:8000"
    site: SiteSettings = field(default_factory=SiteSettings)
    escalation: EscalationSettings = field(default_factory=EscalationSettings)
    bots: BotsSettings = field(default_factory=BotsSettings)
    spares: int = 0
    # From one address; 0: as many as like.
    registrations_per_hour: int = 0
    # Whether this process runs background jobs.
    jobs: bool = False


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How requests are taken in."""

    host: str
    port: int
    workers: int
    drain: timedelta
    trusted_proxies: tuple[str, ...]
    connections: int

    @property
    def reached_at(self) -> str:
        """The host by which this machine itself reaches a server that listens there."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - read, not bound


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that was set. A database of one's own has its address here; the embedded one's is known later."""

    data_dir: Path
    server: ServerSettings
    embedded: EmbeddedSettings
    log: LogSettings
    gate: GateSettings
    delivery: DeliverySettings
    storage: StorageSettings
    site: SiteSettings
    spares: int
    jobs: bool
    demo: bool
    public_url: str | None
    # All of the above and the rest by name; not shown, for there are secrets among them.
    values: Mapping[str, Any] = field(repr=False)
    # False: a process that only runs background jobs.
    takes_requests: bool = True

    @property
    def database_url(self) -> str | None:
        """The address of a PostgreSQL of one's own; None: the embedded one."""
        url: str | None = self.values["database_url"]
        return url

    @property
    def secret(self) -> str | None:
        """The server's secret when it was set; None: the data folder has it."""
        secret: str | None = self.values["secret"]
        return secret

    def settings(self, database_url: str, secret: str) -> Settings:
        """What a process on this database is to know."""
        return Settings(
            database=_made(DatabaseSettings, self.values, url=database_url),
            vault=VaultSettings(secret),
            gate=self.gate,
            delivery=self.delivery,
            storage=self.storage,
            site=self.site,
            escalation=_made(EscalationSettings, self.values),
            bots=_made(BotsSettings, self.values),
            operations=_made(OperationsSettings, self.values),
            public_url=self.public_url or f"http://{_host_in_url(self.server)}",
            spares=self.spares,
            registrations_per_hour=self.values["registrations_per_hour"],
            jobs=self.jobs,
        )


def installation_of(values: Mapping[str, Any]) -> Installation:
    """The installation with these values, one for each variable. Raises Invalid when they contradict each other."""
    return Installation(
        data_dir=values["data_dir"],
        server=_made(ServerSettings, values),
        embedded=EmbeddedSettings(
            data_dir=values["data_dir"],
            binaries=values["postgres_binaries"],
            shared_buffers_mb=values["postgres_shared_buffers_mb"],
            max_connections=max(values["postgres_max_connections"], _connections_needed(values)),
            user=values["postgres_user"],
        ),
        log=LogSettings(values["log_format"], values["log_level"]),
        gate=_made(GateSettings, values),
        delivery=_made(DeliverySettings, values),
        storage=_storage(values),
        site=SiteSettings(Picker(values["picker"]), registration=values["registration"]),
        spares=values["spares"],
        jobs=values["jobs"],
        demo=values["demo"],
        public_url=values["public_url"],
        values=values,
    )


def _storage(values: Mapping[str, Any]) -> StorageSettings:
    url = values["storage_url"] or (values["data_dir"] / "files").absolute().as_uri()
    made: StorageSettings = _made(StorageSettings, values, storage_url=url)
    return made


def _connections_needed(values: Mapping[str, Any]) -> int:
    """For every process its pool and those outside it (LISTEN, the queue), and some for commands and the curious."""
    needed: int = values["workers"] * (values["pool_max"] + 4) + 20
    return needed


def _made(kind: type[Any], values: Mapping[str, Any], **given: object) -> Any:
    """One of the packages' own settings; its fields are named as the variables are, others keep their defaults."""
    named = {one.name: values[one.name] for one in fields(kind) if one.name in values}
    return kind(**(named | given))


def _host_in_url(server: ServerSettings) -> str:
    host = server.reached_at
    return f"[{host}]:{server.port}" if ":" in host and not host.startswith("[") else f"{host}:{server.port}"
