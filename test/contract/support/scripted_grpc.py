"""A scripted gRPC server on grpcio, that is on gRPC's C core: see scripted-grpc.ts. It says its port, and ends with its input."""

import base64
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc

STATUSES = {status.value[0]: status for status in grpc.StatusCode}


def fields(script, name):
    return [(key, base64.b64decode(value) if key.endswith("-bin") else value) for key, value in script[name]]


def mirrored(metadata):
    found = [[key, base64.b64encode(value).decode() if isinstance(value, bytes) else value] for key, value in metadata]
    return json.dumps(sorted(field for field in found if field[0].startswith("x-"))).encode()


def play(requests, context):
    script = json.loads(next(requests))
    if script["gzip"]:
        context.set_compression(grpc.Compression.Gzip)
    if script["initial"]:
        context.send_initial_metadata(fields(script, "initial"))
    if script["mirror"]:
        yield mirrored(context.invocation_metadata())
    for length in script["messages"]:
        yield b"m" * length
    for request in requests:
        if script["echo"]:
            yield request
    context.set_trailing_metadata(fields(script, "trailers"))
    context.set_code(STATUSES[script["status"]])
    context.set_details(script["details"])


class Scripted(grpc.GenericRpcHandler):
    def service(self, details):
        return grpc.stream_stream_rpc_method_handler(play) if details.method == "/test.Scripted/Play" else None


server = grpc.server(ThreadPoolExecutor(max_workers=16), handlers=[Scripted()])
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
server.stop(0)
