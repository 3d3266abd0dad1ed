"""Processes under measurement, each on a free port of the loopback."""
import os
import platform
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
JAR = ROOT / "target" / "adagrad-service.jar"
PEERS = ROOT / "src" / "bench" / "peers"
PYTHON = "/usr/bin/python3"


class Server:
    """A process, and all that it has started, on a port of its own; `more` is for Popen."""

    def __init__(self, name, folder, command, ready, environment=None, **more):
        self.name, self.log = name, folder / f"{name}.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, cwd=folder, env={**os.environ, **(environment or {})},
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                            start_new_session=True, **more)
        try:
            self.port = self._wait_for_port(ready, time.monotonic() + 90)
        except BaseException:
            self.close()
            raise

    def _wait_for_port(self, ready, deadline):
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := ready(self.log.read_text()):
                return int(found)
            time.sleep(0.05)
        sys.exit(f"{self.name} did not start:\n{self.log.read_text()}")

    def cpu_seconds(self):
        parents, seconds = {}, {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            parents[int(stat.parent.name)] = int(fields[1])
            seconds[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

        def is_ours(pid):
            return pid == self.process.pid or (pid in parents and is_ours(parents[pid]))

        return sum(seconds[pid] for pid in parents if is_ours(pid))

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # a group of its own
            self.process.wait()


def free_port():
    """uvicorn does not tell which port it was given for 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find_java():
    home = subprocess.run([ROOT / ".ci" / "jdk"], stdout=subprocess.PIPE, text=True)
    if home.returncode != 0:
        sys.exit(home.returncode)
    return Path(home.stdout.strip()) / "bin" / "java"


def service(name, work, command, arguments):
    """The service, up when it says so itself; its store is in `work`, which is made where it is not there."""
    work.mkdir(exist_ok=True)
    port = r"started on ports?:? (\d+)"
    return Server(name, work, [*command, "--server.address=127.0.0.1", "--server.port=0",
                               f"--adagrad.store.path={work / 'data'}", *arguments],
                  lambda log: (found := re.search(port, log)) and "Started " in log and found.group(1))


def uvicorn(name, work, module, **environment):
    """A peer of src/bench/peers, with uvloop, httptools and 2 workers."""
    port = free_port()
    return Server(name, work, [
        PYTHON, "-m", "uvicorn", f"{module}:app", "--app-dir", PEERS, "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--loop", "uvloop", "--http", "httptools", "--no-access-log"],
        lambda log: log.count("startup complete") == 2 and port,
        {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PEERS), **environment})


def absent_modules(modules):
    """Those that Debian's python3 does not find."""
    find = "import importlib.util, sys\nprint(*(m for m in sys.argv[1:] if not importlib.util.find_spec(m)))"
    return subprocess.run([PYTHON, "-c", find, *modules], capture_output=True, text=True, check=True).stdout.split()


def disk(folder, size):
    """The file system, and how long writing so many bytes over and an fsync take there (median)."""
    filesystem = subprocess.run(["df", "--output=fstype", folder], capture_output=True, text=True).stdout.split()[-1]
    times = []
    with open(folder / "probe", "wb") as file:
        for i in range(100):
            begun = time.monotonic()
            os.pwrite(file.fileno(), bytes([i]) * size, 0)
            os.fsync(file.fileno())
            times.append((time.monotonic() - begun) * 1e3)
    return f"{filesystem}; {size >> 10} KiB written over and fsynced: {statistics.median(times):.2f} ms"


def machine(java, modules):
    """Cores, and the versions of Java and of Debian's python3 with these modules."""
    version = subprocess.run([java, "-version"], capture_output=True, text=True).stderr.splitlines()[-2]
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    packages = subprocess.run(
        [PYTHON, "-c", "import sys; from importlib.metadata import version\nprint('Python ', sys.version.split()[0], *("
                       "f', {m} {version(m)}' for m in sys.argv[1:]), sep='')", *modules],
        capture_output=True, text=True).stdout.strip()
    return f"{os.cpu_count()} cores ({model}), shared with the load generator; {version}; {packages}"


def load_before():
    return ("load before: {:.2f} {:.2f} {:.2f}".format(*os.getloadavg())
            + (" (HIGH: these figures are not worth keeping)" if os.getloadavg()[0] > 1 else ""))
