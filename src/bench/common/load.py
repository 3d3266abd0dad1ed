"""Clients in processes of their own, each of which sends its next request when it has the answer to the last."""
import collections
import itertools
import multiprocessing
import queue
import statistics
import sys
import time
from typing import NamedTuple

from common.calls import Connection


class Load(NamedTuple):
    """What came of it: answers a second, how long each took in milliseconds, refusals by status, and the CPU seconds of the
    clients, who share the machine with the service."""
    rate: float
    millis: list
    refused: collections.Counter
    cpu: float

    def percentile(self, percent):
        return statistics.quantiles(self.millis, n=100, method="inclusive")[percent - 1] if len(self.millis) > 1 else self.millis[0]


def _client(port, requests, seconds, start, results):
    try:
        connection, millis, refused, why = Connection(port), [], collections.Counter(), None
        connection.open()
        requests = iter(requests)
        first = list(itertools.islice(requests, 1))
        # an answer is about as long as its request; a buffer that grows while it comes in takes many times as long
        connection.buffer = memoryview(bytearray(b"\0") * (sum(map(len, first)) + (1 << 16)))
        start.wait()
        begun, cpu = time.perf_counter(), time.process_time()
        for request in itertools.chain(first, requests):
            sent = time.perf_counter()
            if seconds and sent - begun >= seconds:
                break
            status, begin, end, _ = connection.send(request)
            if status in (200, 201, 204):
                millis.append((time.perf_counter() - sent) * 1e3)
            else:
                refused[status] += 1
                why = bytes(connection.buffer[begin:end]).decode(errors="replace")
        taken = time.perf_counter() - begun
        results.put((len(millis) / taken, millis, refused, time.process_time() - cpu, why))
    except BaseException as failure:
        start.abort()
        results.put(repr(failure))


def run(port, clients, seconds=None):
    """Of each client an iterable of requests: for so many seconds, or until it ends. The last request of each is waited for,
    so that what was counted is what the service has done."""
    fork = multiprocessing.get_context("fork")  # iterators need not be pickled
    start, results = fork.Barrier(len(clients)), fork.Queue()
    processes = [fork.Process(target=_client, args=(port, requests, seconds, start, results), daemon=True)
                 for requests in clients]
    for process in processes:
        process.start()
    try:
        found = [results.get(timeout=seconds + 180 if seconds else 3600) for _ in processes]
    except queue.Empty:
        sys.exit("a client got no answer")
    finally:
        for process in processes:
            process.join(10)
    if failed := [one for one in found if isinstance(one, str)]:
        sys.exit(f"a client failed: {min(failed, key=lambda failure: 'BrokenBarrier' in failure)}")
    rates, millis, refused, cpu, why = zip(*found)
    if not any(millis):
        sys.exit(f"nothing but refusals, such as {why[0]}")
    return Load(sum(rates), [one for some in millis for one in some], sum(refused, collections.Counter()), sum(cpu))
