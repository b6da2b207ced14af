"""Runs the hooks with the real pre-commit. Usage: pre_commit.py ROOT PROGRAM"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from fixture import CODES, check, environment, git, not_pwned, scene


def main(root, program):
    with scene(program) as (folder, repository, _, _):
        hooks = folder / "hooks"
        hooks.mkdir()
        git(hooks, "init", "--quiet")
        shutil.copy(root / ".pre-commit-hooks.yaml", hooks)
        git(hooks, "add", ".")
        git(hooks, "commit", "--quiet", "--message", "hooks")
        own = {
            "repo": str(hooks),
            "rev": git(hooks, "rev-parse", "HEAD"),
            "hooks": [
                {"id": "ringfence-validate", "files": "^policies/"},
                {
                    "id": "ringfence-no-new-access",
                    "files": "^policies/",
                    "args": ["--reference", "references"],
                },
                {
                    "id": "ringfence-access-not-granted",
                    "files": "^policies/",
                    "args": ["--critical", "critical.toml"],
                },
                {"id": "ringfence-no-public-access"},
            ],
        }
        config = folder / "config.yaml"
        config.write_text(json.dumps({"repos": [own]}))
        bin_folder = folder / "bin"
        bin_folder.mkdir()
        shutil.copy(program, bin_folder / "ringfence")
        given = environment(PRE_COMMIT_HOME=str(folder / "home"), PRE_COMMIT_COLOR="never")
        given["PATH"] = f"{bin_folder}:{given['PATH']}"

        def pre_commit(*arguments):
            command = [sys.executable, "-m", "pre_commit", *map(str, arguments)]
            done = subprocess.run(command, cwd=repository, env=given, capture_output=True, text=True)
            return done.returncode, done.stdout + done.stderr

        code, said = pre_commit("validate-manifest", root / ".pre-commit-hooks.yaml")
        check(code == 0, said)
        for branch, expected in [("good", 0), ("bad", 1)]:
            git(repository, "checkout", "--quiet", branch)
            run = ["run", "--config", config, "--from-ref", "main", "--to-ref", branch]
            code, said = pre_commit(*run)
            check(code == expected, f"{branch}: exit code {code}\n{said}")
            results = [line for line in said.splitlines() if line.endswith(("Passed", "Failed", "Skipped"))]
            wanted = "Passed" if branch == "good" else "Failed"
            check(len(results) == 4, said)
            check(all(line.endswith(wanted) for line in results), said)
        check(all(code in said for code in CODES), said)
        not_pwned(folder)
    print(".pre-commit-hooks.yaml: as expected")


main(Path(sys.argv[1]), sys.argv[2])
