"""Step Functions as moto plays it, on 127.0.0.1. Every AWS call of a state machine goes to the port that is given.

Prints its own port, and ends when its standard input does.
"""

import copy
import os
import sys
import threading
import types
import uuid

os.environ["MOTO_PORT"] = sys.argv[1]

import boto3
from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from werkzeug.serving import make_server


def without_its_executions(machine, _memo):
    """moto copies a state machine for each execution, and fails on the threads of those before."""
    clone = copy.copy(machine)
    clone.executions = []
    return clone


def named(start):
    """AWS names an execution that has no name; moto calls each of them None."""

    def start_execution(self, state_machine_arn, name=None, *rest, **named_rest):
        return start(self, state_machine_arn, name or str(uuid.uuid4()), *rest, **named_rest)

    return start_execution


def first_letters(to_case):
    """Step Functions writes StateMachineArn where its own API has stateMachineArn; moto leaves both as they are."""

    def change(self, *names, parameters=None, response=None, **_rest):
        if isinstance(self, StateTaskServiceSfn):
            named = names[0] if names else parameters or response
            for name in list(named):
                named[to_case(name[0]) + name[1:]] = named.pop(name)

    return change


clients = {}
clients_lock = threading.Lock()


def kept_client(**options):
    """moto makes a client for each call of a state machine, which takes longer than the call."""
    with clients_lock:
        service = options["service_name"]
        if service not in clients:
            clients[service] = boto3.client(**options)
        return clients[service]


boto_client.boto3 = types.SimpleNamespace(client=kept_client)
StateTaskService._normalise_parameters = first_letters(str.lower)
StateTaskService._normalise_response = first_letters(str.upper)
StateMachine.__deepcopy__ = without_its_executions
StepFunctionsParserBackend.start_execution = named(StepFunctionsParserBackend.start_execution)
default_user_config["stepfunctions"]["execute_state_machine"] = True

server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.port, flush=True)
sys.stdin.read()
os._exit(0)
