"""A web service that starts a run and shows it live, with a tap at a Unix socket.

    pip install fastapi uvicorn
    SCENARIO=examples/quickstart.ts uvicorn --app-dir examples/taps fastapi_app:app

    curl -X POST localhost:8000/runs       starts a run
    curl localhost:8000/runs/ID            its newest second, or its result
    curl -N localhost:8000/runs/ID/live    each second as a server-sent event
"""

import asyncio
import json
import os
import tempfile
import uuid

from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse

app = FastAPI()
DRUMLINE = os.environ.get("DRUMLINE", "npx drumline").split()
SCENARIO = os.environ.get("SCENARIO", "examples/quickstart.ts")
OPTIONS = os.environ.get("OPTIONS", "").split()


class Run:
    """A run in a process of its own, and what its tap has shown."""

    def __init__(self):
        self.path = os.path.join(tempfile.mkdtemp(), "tap.sock")
        self.latest = None
        self.result = None
        self.ended = False
        self.changed = asyncio.Condition()

    async def start(self):
        command = [*DRUMLINE, "run", SCENARIO, "--no-html", *OPTIONS, "--tap", f"unix:{self.path}"]
        self.process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        self.reading = asyncio.create_task(self.read())

    async def read(self):
        try:
            while self.process.returncode is None and not os.path.exists(self.path):
                await asyncio.sleep(0.1)
            # Records in detail have a line of up to some megabytes.
            reader, writer = await asyncio.open_unix_connection(self.path, limit=2**26)
            writer.write(b'{"after": 0, "types": ["second", "end"]}\n')
            while line := await reader.readline():
                record = json.loads(line)
                if record["type"] == "second":
                    await self.show(latest=record)
                elif record["type"] == "end":
                    await self.show(result=record.get("result"))
            writer.close()
        except OSError:
            pass  # The run did not start.
        await self.process.wait()
        await self.show(ended=True)

    async def show(self, **values):
        async with self.changed:
            self.__dict__.update(values)
            self.changed.notify_all()

    async def live(self):
        shown = None
        while not self.ended or self.latest is not shown:
            if self.latest is not shown:
                shown = self.latest
                yield f"id: {shown['seq']}\ndata: {json.dumps(shown)}\n\n"
                continue
            async with self.changed:
                await self.changed.wait_for(lambda: self.ended or self.latest is not shown)
        yield f"event: end\ndata: {json.dumps(self.result and self.result['totals'])}\n\n"


runs = {}


@app.post("/runs")
async def start():
    run_id = str(uuid.uuid4())
    runs[run_id] = run = Run()
    await run.start()
    return {"id": run_id}


def find(run_id):
    if run_id not in runs:
        raise HTTPException(404, "there is no such run")
    return runs[run_id]


@app.get("/runs/{run_id}")
async def show(run_id: str):
    run = find(run_id)
    return {"ended": run.ended, "latest": run.latest, "totals": run.result and run.result["totals"]}


@app.get("/runs/{run_id}/live")
async def live(run_id: str):
    return StreamingResponse(find(run_id).live(), media_type="text/event-stream")
