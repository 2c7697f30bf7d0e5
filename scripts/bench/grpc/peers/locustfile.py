import itertools
import time

import grpc
import grpc.experimental.gevent
from locust import User, events, task

grpc.experimental.gevent.init_gevent()


@events.init_command_line_parser.add_listener
def add_options(parser):
    parser.add_argument("--channels", type=int, default=1)
    parser.add_argument("--request", default="")


class Channels:
    opened = []
    turn = itertools.count()

    @classmethod
    def next(cls, host, count):
        if not cls.opened:
            options = [("grpc.use_local_subchannel_pool", 1)]
            cls.opened = [grpc.insecure_channel(host, options=options) for _ in range(count)]
        return cls.opened[next(cls.turn) % len(cls.opened)]


class Teller(User):
    def on_start(self):
        options = self.environment.parsed_options
        self.balances = Channels.next(self.host, options.channels).unary_unary("/bank.Accounts/GetBalances")
        with open(options.request, "rb") as file:
            self.request = file.read()[5:]

    @task
    def get_balances(self):
        started = time.perf_counter()
        reply, failure = b"", None
        try:
            reply = self.balances(self.request, timeout=30)
        except grpc.RpcError as error:
            failure = error
        self.environment.events.request.fire(
            request_type="grpc",
            name="GetBalances",
            response_time=(time.perf_counter() - started) * 1000,
            response_length=len(reply),
            exception=failure,
            context={},
        )
