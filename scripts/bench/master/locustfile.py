# The users of Locust's master in bench:master. Simulated workers run none of them.
from locust import User, constant, events, task


class Visitor(User):
    wait_time = constant(1)

    @task
    def visit(self):
        pass


@events.quitting.add_listener
def print_count(environment, **_):
    print(f"counted {environment.stats.total.num_requests} requests", flush=True)
