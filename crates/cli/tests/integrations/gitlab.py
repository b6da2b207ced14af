"""Runs the jobs of the GitLab template as a GitLab runner does. Usage: gitlab.py ROOT PROGRAM"""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import yaml

from fixture import CODES, check, environment, git, not_pwned, scene, target

TEMPLATE = "integrations/gitlab/ringfence.gitlab-ci.yml"
# What a runner knows of a file besides jobs.
KEYWORDS = {"variables", "stages", "include", "default", "workflow"}


class Pipeline:
    """The jobs of the template, with `extends` resolved."""

    def __init__(self, root, variables):
        text = yaml.safe_load((root / TEMPLATE).read_text())
        self.variables = {**text["variables"], **variables}
        all_jobs = {name: job for name, job in text.items() if name not in KEYWORDS}
        self.jobs = {
            name: {**all_jobs[job["extends"]], **job}
            for name, job in all_jobs.items()
            if not name.startswith(".")
        }

    def is_in(self, job):
        """Whether a rule lets the job into the pipeline."""

        def value(text):
            text = text.strip()
            return self.variables.get(text[1:], "") if text.startswith("$") else text.strip('"')

        def holds(condition):
            if "==" in condition:
                left, right = condition.split("==")
                return value(left) == value(right)
            return bool(value(condition))

        return any(all(map(holds, rule["if"].split("&&"))) for rule in job["rules"])

    def run(self, job, folder):
        lines = [*job["before_script"], *job["script"]]
        check(not any(re.search(r"\$\[\[", line) for line in lines), "an input inside of a script")
        script = "set -eo pipefail\n" + "\n".join(lines) + "\n"
        for file in folder.glob("ringfence-*"):
            file.unlink()
        done = subprocess.run(
            ["bash"], input=script, cwd=folder, env=environment(**self.variables), capture_output=True, text=True
        )
        reports = job["artifacts"]["reports"]
        return done.returncode, done.stdout + done.stderr, reports


def main(root, program):
    check(target() == "x86_64-unknown-linux-gnu", f"the template's image is not for {target()}")
    with scene(program) as (folder, repository, release, url):
        variables = {
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_DEFAULT_BRANCH": "main",
            "RINGFENCE_POLICIES": "policies",
            "RINGFENCE_VERSION": release.version,
            "RINGFENCE_RELEASES": url,
            "RINGFENCE_REFERENCE": "references",
            "RINGFENCE_CRITICAL": "critical.toml",
        }
        pipeline = Pipeline(root, variables)
        check(all(map(pipeline.is_in, pipeline.jobs.values())), "every job is in the pipeline")
        few = Pipeline(root, {**variables, "RINGFENCE_REFERENCE": "", "RINGFENCE_CRITICAL": ""})
        names = {name for name, job in few.jobs.items() if few.is_in(job)}
        check(names == {"ringfence-validate", "ringfence-no-public-access"}, names)

        for branch, expected in [("good", 0), ("bad", 3)]:
            git(repository, "checkout", "--quiet", branch)
            found, failures = [], 0
            for name, job in pipeline.jobs.items():
                code, said, reports = pipeline.run(job, repository)
                check(code == expected, f"{branch}: {name}: exit code {code}\n{said}")
                issues = json.loads((repository / reports["codequality"]).read_text())
                check(all(issue["location"]["path"].startswith("policies/") for issue in issues), issues)
                found += [issue["check_name"] for issue in issues]
                failures += int(xml.parse(repository / reports["junit"]).getroot().get("failures"))
            if branch == "good":
                check(found == [] and failures == 0, found)
            else:
                check(set(CODES) <= set(found) and failures >= len(CODES), found)
            not_pwned(folder)

        git(repository, "checkout", "--quiet", "good")
        pinned = Pipeline(root, {**variables, "RINGFENCE_SHA256": release.sha256})
        code, said, _ = pinned.run(pinned.jobs["ringfence-validate"], repository)
        check(code == 0, said)
        release.list("1" * 64)
        code, said, _ = pipeline.run(pipeline.jobs["ringfence-validate"], repository)
        check(code not in (0, 3) and "FAILED" in said, said)
    print("the GitLab template: as expected")


main(Path(sys.argv[1]), sys.argv[2])
