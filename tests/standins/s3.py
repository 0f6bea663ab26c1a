"""Stands in for S3: one bucket in memory, as much of its manners as files need. Signatures are not checked."""

import hashlib
import re
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from tests.standins.server import Answer, Heard, StandIn

BUCKET = "files"
_MISSING = Answer(404, "<Error><Code>NoSuchKey</Code></Error>")


class S3(StandIn):
    """`objects` are what can be read, by key; `begun` the uploads in parts that were neither finished nor given up."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, bytes] = {}
        self.begun: dict[str, dict[int, bytes]] = {}
        self.modified = datetime(2024, 2, 1, 14, 0, tzinfo=UTC)

    def reply(self, heard: Heard) -> Answer:
        if "authorization" not in heard.headers:
            return Answer(403, "<Error><Code>AccessDenied</Code></Error>")
        key = heard.path.removeprefix(f"/{BUCKET}").removeprefix("/")
        if "uploadId" in heard.query or heard.method == "POST":
            return self._in_parts(heard, key)
        match heard.method:
            case "PUT":
                self.objects[key] = heard.body
                return Answer(200, b"", {"ETag": _etag(heard.body)})
            case "DELETE":
                self.objects.pop(key, None)
                return Answer(204, b"")
            case "GET" if not key:
                return self._listed(heard.query.get("prefix", ""))
            case "GET" | "HEAD" if key in self.objects:
                return self._read(heard, self.objects[key])
        return _MISSING

    def _in_parts(self, heard: Heard, key: str) -> Answer:
        upload = heard.query.get("uploadId", "")
        match heard.method:
            case "POST" if not upload:
                upload = f"upload-{len(self.heard)}"
                self.begun[upload] = {}
                return _xml(
                    f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
                )
            case "PUT":
                self.begun[upload][int(heard.query["partNumber"])] = heard.body
                return Answer(200, b"", {"ETag": _etag(heard.body)})
            case "POST":
                parts = self.begun.pop(upload)
                self.objects[key] = b"".join(parts[number] for number in sorted(parts))
                etag = escape(_etag(self.objects[key]))
                return _xml(f"<CompleteMultipartUploadResult><ETag>{etag}</ETag></CompleteMultipartUploadResult>")
        self.begun.pop(upload, None)
        return Answer(204, b"")

    def _read(self, heard: Heard, content: bytes) -> Answer:
        headers = {"ETag": _etag(content), "Last-Modified": f"{self.modified:%a, %d %b %Y %H:%M:%S GMT}"}
        if heard.method == "HEAD":
            return Answer(200, b"", {**headers, "Content-Length": str(len(content))})
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", heard.headers.get("range", ""))
        if found is None:
            return Answer(200, content, headers)
        first, last = int(found[1]), min(int(found[2] or len(content)), len(content) - 1)
        if first >= len(content):
            return Answer(416, "<Error><Code>InvalidRange</Code></Error>")
        headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
        return Answer(206, content[first : last + 1], headers)

    def _listed(self, prefix: str) -> Answer:
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{self.modified:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>{escape(_etag(content))}</ETag><Size>{len(content)}</Size></Contents>"
            for key, content in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return _xml(f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>")


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _xml(text: str) -> Answer:
    return Answer(200, f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode(), {"Content-Type": "application/xml"})
