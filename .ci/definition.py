"""A CloudFormation template with a state machine's definition in it, so that cfn-lint looks into the definition."""

import json
import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    # cfn-lint knows ARNs of this partition only, and looks into no placeholder.
    text = file.read().replace("${Partition}", "aws")
definition = json.loads(text)
for state in definition["States"].values():
    if state["Type"] == "Succeed":
        # The language has it, cfn-lint's schema has not.
        state.pop("OutputPath", None)
properties = {
    "RoleArn": "arn:aws:iam::123456789012:role/any",
    "Definition": definition,
    "DefinitionSubstitutions": {name: "any" for name in re.findall(r"\$\{(\w+)}", text)},
}
print(json.dumps({"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}}))
