# SPDX-License-Identifier: Apache-2.0
"""A web server for web seeds: Python's own, over kept connections, and with ranges.

    range_server.py FOLDER ADDRESS PORT [corrupt | ends-after:N]

`corrupt` sends bytes that are not the files'; `ends-after:N` ends in the middle of the N-th answer. Prints a line a request."""
import os
import re
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

folder, address, port, *rest = sys.argv[1:]
way, _, number = (rest[0] if rest else "").partition(":")
answered = 0


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        global answered
        path = self.translate_path(self.path)
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        if not os.path.isfile(path):
            self.send_error(404)
            return
        size = os.path.getsize(path)
        first, last = (int(wanted[1]), min(int(wanted[2]), size - 1)) if wanted else (0, size - 1)
        print(f"{self.path} {first}-{last} for {self.headers.get('host')}", flush=True)
        with open(path, "rb") as file:
            file.seek(first)
            body = file.read(last - first + 1)
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        answered += 1
        if way == "corrupt":
            body = bytes(byte ^ 0xff for byte in body)
        if way == "ends-after" and answered >= int(number):
            self.wfile.write(body[:len(body) // 2])
            self.wfile.flush()
            os._exit(0)
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


os.chdir(folder)
ThreadingHTTPServer((address, int(port)), Handler).serve_forever()
