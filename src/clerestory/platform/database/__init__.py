"""PostgreSQL: the only database, and the only package that imports its driver.

It knows schemas and statements; what a tenant is, it does not know.
"""

from clerestory.platform.database.batch import Batcher, Overloaded
from clerestory.platform.database.connect import Database, DatabaseSettings
from clerestory.platform.database.faults import Contended, Duplicate
from clerestory.platform.database.group import GroupCommit, GroupRead
from clerestory.platform.database.listen import Listener, notify
from clerestory.platform.database.run import Direct, Runner, Tx
from clerestory.platform.database.sql import PUBLIC, Schema, schema_name

__all__ = [
    "PUBLIC",
    "Batcher",
    "Contended",
    "Database",
    "DatabaseSettings",
    "Direct",
    "Duplicate",
    "GroupCommit",
    "GroupRead",
    "Listener",
    "Overloaded",
    "Runner",
    "Schema",
    "Tx",
    "notify",
    "schema_name",
]
