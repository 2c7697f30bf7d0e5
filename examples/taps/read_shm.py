"""Shows each second of a run from shared memory.

    drumline run scenario.ts --tap shm:drumline
    python3 examples/taps/read_shm.py drumline

A second argument of second, detail or end prints that record as JSON and exits.
"""

import mmap
import struct
import sys
import time

HEADER = struct.Struct("<8s11Q")
RUN = struct.Struct("<5Q16x64s256s")
RUN_LOCK = 128
RUNNING = 1
FIELDS = (
    "seq:Q second:Q at_ms:Q requests:Q failures:Q interrupted:Q bytes_sent:Q bytes_received:Q"
    " min_ms:d mean_ms:d p50_ms:d p90_ms:d p95_ms:d p99_ms:d p99_9_ms:d max_ms:d"
    " users:Q planned_users:Q planned_rate:d cut_off_users:Q workers_present:Q workers_missing:Q"
    " busiest_lane:d starts:Q starts_late:Q starts_dropped:Q failed_checks:Q exceptions:Q series:Q"
    " late_requests:Q late_failures:Q sum_from_second:Q sum_requests:Q sum_failures:Q"
    " sum_interrupted:Q sum_bytes_sent:Q sum_bytes_received:Q"
).split()
NAMES = [field.split(":")[0] for field in FIELDS]
SLOT = struct.Struct("<" + "".join(field.split(":")[1] for field in FIELDS))


class Tap:
    """The shared memory of a run."""

    def __init__(self, name):
        with open(f"/dev/shm/{name}", "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        magic, version, _, self.slots_at, self.slots, self.slot_bytes, *areas = HEADER.unpack_from(self.memory)
        if magic != b"DRUMTAP1" or version != 1:
            raise ValueError(f"{name} is not a tap of this version")
        self.areas = dict(zip(("second", "detail", "end"), zip(areas[::2], areas[1::2])))

    def whole(self, lock_at, read):
        """What `read` returns while the part behind the lock does not change."""
        for _ in range(1000):
            before = self.memory[lock_at : lock_at + 8]
            if before[0] % 2 == 0:
                value = read()
                if self.memory[lock_at : lock_at + 8] == before:
                    return value
            time.sleep(0.001)
        raise RuntimeError("the writer stopped in the middle of a record")

    def run(self):
        """State, seconds written, run id and scenario."""
        state, pid, updated, written, started, run_id, scenario = self.whole(
            RUN_LOCK, lambda: RUN.unpack_from(self.memory, RUN_LOCK + 8)
        )
        return state, written, run_id.rstrip(b"\0").decode(), scenario.rstrip(b"\0").decode()

    def second(self, number):
        """A second of the run as a dictionary; None if it is not kept any more."""
        at = self.slots_at + number % self.slots * self.slot_bytes
        values = self.whole(at, lambda: SLOT.unpack_from(self.memory, at + 8))
        slot = dict(zip(NAMES, values))
        return slot if slot["seq"] and slot["second"] == number else None

    def json(self, kind):
        """The newest record of a type as text; None if there is none."""
        at, capacity = self.areas[kind]

        def read():
            length = min(struct.unpack_from("<Q", self.memory, at + 24)[0], capacity)
            return self.memory[at + 64 : at + 64 + length]

        return self.whole(at, read).decode() or None

    def seconds(self):
        """Each second, from the oldest that is kept, until the run ends."""
        number = 0
        while True:
            state, written, _, _ = self.run()
            for number in range(max(number, written - self.slots), written):
                slot = self.second(number)
                if slot:
                    yield slot
            number = written
            if state != RUNNING:
                return
            time.sleep(0.05)


if __name__ == "__main__":
    tap = Tap(sys.argv[1])
    if len(sys.argv) > 2:
        print(tap.json(sys.argv[2]))
    else:
        for one in tap.seconds():
            print(" ".join(f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}" for name, value in one.items()), flush=True)
