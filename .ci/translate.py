"""Translates a SAM template as `sam deploy` does; fails where the transform does, or a deploy of what comes out would."""

import json
import sys

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.arn_generator import ArnGenerator
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

# The transform reads jars and definitions from S3; a local path is what `sam package` replaces.
LOCAL_PATHS = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::StateMachine": "DefinitionUri"}
# Unique within another resource, or no name of the resource, and so not in need of the stack's name.
INNER_NAMES = {
    ("AWS::ApiGatewayV2::Stage", "StageName"),
    ("AWS::CloudWatch::Alarm", "MetricName"),
    ("AWS::IAM::RolePolicy", "PolicyName"),
}


def faults(resources):
    """What AWS would refuse, or repeat behind our back."""
    functions = {name for name, resource in resources.items() if resource["Type"] == "AWS::Lambda::Function"}
    repeated = set(functions)
    for logical_id, resource in resources.items():
        kind, properties = resource["Type"], resource.get("Properties", {})
        if kind in ("AWS::Lambda::Version", "AWS::Lambda::Alias"):
            yield f"{logical_id}: a changed parameter does not reach a published version"
            continue
        for name, value in properties.items():
            is_own = "AWS::StackName" in json.dumps(value) or isinstance(value, dict) and value.get("Ref") in resources
            if name.endswith("Name") and (kind, name) not in INNER_NAMES and not is_own:
                yield f"{logical_id}: {name} is the same in every stack"
        if properties.get("FailOnWarnings"):
            yield f"{logical_id}: a warning about what SAM itself has written would stop the deploy"
        # Where the partition is aws, SAM writes it out itself.
        if ArnGenerator.get_partition_name() != "aws" and '"arn:aws:' in json.dumps(properties):
            yield f"{logical_id}: the partition is written out"
        # Whoever may call a version may not call the function.
        if kind == "AWS::Lambda::Permission" and properties["FunctionName"].get("Ref") not in functions:
            yield f"{logical_id}: it is not for the function itself"
        if kind == "AWS::Lambda::EventInvokeConfig" and properties["Qualifier"] != "$LATEST":
            yield f"{logical_id}: it is not of the function itself"
        if kind == "AWS::Lambda::EventInvokeConfig" and properties.get("MaximumRetryAttempts") == 0:
            repeated.discard(properties["FunctionName"]["Ref"])
        if kind == "AWS::Scheduler::Schedule" and properties["Target"]["RetryPolicy"]["MaximumRetryAttempts"] != 0:
            yield f"{logical_id}: the schedule repeats its call"
    for function in repeated:
        yield f"{function}: Lambda repeats an asynchronous call"


with open(sys.argv[1], encoding="utf-8") as file:
    template = yaml_parse(file.read())
for resource in template["Resources"].values():
    if resource["Type"] in LOCAL_PATHS:
        resource["Properties"][LOCAL_PATHS[resource["Type"]]] = "s3://bucket/key"
try:
    defaults = {name: parameter.get("Default", "") for name, parameter in template["Parameters"].items()}
    translated = Translator({}, Parser()).translate(template, defaults, feature_toggle=None)
except InvalidDocumentException as e:
    sys.exit("\n".join([e.message] + [cause.message for cause in e.causes]))
found = list(faults(translated["Resources"]))
if found:
    sys.exit("\n".join(found))
print(f"{len(template['Resources'])} resources become {len(translated['Resources'])}")
