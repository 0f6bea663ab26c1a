"""A folder and a bucket, so that every test of the interface runs on both."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clerestory.platform.storage import Files, StorageSettings
from tests.platform.storage.places import Place
from tests.standins.s3 import BUCKET, S3


@pytest.fixture
def s3() -> Iterator[S3]:
    with S3() as standin:
        yield standin


@pytest.fixture
def bucket(s3: S3) -> Place:
    settings = StorageSettings(f"s3://{BUCKET}/clerestory", s3.url, None, "key", "secret")

    def lies() -> list[str]:
        return sorted(key.removeprefix("clerestory/") for key in s3.objects)

    return Place(Files.of(settings), lies, lambda path: s3.modified)


@pytest.fixture
def folder(tmp_path: Path) -> Place:
    root = tmp_path / "my files"

    def lies() -> list[str]:
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def modified(path: str) -> datetime:
        return datetime.fromtimestamp((root / path).stat().st_mtime, UTC)

    return Place(Files.of(StorageSettings(root.as_uri())), lies, modified)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found
