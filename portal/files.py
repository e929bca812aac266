"""Answers with files: made whole before the first byte goes out, so an ETag is true and a fault is no half file."""

import hashlib
import tempfile
from collections.abc import Iterable

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger file waits on disk
CSV = "text/csv; charset=utf-8; header=present"
CALENDAR = "text/calendar; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"


def csv_response(request: HttpRequest, name: str, lines: Iterable[bytes]) -> HttpResponseBase:
    """The CSV `name`.csv, to keep. See file_response."""
    return file_response(request, f"{name}.csv", CSV, lines)


def file_response(
    request: HttpRequest, filename: str, content_type: str, chunks: Iterable[bytes], *, inline: bool = False
) -> HttpResponseBase:
    """Spool `chunks`, hash them for the ETag, answer 304 where the reader has them, else stream them.

    Memory stays bounded whatever the size; anybody's page may fetch it (Access-Control-Allow-Origin: *).
    """
    spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # FileResponse closes it
    digest = hashlib.sha256()
    try:
        for chunk in chunks:
            digest.update(chunk)
            spool.write(chunk)
    except BaseException:  # the database is away, the disk is full: portal.outages says so
        spool.close()
        raise
    etag = f'"{digest.hexdigest()[:32]}"'
    response: HttpResponseBase
    if _known(request) & {etag, "*"}:
        spool.close()
        response = HttpResponseNotModified()
    else:
        size = spool.tell()
        spool.seek(0)
        response = FileResponse(spool, as_attachment=not inline, filename=filename, content_type=content_type)
        response["Content-Length"] = str(size)
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-cache"  # keep it, but ask each time whether it still holds
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _known(request: HttpRequest) -> set[str]:
    """The entity tags in If-None-Match, weak ones compared as RFC 9110, section 13.1.2, asks."""
    return {tag.removeprefix("W/") for tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))}
