# Drives a run with a client that openapi-python-client has generated. Arguments: URL, run id.
import json
import sys
import time

from drumline_control_api_client import Client
from drumline_control_api_client.api.default import get_run_result, get_run_status, post_run_stop, post_run_users
from drumline_control_api_client.models import UsersOrder

client = Client(base_url=sys.argv[1])
run = sys.argv[2]


def wait(condition):
    while not condition(get_run_status.sync(run, client=client)):
        time.sleep(0.05)


post_run_users.sync(run, client=client, body=UsersOrder(users=3))
wait(lambda status: status.users == 3)
refused = post_run_users.sync(run, client=client, body=UsersOrder(users=-1))
post_run_stop.sync(run, client=client)
wait(lambda status: status.state == "finished")
result = get_run_result.sync(run, client=client)
print(json.dumps({"requests": result.totals.requests, "refused": refused.code}))
