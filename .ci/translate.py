"""Translates a SAM template as `sam deploy` does, and fails where the transform does."""

import sys

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

with open(sys.argv[1], encoding="utf-8") as file:
    template = yaml_parse(file.read())
# The transform reads jars and definitions from S3; a local path is what `sam package` replaces.
LOCAL_PATHS = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::StateMachine": "DefinitionUri"}
for resource in template["Resources"].values():
    if resource["Type"] in LOCAL_PATHS:
        resource["Properties"][LOCAL_PATHS[resource["Type"]]] = "s3://bucket/key"
try:
    defaults = {name: parameter.get("Default", "") for name, parameter in template["Parameters"].items()}
    translated = Translator({}, Parser()).translate(template, defaults, feature_toggle=None)
except InvalidDocumentException as e:
    sys.exit("\n".join([e.message] + [cause.message for cause in e.causes]))
print(f"{len(template['Resources'])} resources become {len(translated['Resources'])}")
