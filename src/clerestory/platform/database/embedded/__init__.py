"""The embedded PostgreSQL: finds the programs, makes the folder, runs one server for it, ends it.

Blocking code for the main thread. It knows nothing of tenants, never signals a process it did not
start, and never changes a folder above the data folder.
"""

from clerestory.platform.database.embedded.account import choose as choose_account
from clerestory.platform.database.embedded.binaries import Binaries, find_binaries
from clerestory.platform.database.embedded.errors import EmbeddedError
from clerestory.platform.database.embedded.ownership import make_folder
from clerestory.platform.database.embedded.settings import EmbeddedSettings
from clerestory.platform.database.embedded.supervisor import Embedded

__all__ = [
    "Binaries",
    "Embedded",
    "EmbeddedError",
    "EmbeddedSettings",
    "choose_account",
    "find_binaries",
    "make_folder",
]
