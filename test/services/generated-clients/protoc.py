# Drives a run with a client that protoc has generated. Arguments: HOST:PORT of gRPC, run id.
import json
import sys

import grpc
from control_pb2 import FollowEventsRequest, RunRequest, SetUsersRequest
from control_pb2_grpc import ControlStub

control = ControlStub(grpc.insecure_channel(sys.argv[1]))
run = sys.argv[2]

control.SetUsers(SetUsersRequest(run=run, users=3))
for event in control.FollowEvents(FollowEventsRequest(run=run, after=0)):
    if event.WhichOneof("event") == "interval" and event.interval.point.users == 3:
        break
try:
    control.SetUsers(SetUsersRequest(run=run, users=-1))
except grpc.RpcError as error:
    refused = dict(error.trailing_metadata())["drumline-code"]
control.StopRun(RunRequest(run=run))
for event in control.FollowEvents(FollowEventsRequest(run=run)):
    if event.WhichOneof("event") == "end":
        break
result = control.GetResult(RunRequest(run=run))
print(json.dumps({"requests": result.totals.requests, "refused": refused}))
