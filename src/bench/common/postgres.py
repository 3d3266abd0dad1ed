"""PostgreSQL: a server of Debian's on the disk that is measured, or one that runs already."""
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from common.servers import Server, free_port

LOG_BYTES = "SELECT pg_current_wal_insert_lsn() - '0/0'"


class Database:
    """A database for the service. A server that the script has started is its `server`; of others the CPU time is unknown."""

    def __init__(self, url, user, password, log_bytes=LOG_BYTES, server=None):
        found = re.fullmatch(r"jdbc:postgresql://([^/:,]+)(?::(\d+))?/([^?]+).*", url)
        if not found:
            sys.exit(f"{url} is not of the form jdbc:postgresql://HOST:PORT/DATABASE")
        self.host, self.port, self.name = found.group(1), found.group(2) or "5432", found.group(3)
        self.url, self.user, self.password, self.server, self.query = url, user, password, server, log_bytes

    @property
    def arguments(self):
        """For the service."""
        return ["--adagrad.store.kind=postgresql", f"--spring.datasource.url={self.url}",
                f"--spring.datasource.username={self.user}", f"--spring.datasource.password={self.password}"]

    def sql(self, statement):
        done = subprocess.run(["psql", "-h", self.host, "-p", self.port, "-U", self.user, "-XAtqc", statement, self.name],
                              env={**os.environ, "PGPASSWORD": self.password}, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{statement}: {done.stderr}")
        return done.stdout.strip()

    def log_bytes(self):
        """How many bytes of log the server has written so far."""
        return int(float(self.sql(self.query)))

    def bytes(self):
        return int(self.sql("SELECT pg_database_size(current_database())"))

    def cpu_seconds(self):
        return self.server.cpu_seconds() if self.server else None


class Postgres(Server):
    """A server with PostgreSQL's own settings, page checksums, and fsync on. It does not run as root, but as postgres."""

    def __init__(self, folder):
        binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), default=None)
        if not binaries or not shutil.which("psql"):
            sys.exit("PostgreSQL is missing: install it (on Debian: apt-get install postgresql), or name one by --postgres")
        folder.mkdir()
        user = {}
        if os.getuid() == 0:
            user = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(folder, "postgres", "postgres")
        self.password, password_file = secrets.token_hex(16), folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        if user:
            shutil.chown(password_file, "postgres", "postgres")
        made = subprocess.run([binaries / "initdb", "-D", folder / "data", "-U", "adagrad", "-A", "scram-sha-256", "--pwfile",
                               password_file, "-E", "UTF8", "--locale=C", "--data-checksums"],
                              cwd="/", capture_output=True, text=True, **user)
        if made.returncode:
            sys.exit(f"initdb failed (user postgres must be able to enter {folder}):\n{made.stdout}{made.stderr}")
        port = free_port()
        super().__init__("postgresql", folder, [
            binaries / "postgres", "-D", folder / "data", "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c",
            "unix_socket_directories="], lambda log: "ready to accept connections" in log and port, **user)

    def database(self, name, synchronous_commit="on"):
        """A new one."""
        self._existing("postgres").sql(f"CREATE DATABASE {name}")
        self._existing("postgres").sql(f"ALTER DATABASE {name} SET synchronous_commit = {synchronous_commit}")
        return self._existing(name)

    def version(self):
        return self._existing("postgres").sql("SHOW server_version")

    def _existing(self, name):
        return Database(f"jdbc:postgresql://127.0.0.1:{self.port}/{name}", "adagrad", self.password, server=self)

    def close(self):
        """Ends its connections, too."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            super().close()
