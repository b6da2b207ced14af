-- What is done about findings: hints that come in, resolutions, approval links, changes that count for limits, the record.

-- What says that a finding may have to be looked at. `name` is the finding and who owns it: what comes again for it
-- while it waits is the same hint, and `times` tells whether one came while it was looked at. `state` is `pending` or
-- `poison`.
CREATE TABLE hints (
    number {serial},
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    times BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    error TEXT,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX hints_name ON hints (name);
CREATE INDEX hints_due ON hints (state, next_attempt, number);

-- `access` is the resource and who gets in: a role's finding comes once per Region, and is closed once. `due` is when
-- a worker looks at it next; nothing where only a person moves it.
CREATE TABLE resolutions (
    id TEXT PRIMARY KEY,
    finding TEXT NOT NULL,
    resource TEXT NOT NULL,
    account TEXT NOT NULL,
    access TEXT NOT NULL,
    state TEXT NOT NULL,
    is_open BIGINT NOT NULL,
    due BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX resolutions_open ON resolutions (access) WHERE is_open = 1;
CREATE INDEX resolutions_created_at ON resolutions (created_at, id);
CREATE INDEX resolutions_state ON resolutions (state, created_at, id);
CREATE INDEX resolutions_finding ON resolutions (finding);
CREATE INDEX resolutions_due ON resolutions (due) WHERE due IS NOT NULL;

-- Links by which a person approves or rejects. `digest` is that of the link's secret part; `failures` counts wrong
-- passwords.
CREATE TABLE approval_links (
    digest TEXT PRIMARY KEY,
    resolution TEXT NOT NULL,
    approver TEXT NOT NULL,
    plan_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX approval_links_resolution ON approval_links (resolution);
CREATE INDEX approval_links_age ON approval_links (expires_at);

-- One row a change of an account, for the limits.
CREATE TABLE changes (
    number {serial},
    at BIGINT NOT NULL,
    account TEXT NOT NULL,
    resolution TEXT NOT NULL
);
CREATE INDEX changes_at ON changes (at, account);

-- The record of each finding, chained by hashes: positions count up from 1 without a gap.
CREATE TABLE record (
    position BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX record_subject ON record (subject, position);
