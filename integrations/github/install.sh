#!/usr/bin/env bash
# The first step of the action: makes `ringfence` a command of the steps that follow.
set -euo pipefail

bin=$RUNNER_TEMP/ringfence-bin
case "$RINGFENCE_INSTALL" in
  release)
    if [[ -z ${RINGFENCE_RELEASES:-} ]]; then
      RINGFENCE_RELEASES=$GITHUB_SERVER_URL/$RINGFENCE_REPOSITORY/releases/download
    fi
    export RINGFENCE_RELEASES RINGFENCE_BIN=$bin
    bash "$GITHUB_ACTION_PATH/integrations/install.sh"
    ;;
  build)
    cargo install --locked --root "$bin" --path "$GITHUB_ACTION_PATH/crates/cli"
    bin=$bin/bin
    ;;
  none)
    command -v ringfence >/dev/null || { echo "error: install is none, and ringfence is not on the PATH" >&2; exit 1; }
    exit 0
    ;;
  *)
    echo "error: install takes release, build or none" >&2
    exit 2
    ;;
esac
echo "$bin" >>"$GITHUB_PATH"
