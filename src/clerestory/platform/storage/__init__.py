"""Files of tenants: streamed in and out, in a folder or in a bucket of S3. What a file is and whose, families know."""

from clerestory.platform.storage.backend import Stored
from clerestory.platform.storage.files import Files, Shelf
from clerestory.platform.storage.settings import StorageSettings

__all__ = ["Files", "Shelf", "StorageSettings", "Stored"]
