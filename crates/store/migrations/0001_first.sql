-- Read by both databases. `{serial}` stands for a key that counts up; every TEXT compares byte by byte.
-- A `body` is the JSON of a whole item and the truth about it; the other columns are copies to search and sort by.
-- Times are milliseconds since 1970.

CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- `number` stands for the analyzer in other tables. One that is being deleted is hidden and gives its name free.
CREATE TABLE analyzers (
    number {serial},
    arn TEXT NOT NULL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    analyzer_type TEXT NOT NULL,
    deleting BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX analyzers_arn ON analyzers (arn) WHERE deleting = 0;
CREATE INDEX analyzers_place ON analyzers (account, region, name);

CREATE TABLE archive_rules (
    analyzer BIGINT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (analyzer, name)
);

CREATE TABLE findings (
    analyzer BIGINT NOT NULL,
    id TEXT NOT NULL,
    resource TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    resource_owner_account TEXT NOT NULL,
    status TEXT NOT NULL,
    finding_type TEXT NOT NULL,
    is_public TEXT,
    error TEXT,
    resource_control_policy_restriction TEXT,
    service_control_policy_restriction TEXT,
    access_type TEXT,
    principal_type TEXT,
    principal_owner_account TEXT,
    principal_aws TEXT,
    principal_federated TEXT,
    principal_canonical_user TEXT,
    created_at BIGINT NOT NULL,
    analyzed_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX findings_id ON findings (analyzer, id);
CREATE INDEX findings_updated_at ON findings (analyzer, updated_at, id);
CREATE INDEX findings_created_at ON findings (analyzer, created_at, id);
CREATE INDEX findings_analyzed_at ON findings (analyzer, analyzed_at, id);
CREATE INDEX findings_resource ON findings (analyzer, resource, id);
CREATE INDEX findings_resource_type ON findings (analyzer, resource_type, id);
CREATE INDEX findings_resource_owner_account ON findings (analyzer, resource_owner_account, id);
CREATE INDEX findings_status ON findings (analyzer, status, id);
CREATE INDEX findings_type_updated ON findings (analyzer, resource_type, updated_at, id);
CREATE INDEX findings_owner_updated ON findings (analyzer, resource_owner_account, updated_at, id);
CREATE INDEX findings_status_updated ON findings (analyzer, status, updated_at, id);
CREATE INDEX findings_public_updated ON findings (analyzer, is_public, updated_at, id);
CREATE INDEX findings_aws_updated ON findings (analyzer, principal_aws, updated_at, id)
    WHERE principal_aws IS NOT NULL;
CREATE INDEX findings_federated_updated ON findings (analyzer, principal_federated, updated_at, id)
    WHERE principal_federated IS NOT NULL;
CREATE INDEX findings_canonical_updated ON findings (analyzer, principal_canonical_user, updated_at, id)
    WHERE principal_canonical_user IS NOT NULL;
CREATE INDEX findings_error_updated ON findings (analyzer, error, updated_at, id)
    WHERE error IS NOT NULL;

-- The conditions of findings, so that a rare one is found without reading all findings. Keys are in lower case.
CREATE TABLE conditions (
    analyzer BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (analyzer, name, value, id)
);
CREATE INDEX conditions_id ON conditions (analyzer, id, name);

-- How many findings there are of which kind, kept with every change.
CREATE TABLE counts (
    analyzer BIGINT NOT NULL,
    resource_type TEXT NOT NULL,
    kind TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (analyzer, resource_type, kind)
);

CREATE TABLE resources (
    analyzer BIGINT NOT NULL,
    arn TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    analyzed_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (analyzer, arn)
);
CREATE INDEX resources_type ON resources (analyzer, resource_type, arn);
CREATE INDEX resources_analyzed_at ON resources (analyzer, analyzed_at, arn);

CREATE TABLE previews (
    id TEXT PRIMARY KEY,
    analyzer BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX previews_created_at ON previews (analyzer, created_at, id);
CREATE INDEX previews_age ON previews (created_at);

CREATE TABLE preview_findings (
    preview TEXT NOT NULL,
    position BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (preview, position)
);

CREATE TABLE client_tokens (
    scope TEXT NOT NULL,
    operation TEXT NOT NULL,
    token TEXT NOT NULL,
    input TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (scope, operation, token)
);
CREATE INDEX client_tokens_age ON client_tokens (created_at);

CREATE TABLE access_keys (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE audit (
    position {serial},
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    operation TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT
);
CREATE INDEX audit_age ON audit (at);

-- What is told to the outside. `subject` is the finding or preview; its events are in the order of `position`.
CREATE TABLE events (
    position {serial},
    subject TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX events_age ON events (at);

CREATE TABLE sinks (name TEXT PRIMARY KEY);

-- What a sink has not taken yet. `state` is `pending` or `dead`.
CREATE TABLE deliveries (
    sink TEXT NOT NULL,
    position BIGINT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    error TEXT,
    PRIMARY KEY (sink, position)
);
CREATE INDEX deliveries_due ON deliveries (sink, state, next_attempt, position);
CREATE INDEX deliveries_subject ON deliveries (sink, subject, state, position);
CREATE INDEX deliveries_position ON deliveries (position);
