"""`python -m benchmarks.warc`: a web crawl of 1 GB read from beginning to end; pages a second and peak memory.

Every page holds a short article and a script of random letters, as pages of papers do; each record is gzipped by
itself.
"""

import argparse
import base64
import gzip
import resource
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

PAGES_A_MB = 2
_PAGE = """<!doctype html><html><head><title>Talks, round {n}</title><script>var x = "{noise}";</script></head><body>
<article><h1>Talks, round {n}</h1><p>The ministry said on Tuesday it would answer question {n} in writing.</p><p>Its
spokesperson added that talks were going on, and that nobody had left by midnight.</p></article></body></html>"""


def made(path: Path, size: int) -> Path:
    """A WARC file of about `size` bytes of pages; the same for the same size."""
    random = Random(1)
    with path.open("wb") as file:
        for n in range(size // 2**20 * PAGES_A_MB):
            noise = base64.b64encode(random.randbytes(2**20 // PAGES_A_MB * 3 // 4)).decode()
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            http += _PAGE.format(n=n, noise=noise).encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{n}\r\n"
                f"WARC-Date: 2024-03-06T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{n:032d}>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + http + b"\r\n\r\n", 1))
    return path


def main() -> None:
    from communique.reading import read_items
    from communique.records import Document

    parser = argparse.ArgumentParser(prog="python -m benchmarks.warc", description=__doc__)
    parser.add_argument("--mb", type=int, default=1400, help="of pages; the file is about a quarter smaller")
    given = parser.parse_args()
    with TemporaryDirectory(dir="/tmp") as folder:
        path = made(Path(folder) / "crawl.warc.gz", given.mb * 2**20)
        print(f"{path.stat().st_size / 2**30:.2f} GB, {given.mb * PAGES_A_MB:,} pages", flush=True)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        pages = sum(isinstance(item, Document) for item in read_items([path]))
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{pages:,} documents in {seconds:,.0f} s, {pages / seconds:,.0f} a second")
        print(f"peak memory {peak:,.0f} MB; {before:,.0f} MB before reading, libraries included after")


if __name__ == "__main__":
    main()
