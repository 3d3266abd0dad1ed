"""What stands between a client and a service on a bad day: hostile.py PORT_FILE

The first part of a path names the misfortune; each request to it gets the next of the answers below, or the last
one. `/NAME/log` tells what has come, the method, the path and the idempotency key of each request, and begins anew.
"""
import collections
import json
import socket
import struct
import sys
import threading

HEADER = json.dumps({"__metadata__": {"step": "1"},
                     "parameter": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]}})
FILE = struct.pack("<Q", len(HEADER)) + HEADER.encode() + struct.pack("<2d", 1.5, -2.5)


def answer(status, body=b"", content_type="application/vnd.safetensors", *headers, length=None):
    lines = [f"HTTP/1.1 {status} ", f"Content-Type: {content_type}", *headers]
    if length is not False:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def problem(status, code, *headers):
    body = json.dumps({"status": status, "code": code, "title": "no", "detail": "not so",
                       "errors": [{"pointer": "/grad", "detail": "not so"}]})
    return answer(status, body.encode(), "application/problem+json", *headers)


DONE = answer(200, FILE)
HTML = b"<html><h1>Bad Gateway</h1></html>"
# what is sent, and whether the connection is closed behind it
KEEP, CLOSE = False, True
MISFORTUNES = {
    "silent-end": [(b"", CLOSE), (b"", CLOSE), (DONE, KEEP)],
    "cut": [(DONE[:-5], CLOSE), (DONE, KEEP)],
    "cut-header": [(b"HTTP/1.1 200 \r\nConte", CLOSE), (DONE, KEEP)],
    "cut-without-length": [(answer(200, FILE[:-8], length=False), CLOSE), (DONE, KEEP)],
    "stale": [(DONE, CLOSE), (DONE, KEEP)],
    "stale-unseen": [(DONE, KEEP), (b"", CLOSE), (DONE, KEEP)],
    "bad-gateway": [(answer(502, HTML, "text/html"), KEEP), (answer(504, HTML, "text/html"), CLOSE), (DONE, KEEP)],
    "busy": [(problem(409, "session-busy", "Retry-After: 1"), KEEP), (DONE, KEEP)],
    "overloaded": [(problem(503, "overloaded", "Retry-After: 1"), KEEP), (DONE, KEEP)],
    "quota": [(problem(429, "quota-exceeded", "Retry-After: 1"), KEEP), (DONE, KEEP)],
    "quota-later": [(problem(429, "quota-exceeded", "Retry-After: 3600"), KEEP), (DONE, KEEP)],
    "later": [(problem(503, "overloaded", "Retry-After: 3600"), KEEP), (DONE, KEEP)],
    "damaged": [(problem(503, "store-damaged"), KEEP), (DONE, KEEP)],
    "no-key": [(problem(401, "unauthorized", "WWW-Authenticate: Bearer", "Retry-After: 0"), KEEP), (DONE, KEEP)],
    "no-scope": [(problem(403, "forbidden"), KEEP), (DONE, KEEP)],
    "no-room": [(problem(507, "quota-exceeded"), KEEP), (DONE, KEEP)],
    "refused": [(problem(422, "invalid-field"), KEEP), (DONE, KEEP)],
    "superseded": [(b"", CLOSE), (problem(409, "step-superseded"), KEEP), (DONE, KEEP)],
    "slow-body": [(problem(408, "request-timeout"), CLOSE), (DONE, KEEP)],
    "redirect": [(answer(307, b"", "text/plain", "Location: /elsewhere"), KEEP), (DONE, KEEP)],
    "portal": [(answer(200, HTML, "text/html"), KEEP), (DONE, KEEP)],
    "gone": [(b"", CLOSE), (problem(404, "session-not-found"), KEEP)],
    "overloaded-for-long": [(problem(503, "overloaded", "Retry-After: 20"), KEEP)],
    "never-there": [(problem(404, "session-not-found"), KEEP)],
}
log = collections.defaultdict(list)
lock = threading.Lock()


def serve(connection):
    with connection, connection.makefile("rb") as stream:
        while True:
            first = stream.readline().split()
            if not first:
                return
            headers = {}
            for line in iter(stream.readline, b"\r\n"):
                name, _, value = line.decode().partition(":")
                headers[name.lower()] = value.strip()
            stream.read(int(headers.get("content-length", 0)))
            method, path = first[0].decode(), first[1].decode()
            name = path.split("/")[1]
            with lock:
                if path.endswith("/log"):
                    reply, end = answer(200, json.dumps(log.pop(name)).encode(), "application/json"), KEEP
                else:
                    answers = MISFORTUNES[name]
                    reply, end = answers[min(len(log[name]), len(answers) - 1)]
                    log[name].append({"method": method, "path": path, "key": headers.get("idempotency-key")})
            connection.sendall(reply)
            if end:
                return


def main():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with open(sys.argv[1], "w", encoding="utf-8") as file:
            file.write(str(server.getsockname()[1]))
        while True:
            threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


main()
