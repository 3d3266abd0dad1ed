"""wrk: many connections, each of which sends the same request again as soon as it has the answer to the last."""
import re
import subprocess
import sys
from typing import NamedTuple

LUA = """
local threads = {}
function setup(thread)
  table.insert(threads, thread)
end
function init(args)
  local file = io.open(args[1], "rb")
  local body = file:read("*a")
  file:close()
  plain = wrk.format("POST", nil, {["Content-Type"] = args[2], ["Authorization"] = args[3] and "Bearer " .. args[3]}, body)
  sent = 0
end
function request()
  sent = sent + 1
  return plain
end
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %.0f %.0f\\n", summary.requests, summary.duration, errors.connect + errors.read
    + errors.write + errors.status + errors.timeout, latency:percentile(50), latency:percentile(99)))
  for _, thread in ipairs(threads) do
    io.write(string.format("SENT %d\\n", thread:get("sent")))
  end
end
"""


class Load(NamedTuple):
    """What came of it: `seconds` in all, the latency's `p50` and `p99` in milliseconds, and what each thread `sent`."""
    requests: int
    seconds: float
    errors: int
    p50: float
    p99: float
    sent: tuple

    @property
    def rate(self):
        return self.requests / self.seconds


def run(work, port, path, content_type, body, connections, seconds, threads=2, scheme="http", bearer=None):
    """Posts the body for so long, over https with any certificate, with the key or token `bearer` if there is one; `work` is a
    folder for what wrk has to read."""
    (work / "body").write_bytes(body)
    (work / "post.lua").write_text(LUA)
    output = subprocess.run(["wrk", f"-t{min(threads, connections)}", f"-c{connections}", f"-d{seconds}s", "--timeout",
                             "10s", "-s", work / "post.lua", f"{scheme}://127.0.0.1:{port}{path}", "--", work / "body",
                             content_type, *([bearer] if bearer else [])], capture_output=True, text=True, timeout=seconds + 30)
    result = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", output.stdout)
    if output.returncode != 0 or not result:
        sys.exit(f"wrk failed:\n{output.stdout}{output.stderr}")
    requests, micros, errors, half, most = map(int, result.groups())
    return Load(requests, micros / 1e6, errors, half / 1e3, most / 1e3,
                tuple(map(int, re.findall(r"SENT (\d+)", output.stdout))))
