"""Bodies of steps, and a connection that sends them."""
import array
import json
import random
import re
import socket
import struct
import sys

JSON, SAFETENSORS = "application/json", "application/vnd.safetensors"


def random_arrays(n):
    source = random.Random(n)
    return {"parameter": [source.uniform(-1, 1) for _ in range(n)], "grad": [source.uniform(-1, 1) for _ in range(n)],
            "G": [source.uniform(0, 1) for _ in range(n)]}


def json_body(arrays, **others):
    return json.dumps({**arrays, **others}, separators=(",", ":")).encode()


def raw_body(arrays):
    return b"".join(array.array("d", arrays[name]).tobytes() for name in ("parameter", "grad", "G"))


def safetensors_body(arrays, **others):
    return safetensors_file({name: ("F64", [len(arrays[name])], array.array("d", arrays[name]).tobytes())
                             for name in ("parameter", "grad", "G")},
                            **{name: repr(value) for name, value in others.items()})


def safetensors_file(tensors, **metadata):
    """Of each tensor its dtype, its shape and its bytes; the metadata as strings."""
    header, at = {"__metadata__": metadata} if metadata else {}, 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(data for _, _, data in tensors.values())


def request(method, path, body=b"", content_type=SAFETENSORS, key=None):
    more = f"Idempotency-Key: {key}\r\n" if key else ""
    return (f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n{more}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def post(path, content_type, body):
    return request("POST", path, body, content_type)


def call(connection, request):
    """The body of an answer, which must not be a refusal."""
    status, begin, end, _ = connection.send(request)
    if status not in (200, 201, 204):
        sys.exit(f"{status}: {bytes(connection.buffer[begin:min(end, begin + 500)]).decode(errors='replace')}")
    return bytes(connection.buffer[begin:end])


class Connection:
    """One keep-alive connection, with as little of its own time as can be."""

    def __init__(self, port):
        self.port, self.socket = port, None
        self.buffer = memoryview(bytearray(1 << 16))

    def open(self):
        """Connects where the server has ended the connection, as servers do after so many requests."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request):
        """Sends a request and receives all of its answer into `buffer`: status, and where the body begins and ends.
        Content-Length or, of Tomcat, chunks."""
        self.open()
        self.socket.sendall(request)
        received, head = 0, None
        while head is None:
            received += self._receive(received)
            end = bytes(self.buffer[:min(received, 4096)]).find(b"\r\n\r\n")
            if end >= 0:
                head, start = bytes(self.buffer[:end]).decode(), end + 4
        length = re.search(r"(?i)content-length: (\d+)", head)
        if length:
            end = start + int(length.group(1))
            while received < end:
                received += self._receive(received)
        elif head.startswith("HTTP/1.1 204"):
            end = start
        else:
            while self.buffer[received - 5:received] != b"0\r\n\r\n":
                received += self._receive(received)
            end = received
        if re.search(r"(?im)^connection: close", head):
            self.socket.close()
            self.socket = None
        return int(head[9:12]), start, end, length is None

    def _receive(self, begin):
        if begin == len(self.buffer):
            larger = bytearray(2 * begin)
            larger[:begin] = self.buffer
            self.buffer = memoryview(larger)
        received = self.socket.recv_into(self.buffer[begin:])
        if not received:
            raise ConnectionAbortedError("the server has closed the connection")
        return received

    def close(self):
        if self.socket:
            self.socket.close()
            self.socket = None
