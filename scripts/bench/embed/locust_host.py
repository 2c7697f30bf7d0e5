# A FastAPI service that runs Locust as a library in its own process, and measures how late its
# event loop is. Arguments: target URL, users, seconds. Prints the 99th percentile in milliseconds.
import sys

import locust
from locust.env import Environment
import asyncio
import time

import fastapi
import uvicorn

target, users, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])


class Visitor(locust.HttpUser):
    host = target

    @locust.task
    def home(self):
        self.client.get("/")


async def measure():
    late = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        late.append(time.perf_counter() - before - 0.001)
    late.sort()
    return late[int(len(late) * 0.99)] * 1000


async def main():
    server = uvicorn.Server(uvicorn.Config(fastapi.FastAPI(), port=0, log_level="error"))
    serving = asyncio.create_task(server.serve())
    await asyncio.sleep(1)
    environment = Environment(user_classes=[Visitor])
    runner = environment.create_local_runner()
    if users > 0:
        runner.start(users, spawn_rate=users)
        await asyncio.sleep(2)
    print(await measure(), environment.stats.total.num_requests, flush=True)
    runner.quit()
    server.should_exit = True
    await serving


asyncio.run(main())
