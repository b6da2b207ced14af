-- What people are to be told. `id` makes queueing twice the same as once. Not routed yet: `routed` is 0.
CREATE TABLE notifications (
    position {serial},
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    routed BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX notifications_id ON notifications (id);
CREATE INDEX notifications_routed ON notifications (routed, position);
CREATE INDEX notifications_age ON notifications (at);

-- What a channel has not sent yet. `state` is `pending` or `dead`.
CREATE TABLE notification_deliveries (
    channel TEXT NOT NULL,
    position BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    error TEXT,
    PRIMARY KEY (channel, position)
);
CREATE INDEX notification_deliveries_due ON notification_deliveries (channel, state, next_attempt, position);
CREATE INDEX notification_deliveries_position ON notification_deliveries (position);
