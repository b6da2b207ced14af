"""Times other programs that look for problems in policies, in one process each.

Usage: validate_peers.py NAME SECONDS < policies, one `{"policyDocument": text}` a line. The rules and the catalogue are
loaded, and one policy is looked at, before the time starts. Then the policies are looked at again and again until SECONDS
have passed. Prints `{"version", "policies", "seconds", "findings"}`: how many were looked at, in how many seconds of the
processor, and how many findings there are a policy.
"""

import contextlib
import importlib.metadata
import io
import itertools
import json
import logging
import sys
import time


def parliament():
    """Every check of parliament on the text of a policy."""
    from parliament import analyze_policy_string

    return lambda text: len(analyze_policy_string(text).findings)


# cfn-lint's rules about IAM policies.
IAM_RULES = {"E3510", "E3511", "E3512", "E3513", "E3514", "E3530", "I3510", "W2511", "W3037"}


def cfn_lint():
    """cfn-lint, all rules, on a template with the policy and nothing else; what its rules about IAM say is counted."""
    from cfnlint.config import _DEFAULT_RULESDIR, ConfigMixIn
    from cfnlint.rules import Rules
    from cfnlint.runner import run_template_by_data

    rules = Rules.create_from_directory(_DEFAULT_RULESDIR)
    config = ConfigMixIn(regions=["us-east-1"])

    def look(text):
        properties = {"PolicyDocument": json.loads(text)}
        resource = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}
        template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Policy": resource}}
        found = run_template_by_data(template, config, rules)
        return sum(match.rule.id in IAM_RULES for match in found)

    return look


def policy_sentry():
    """policy_sentry's analysis: which write, tagging and permissions actions a policy allows."""
    from policy_sentry.analysis.analyze import analyze_by_access_level

    levels = ["Write", "Tagging", "Permissions management"]
    return lambda text: sum(len(analyze_by_access_level(json.loads(text), level)) for level in levels)


PEERS = {"parliament": parliament, "cfn-lint": cfn_lint, "policy_sentry": policy_sentry}


def main(name, most):
    logging.disable(logging.CRITICAL)
    texts = [json.loads(line)["policyDocument"] for line in sys.stdin if line.strip()]
    look = PEERS[name]()
    policies = findings = 0
    with contextlib.redirect_stdout(io.StringIO()):
        look(texts[0])
        end = time.perf_counter() + most
        start = time.process_time()
        for text in itertools.cycle(texts):
            if time.perf_counter() > end:
                break
            with contextlib.suppress(Exception):  # What a program cannot read counts as looked at.
                findings += look(text)
            policies += 1
        seconds = time.process_time() - start
    version = importlib.metadata.version(name)
    each = findings / policies
    print(json.dumps({"version": version, "policies": policies, "seconds": seconds, "findings": each}))


main(sys.argv[1], float(sys.argv[2]))
