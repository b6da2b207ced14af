"""Runs `action.yml` as a GitHub runner does. Usage: github.py ROOT PROGRAM"""

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

from fixture import CODES, check, environment, git, not_pwned, scene

UPLOAD_INPUTS = {"sarif_file", "checkout_path", "ref", "sha", "token", "category", "wait-for-processing"}


class Runner:
    """What a job knows while it runs the steps of the action."""

    def __init__(self, root, workspace, temp, inputs):
        self.action = yaml.safe_load((root / "action.yml").read_text())
        self.root, self.workspace, self.temp = root, workspace, temp
        temp.mkdir(parents=True)
        given = {name: str(own.get("default", "")) for name, own in self.action["inputs"].items()}
        check(not set(inputs) - set(given), f"unknown inputs {set(inputs) - set(given)}")
        self.inputs = {**given, **inputs}
        self.outputs, self.path, self.uploaded, self.said = {}, [], None, ""
        self.summary = temp / "summary.md"
        self.summary.touch()

    def value(self, expression):
        """The value of what stands between `${{` and `}}`: names, literals, `==`, `!=`, `&&`, `always()`."""
        expression = expression.strip()
        if "&&" in expression:
            return all(self.value(part) for part in expression.split("&&"))
        for operator, compare in [("==", str.__eq__), ("!=", str.__ne__)]:
            if operator in expression:
                left, right = expression.split(operator)
                return compare(str(self.value(left)), str(self.value(right)))
        if expression == "always()":
            return True
        if expression.startswith("'"):
            return expression.strip("'")
        if expression == "github.action_repository":
            return "example/ringfence"
        scope, *rest = expression.split(".")
        if scope == "inputs":
            return self.inputs[rest[0]]
        if scope == "steps" and rest[1] == "outputs":
            return self.outputs.get(rest[0], {}).get(rest[2], "")
        raise SystemExit(f"the runner does not know `{expression}`")

    def text(self, template):
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(self.value(found[1])), str(template))

    def run(self):
        """Whether all steps succeed."""
        failed = False
        for step in self.action["runs"]["steps"]:
            condition = str(step.get("if", "")).removeprefix("${{").removesuffix("}}")
            if failed and "always()" not in condition or condition and not self.value(condition):
                continue
            if "uses" in step:
                self.upload(step)
            elif not self.script(step):
                failed = True
        return not failed

    def script(self, step):
        check(step["shell"] == "bash" and "${{" not in step["run"], f"a script with an expression: {step}")
        out, added = self.temp / "output", self.temp / "path"
        for file in [out, added]:
            file.write_text("")
        names = {
            "GITHUB_ACTION_PATH": self.root,
            "GITHUB_OUTPUT": out,
            "GITHUB_PATH": added,
            "GITHUB_STEP_SUMMARY": self.summary,
            "GITHUB_WORKSPACE": self.workspace,
            "GITHUB_SERVER_URL": "https://github.com",
            "RUNNER_TEMP": self.temp,
        }
        own = {name: self.text(value) for name, value in step.get("env", {}).items()}
        check(not any(name.startswith("GITHUB_") for name in own), "runners do not let steps set GITHUB_*")
        given = environment(**{name: str(value) for name, value in names.items()}, **own)
        given["PATH"] = ":".join([*reversed(self.path), given["PATH"]])
        script = self.temp / "step.sh"
        script.write_text(step["run"])
        folder = self.workspace / self.text(step.get("working-directory", "."))
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        done = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True)
        self.said += done.stdout + done.stderr
        self.path += added.read_text().split("\n")[:-1]
        if "id" in step:
            lines = (line.split("=", 1) for line in out.read_text().splitlines())
            self.outputs[step["id"]] = dict(lines)
        return done.returncode == 0

    def upload(self, step):
        check(re.fullmatch(r"github/codeql-action/upload-sarif@v\d+", step["uses"]), step["uses"])
        check(set(step["with"]) <= UPLOAD_INPUTS, step["with"])
        folder = Path(self.text(step["with"]["sarif_file"]))
        logs = [json.loads(file.read_text()) for file in sorted(folder.glob("*.sarif"))]
        check(all(log["version"] == "2.1.0" for log in logs), "SARIF 2.1.0")
        categories = [run["automationDetails"]["id"] for log in logs for run in log["runs"]]
        check(len(set(categories)) == len(categories), f"one run a category: {categories}")
        self.uploaded = [
            result["ruleId"] for log in logs for run in log["runs"] for result in run["results"]
        ]


def main(root, program):
    with scene(program) as (folder, repository, release, url):
        asked = {
            "policies": "policies\n\n",
            "version": release.version,
            "releases": url,
            "reference": "references",
            "critical": "critical.toml",
        }

        def run(name, branch, **more):
            git(repository, "checkout", "--quiet", branch)
            runner = Runner(root, repository, folder / name, {**asked, **more})
            passed = runner.run()
            not_pwned(folder)
            return runner, passed

        good, passed = run("job-good", "good")
        check(passed, good.said)
        check(good.uploaded == [], f"nothing is found: {good.uploaded}")
        check(good.summary.read_text().count(": passed") == 4, good.summary.read_text())

        bad, passed = run("job-bad", "bad", sha256=release.sha256)
        check(not passed, "the bad pull request passes")
        check(bad.outputs["check"]["exit-code"] == "3", bad.said)
        check(set(CODES) <= set(bad.uploaded), f"{bad.uploaded}\n{bad.said}")
        comment = Path(bad.outputs["check"]["comment"]).read_text()
        check(comment == bad.summary.read_text() and comment.count(": failed") == 4, comment)

        # What cannot be had fails the job, whatever the policies say.
        for name, more, said in [
            ("job-pinned", {"sha256": "0" * 64}, "has the SHA-256"),
            ("job-version", {"version": "0.1.0; touch pwned"}, "is no version"),
            ("job-absent", {"version": "9.9.9"}, "cannot be fetched"),
            ("job-install", {"install": "$(touch pwned)"}, "install takes"),
        ]:
            runner, passed = run(name, "good", **more)
            check(not passed and said in runner.said and not runner.path, f"{name}: {runner.said}")
        for name, more in [
            ("job-nothing", {"policies": "\n"}),
            ("job-policy", {"policies": "absent.json"}),
            ("job-option", {"policies": "--version"}),
            ("job-name", {"policies": "$(touch pwned)"}),
        ]:
            runner, passed = run(name, "good", **more)
            check(not passed, f"{name} passes: {runner.said}")
        release.list("1" * 64)
        runner, passed = run("job-damaged", "good")
        check(not passed and "has the SHA-256" in runner.said, runner.said)
    print("action.yml: as expected")


main(Path(sys.argv[1]), sys.argv[2])
