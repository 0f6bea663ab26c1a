"""Where files are kept: a folder of this machine, or a bucket of S3 or of what speaks as it does."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from clerestory.kernel.errors import Fault, Invalid, Kind


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """`file:///folder` or `s3://bucket/prefix`. Without keys AWS's own variables hold, or the machine's role."""

    storage_url: str = "file:data/files"
    storage_endpoint: str | None = None
    storage_region: str | None = None
    storage_access_key: str | None = None
    storage_secret_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raises Invalid for a bucket without a name, and for half a pair of keys."""
        if self.scheme == "s3" and not urlsplit(self.storage_url).netloc:
            raise Invalid(Fault("storage_url", Kind.INVALID, "storage_url names no bucket: s3://bucket"))
        if (self.storage_access_key is None) != (self.storage_secret_key is None):
            text = "storage_access_key and storage_secret_key go together"
            raise Invalid(Fault("storage_secret_key", Kind.INVALID, text))

    @property
    def scheme(self) -> str:
        """`file` or `s3`."""
        return urlsplit(self.storage_url).scheme
