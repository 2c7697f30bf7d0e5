"""Follows a run by a Unix socket, and resumes where it was.

    drumline run scenario.ts --tap unix:/tmp/drumline.sock
    python3 examples/taps/read_unix.py /tmp/drumline.sock

It prints a line for each second and what it has lost. It may be started before the run, and ends
with it.
"""

import json
import socket
import sys
import time


def records(path):
    """The lines of a tap until the end of the run, over as many connections as that takes."""
    after, run = 0, None
    while True:
        tap = socket.socket(socket.AF_UNIX)
        try:
            tap.connect(path)
        except OSError:
            # There is no run, or another master is about to resume it.
            time.sleep(0.2)
            continue
        request = {"after": after} if run is None else {"after": after, "run": run}
        tap.sendall(json.dumps(request).encode() + b"\n")
        with tap, tap.makefile(encoding="utf-8") as lines:
            try:
                for line in lines:
                    if not line.endswith("\n"):
                        break
                    record = json.loads(line)
                    if record["type"] != "lost":
                        after, run = record["seq"], record["run"]
                    yield record
                    if record["type"] == "end":
                        return
            except ConnectionError:
                pass


if __name__ == "__main__":
    for record in records(sys.argv[1]):
        if record["type"] == "second":
            totals = record["totals"]
            late = record.get("late", {}).get("totals", {}).get("requests", 0)
            print(
                f"second={record['second']} users={record['users']} requests={totals['requests']}"
                f" late_requests={late} failures={totals['failures']} p95={totals['latencyMs']['p95']:g}ms",
                flush=True,
            )
        elif record["type"] == "lost":
            print(f"lost {record['fromSeq']} to {record['toSeq']}", flush=True)
        elif record["type"] == "end" and "result" in record:
            print(f"{record['result']['verdict']} total={record['result']['totals']['requests']}", flush=True)
