"""What a bucket alone must stand: few requests for small files, uploads given up, keys that are refused, an absence."""

import pytest

from clerestory.kernel.errors import Invalid, Unavailable
from clerestory.platform.storage import Files, StorageSettings
from tests.platform.storage.places import PART, PIECE, Place, content, pieces
from tests.standins.s3 import BUCKET, S3
from tests.standins.server import Answer

REFUSED = Answer(403, "<Error><Code>AccessDenied</Code></Error>")


async def test_a_small_file_is_one_request(bucket: Place, s3: S3) -> None:
    await bucket.files.shelf(5, "ideas").put("one", content(b"x"), most=10)
    assert [(heard.method, heard.path) for heard in s3.heard] == [("PUT", f"/{BUCKET}/clerestory/5/ideas/one")]


async def test_no_part_is_longer_than_it_must_be(bucket: Place, s3: S3) -> None:
    await bucket.files.shelf(5, "ideas").put("one", pieces(3 * PART // len(PIECE)), most=2**30)
    sizes = [len(heard.body) for heard in s3.heard if "partNumber" in heard.query]
    assert (max(sizes) <= PART + len(PIECE), sum(sizes)) == (True, 3 * PART)


async def test_an_upload_that_fails_is_given_up(bucket: Place, s3: S3) -> None:
    with pytest.raises(ConnectionError):
        await bucket.files.shelf(5, "ideas").put("one", pieces(200, failing=ConnectionError()), most=2**30)
    assert (s3.begun, s3.objects) == ({}, {})
    assert s3.heard[-1].method == "DELETE"


async def test_a_refusal_is_unavailable(bucket: Place, s3: S3) -> None:
    s3.script(REFUSED)
    with pytest.raises(Unavailable):
        await bucket.files.shelf(5, "ideas").put("one", content(b"x"), most=10)
    s3.script(REFUSED)
    with pytest.raises(Unavailable):
        await bucket.files.shelf(5, "ideas").size("one")


async def test_a_bucket_that_is_not_there_is_no_missing_file(bucket: Place, s3: S3) -> None:
    s3.script(Answer(404, "<Error><Code>NoSuchBucket</Code></Error>"))
    with pytest.raises(Unavailable):
        await bucket.files.shelf(5, "ideas").put("one", content(b"x"), most=10)


@pytest.mark.parametrize(
    "settings", [{"storage_url": "s3:///none"}, {"storage_access_key": "x"}, {"storage_secret_key": "x"}]
)
def test_half_of_what_is_needed_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        StorageSettings(**settings)


def test_the_key_is_not_shown() -> None:
    assert "hidden" not in repr(StorageSettings("s3://files", None, None, "key", "hidden"))
    assert Files.of(StorageSettings("s3://files/x", None, None, "key", "hidden")).place == "s3://files/x"
