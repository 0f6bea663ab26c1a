"""Every variable that an operator can set, once: the parser, the command line's help and docs/settings.md read it here.

A secret's value is never shown: not in help, not by `doctor`, not in an error.
"""

from dataclasses import dataclass
from typing import Literal

from clerestory.settings.forms import FLAG, FOLDER, NAMES, TEXT, Form, choice, seconds, url, whole

PREFIX = "CLERESTORY_"

Group = Literal["Server", "Tenants", "Database", "Embedded PostgreSQL", "Files", "Log", "Delivery", "Bots", "Commands"]


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing to set. `default` is the text that would be read if nothing is set; None: absent is a state too."""

    group: Group
    name: str
    form: Form
    default: str | None
    doc: str
    secret: bool = False

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()

    @property
    def value(self) -> object:
        """What it is when nobody sets it."""
        return None if self.default is None else self.form.read(self.default)


_SERVER = (
    Variable("Server", "host", TEXT, "127.0.0.1", "The address to listen on; 0.0.0.0 for every network."),
    Variable("Server", "port", whole(0, 65535), "8000", "The port to listen on; 0 takes any that is free."),
    Variable("Server", "workers", whole(1, 64), "1", "How many processes serve requests on that port."),
    Variable(
        "Server",
        "connections",
        whole(1, 1_000_000),
        "1000",
        "How many connections each process works for, idle ones counted; while there are more it answers 503.",
    ),
    Variable("Server", "jobs", FLAG, "yes", "Whether the server runs background jobs too."),
    Variable("Server", "data_dir", FOLDER, "data", "Where the embedded PostgreSQL, the secret and files are kept."),
    Variable(
        "Server",
        "secret",
        TEXT,
        None,
        "At least 32 bytes that nobody else knows: stored keys and tokens depend on it. Absent: the file `secret` in "
        "the data folder, made at the first start.",
        secret=True,
    ),
    Variable(
        "Server",
        "public_url",
        url("http", "https"),
        None,
        "How people and providers reach the server, for links and callbacks. Absent: the host and port it listens on.",
    ),
    Variable(
        "Server",
        "trusted_proxies",
        NAMES,
        "",
        "Addresses of reverse proxies whose X-Forwarded headers are believed; * for all.",
    ),
    Variable(
        "Server",
        "metrics_token",
        TEXT,
        None,
        "Who reads /metrics must show this as a bearer token. Absent: whoever reaches the server may read it.",
        secret=True,
    ),
    Variable(
        "Server",
        "sweep_after",
        seconds(3, 3600),
        "60",
        "How long after messages were planned it is looked whether a process died with them. Under a minute it is "
        "looked sooner, and a provider that takes its time may count as silent.",
    ),
    Variable("Server", "drain", seconds(0, 3600), "30", "How long requests under way may take once it is told to end."),
)

_TENANTS = (
    Variable("Tenants", "default_tenant", TEXT, None, "The client that serves requests which name none."),
    Variable("Tenants", "domain", TEXT, None, "With example.org the host acme_042917.example.org picks that tenant."),
    Variable("Tenants", "spares", whole(0, 100), "3", "How many finished schemas wait for the next registrations."),
    Variable(
        "Tenants",
        "picker",
        choice("select", "typed"),
        "select",
        "How the log-in asks for the client: select lists the names to anyone, typed does not.",
    ),
    Variable("Tenants", "registration", FLAG, "yes", "Whether anyone may sign up; no: only by the command line."),
    # Each costs a hash of a password and a schema, 1 to 2 MB: sixty are a busy course behind one address.
    Variable(
        "Tenants",
        "registrations_per_hour",
        whole(0, 1_000_000),
        "60",
        "How many may sign up in an hour from one address; 0: as many as like.",
    ),
    Variable("Tenants", "demo", FLAG, "yes", "Whether the first start loads the demonstration data into public."),
)

_DATABASE = (
    Variable(
        "Database",
        "database_url",
        url("postgresql", "postgres"),
        None,
        "A PostgreSQL of your own, 15 or newer. Absent: the embedded one in the data folder.",
        secret=True,
    ),
    Variable("Database", "pool_min", whole(0, 1000), "2", "Connections that each process keeps open."),
    Variable("Database", "pool_max", whole(1, 1000), "16", "Connections that each process opens at most."),
    Variable("Database", "statement_cache", whole(0, 100_000), "1000", "Prepared statements kept per connection."),
    Variable("Database", "connect_timeout", seconds(1, 600), "10", "How long a connection may take to be had."),
    Variable("Database", "statement_timeout", seconds(1, 59), "55", "How long one statement of a request may take."),
)

_EMBEDDED = (
    Variable("Embedded PostgreSQL", "postgres_binaries", FOLDER, None, "Other programs than the installed ones."),
    Variable("Embedded PostgreSQL", "postgres_shared_buffers_mb", whole(16, 1_000_000), "128", "Its cache, in MB."),
    Variable("Embedded PostgreSQL", "postgres_max_connections", whole(20, 10_000), "100", "Its connections, at least."),
    Variable(
        "Embedded PostgreSQL",
        "postgres_user",
        TEXT,
        None,
        "Started as root, who it runs as in a new data folder. Absent: clerestory, else nobody.",
    ),
)

_FILES = (
    Variable(
        "Files",
        "storage_url",
        url("file", "s3"),
        None,
        "Where files are kept: file:///folder, or s3://bucket/prefix. Absent: the folder `files` in the data folder. "
        "Several machines need one place that all of them reach.",
    ),
    Variable(
        "Files",
        "storage_endpoint",
        url("http", "https"),
        None,
        "Where a bucket is that is not at Amazon: the address of what speaks as S3 does.",
    ),
    Variable("Files", "storage_region", TEXT, None, "The bucket's region. Absent: us-east-1."),
    Variable(
        "Files",
        "storage_access_key",
        TEXT,
        None,
        "The key for the bucket. Absent: AWS's own variables, or the role of the machine.",
    ),
    Variable("Files", "storage_secret_key", TEXT, None, "The secret that belongs to that key.", secret=True),
)

_LOG = (
    Variable("Log", "log_format", choice("text", "json"), "text", "key=value for people, or a JSON object a line."),
    Variable("Log", "log_level", choice("debug", "info", "warning", "error"), "info", "The least that is written."),
)

_DELIVERY = (
    Variable(
        "Delivery",
        "smtp_url",
        TEXT,
        None,
        "The mail server: smtp://user:secret@host:587, smtps://…:465. Absent: mail is kept in the inbox.",
        secret=True,
    ),
    Variable("Delivery", "smtp_from", TEXT, None, "The sender of mail: Clerestory <ops@example.org>."),
    Variable("Delivery", "twilio_url", url("http", "https"), "https://api.twilio.com", "Where Twilio is."),
    Variable("Delivery", "twilio_account_sid", TEXT, None, "The account at Twilio. Absent: SMS are kept in the inbox."),
    Variable("Delivery", "twilio_auth_token", TEXT, None, "Its token; callbacks are checked with it too.", secret=True),
    Variable("Delivery", "twilio_from", TEXT, None, "The number, or messaging service, that SMS come from."),
    Variable("Delivery", "twilio_whatsapp_from", TEXT, None, "The number that WhatsApp messages by Twilio come from."),
    Variable("Delivery", "twilio_whatsapp_content_sid", TEXT, None, "The approved template to send, at Twilio."),
    Variable(
        "Delivery",
        "whatsapp_url",
        url("http", "https"),
        "https://graph.facebook.com/v21.0",
        "Where Meta's WhatsApp Cloud API is.",
    ),
    Variable("Delivery", "whatsapp_token", TEXT, None, "The access token at Meta.", secret=True),
    Variable("Delivery", "whatsapp_phone_number_id", TEXT, None, "The business number's id at Meta."),
    Variable("Delivery", "whatsapp_app_secret", TEXT, None, "Checks Meta's callbacks.", secret=True),
    Variable("Delivery", "whatsapp_template", TEXT, None, "The approved template to send. Absent: plain text."),
    Variable("Delivery", "whatsapp_template_language", TEXT, "en", "The template's language."),
    Variable(
        "Delivery",
        "whatsapp_treat_131026_as_blocked",
        FLAG,
        "no",
        "Whether Meta's code 131026, undeliverable, counts as blocked by the recipient.",
    ),
    Variable("Delivery", "clickup_url", url("http", "https"), "https://api.clickup.com/api/v2", "Where ClickUp is."),
    Variable("Delivery", "clickup_token", TEXT, None, "The token at ClickUp. Absent: no tasks.", secret=True),
    Variable("Delivery", "clickup_list_id", TEXT, None, "The list that tasks are made in."),
    Variable("Delivery", "clickup_mark_field_id", TEXT, None, "A text field of the list that holds the issue's mark."),
    Variable(
        "Delivery",
        "clickup_shared",
        FLAG,
        "no",
        "Whether a tenant without a token of its own may name any list that this token opens, another tenant's too. "
        "no: it has the list set here, or a token of its own.",
    ),
    Variable(
        "Delivery",
        "outbound_allow_private",
        FLAG,
        "no",
        "Whether addresses that tenants set may lead into private networks.",
    ),
    Variable(
        "Delivery",
        "shared_messages_per_day",
        whole(0, 1_000_000),
        "200",
        "How many messages a tenant may send in a day by the transports set here, a mail counted once for each "
        "address; 0: as many as it likes. A tenant's own transports are not counted.",
    ),
)

_BOTS = (
    Variable(
        "Bots",
        "facebook_graph_url",
        url("http", "https"),
        "https://graph.facebook.com/v21.0",
        "Where Facebook's Graph API is: sign-ins are asked there, and Messenger is spoken to.",
    ),
    Variable("Bots", "facebook_app_id", TEXT, None, "The app that tenants without one of their own use."),
    Variable(
        "Bots",
        "facebook_app_secret",
        TEXT,
        None,
        "Its secret. Absent: nobody signs in to the bots API but by an app of the tenant's own.",
        secret=True,
    ),
)

_COMMANDS = (
    Variable("Commands", "json", FLAG, "no", "Answer with JSON."),
    Variable(
        "Commands",
        "health_port",
        whole(1, 65535),
        None,
        "worker: a port for /healthz, /readyz and /metrics. Absent: it does not listen.",
    ),
    Variable("Commands", "plan", FLAG, "no", "migrate: only tell what would run."),
    Variable("Commands", "tenant", TEXT, None, "key: the client whose keys are meant."),
    Variable("Commands", "name", TEXT, "default", "key create: what the key is called."),
    Variable("Commands", "password", TEXT, None, "tenant create: the registrant's password.", secret=True),
    Variable("Commands", "first_name", TEXT, "", "tenant create: the registrant's first name."),
    Variable("Commands", "last_name", TEXT, "", "tenant create: the registrant's last name."),
    Variable("Commands", "yes", FLAG, "no", "tenant delete: do not ask."),
)

VARIABLES = (*_SERVER, *_TENANTS, *_DATABASE, *_EMBEDDED, *_FILES, *_LOG, *_DELIVERY, *_BOTS, *_COMMANDS)
BY_NAME = {variable.name: variable for variable in VARIABLES}
