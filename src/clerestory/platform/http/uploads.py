"""A form in parts, read while it arrives: fields within a small bound, files in temporary files past 64 KiB.

What is refused, broken off or of a client that goes away leaves nothing: a temporary file has no name.
"""

from dataclasses import dataclass
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from clerestory.kernel.errors import Fault, Invalid, Kind, TooLarge

_IN_MEMORY_BYTES = 64 * 1024
_MOST_FIELDS = 1000


@dataclass(frozen=True, slots=True)
class Uploads:
    """What a route takes in parts. Other bodies stay within the surface's own bound, and so do the fields here.

    `body_bytes`: of all files together; None: as many as they may have.
    """

    files: int
    file_bytes: int
    time_limit: timedelta = timedelta(minutes=5)
    body_bytes: int | None = None

    @property
    def most_bytes(self) -> int:
        """How many bytes all files may have together."""
        return self.files * self.file_bytes if self.body_bytes is None else self.body_bytes


async def read_parts(request: Request, uploads: Uploads, fields: int) -> FormData:
    """The form; whoever asks for it closes it. Raises Invalid, and TooLarge once the whole body was taken in."""
    reading = _Reading(uploads, fields)
    try:
        await reading.read(request)
    except BaseException:
        reading.close()
        raise
    return FormData(reading.items)


class _Reading:
    """The parts of one body."""

    def __init__(self, uploads: Uploads, fields: int) -> None:
        self.items: list[tuple[str, str | UploadFile]] = []
        self._uploads = uploads
        self._left = fields
        self._files: list[UploadFile] = []
        self._arrived: list[tuple[UploadFile, bytes]] = []
        self._header, self._text = bytearray(), bytearray()
        self._disposition = self._value = b""
        self._name = ""
        self._file: UploadFile | None = None
        self._ended = False

    async def read(self, request: Request) -> None:
        """Reads all of it."""
        _, options = parse_options_header(request.headers.get("content-type"))
        try:
            parser = MultipartParser(
                options.get(b"boundary", b""),
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._on_header,
                    "on_header_value": self._on_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._open,
                    "on_part_data": self._on_data,
                    "on_part_end": self._end,
                    "on_end": self._end_all,
                },
            )
            async for chunk in request.stream():
                parser.write(chunk)
                await self._keep()
        except FormParserError as error:
            raise _malformed() from error
        if not self._ended or not options.get(b"boundary"):
            raise _malformed()
        if any((file.size or 0) > self._uploads.file_bytes for file in self._files):
            raise TooLarge(Fault(None, Kind.INVALID, f"A file may have at most {self._uploads.file_bytes} bytes."))

    def close(self) -> None:
        """Gives up what was taken in."""
        for file in self._files:
            file.file.close()

    async def _keep(self) -> None:
        for file, content in self._arrived:
            size = (file.size or 0) + len(content)
            if size > self._uploads.file_bytes:
                # Counted, so that it is refused; the rest is heard out, or many clients would not hear the refusal.
                file.size = size
            else:
                await file.write(content)
        self._arrived.clear()

    def _begin(self) -> None:
        self._disposition = b""
        self._text, self._file = bytearray(), None

    def _on_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = bytearray(), b""

    def _open(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise _malformed()
        self._name = _text(options[b"name"])
        self._spend(len(self._disposition))
        if b"filename" not in options:
            return
        if len(self._files) == self._uploads.files:
            text = f"Too many files in one request: {self._uploads.files} at most."
            raise Invalid(Fault(None, Kind.INVALID, text))
        kept = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the form, or by `close`
        self._file = UploadFile(cast(BinaryIO, kept), size=0, filename=_text(options[b"filename"]))
        self._files.append(self._file)

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._arrived.append((self._file, data[start:end]))
            return
        self._spend(end - start)
        self._text += data[start:end]

    def _end(self) -> None:
        self.items.append((self._name, _text(bytes(self._text)) if self._file is None else self._file))
        if len(self.items) > _MOST_FIELDS:
            raise Invalid(Fault(None, Kind.INVALID, f"Too many parts in one request: {_MOST_FIELDS} at most."))

    def _end_all(self) -> None:
        self._ended = True

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise TooLarge(Fault(None, Kind.INVALID, "The fields of the form have too many bytes."))


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _malformed() -> Invalid:
    return Invalid(Fault(None, Kind.UNPARSEABLE, "The body is no valid form."))
