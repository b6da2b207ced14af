//! The GitHub Action, the pre-commit hooks and the GitLab template, as their runners would run them: on a repository
//! with a good and a bad pull request, with a release fetched over HTTP.

use std::path::Path;
use std::process::Command;

#[test]
#[ignore = "needs the Python environment, git, bash and curl"]
fn a_bad_pull_request_fails_and_a_good_one_passes() {
    let python = std::env::var_os("RINGFENCE_PYTHON").expect("RINGFENCE_PYTHON names the Python");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integrations");
    let root = folder.ancestors().nth(4).expect("the crate is in the workspace");
    for runner in ["github.py", "pre_commit.py", "gitlab.py"] {
        let mut command = Command::new(&python);
        command.arg("-B").arg(folder.join(runner)).arg(root).arg(env!("CARGO_BIN_EXE_ringfence"));
        let done = command.output().unwrap();
        let (said, complained) =
            (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{runner}: {}\n{said}\n{complained}", done.status);
        assert!(said.ends_with(": as expected\n"), "{runner}: {said}");
    }
}
