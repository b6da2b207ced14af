"""A rule, queues and a topic in moto, and what arrives in them."""

import json
import sys
import time

import boto3

step, url = sys.argv[1:3]
sqs, sns, events = (boto3.client(name, endpoint_url=url) for name in ("sqs", "sns", "events"))
ACCOUNT = "123456789012"
ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:"


def queue_url(name):
    return sqs.get_queue_url(QueueName=name)["QueueUrl"]


def read(name, number):
    """Messages of a queue in the order in which they came, until there are enough."""
    messages, start = [], time.time()
    while len(messages) < number and time.time() - start < 60:
        for own in sqs.receive_message(QueueUrl=queue_url(name), MaxNumberOfMessages=10).get("Messages", []):
            messages.append(json.loads(own["Body"]))
            sqs.delete_message(QueueUrl=queue_url(name), ReceiptHandle=own["ReceiptHandle"])
    return messages


if step == "plant":
    for name in ("direct", "ruled", "published", "late"):
        sqs.create_queue(QueueName=name)
    sqs.create_queue(QueueName="ordered.fifo", Attributes={"FifoQueue": "true"})
    with open(sys.argv[3]) as file:
        events.put_rule(Name="findings", EventPattern=file.read())
    events.put_rule(Name="others", EventPattern=json.dumps({"source": ["aws.s3"]}))
    events.put_targets(Rule="findings", Targets=[{"Id": "queue", "Arn": ARN + "ruled"}])
    events.put_targets(Rule="others", Targets=[{"Id": "queue", "Arn": ARN + "late"}])
    topic = sns.create_topic(Name="findings")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=ARN + "published",
                  Attributes={"RawMessageDelivery": "true"})

if step == "check":
    by_queue = {name: read(name, 30) for name in ("direct", "ruled", "published", "ordered.fifo")}
    for name, messages in by_queue.items():
        assert len(messages) == 30, (name, len(messages))
        source = "ringfence.access-analyzer" if name == "ruled" else "aws.access-analyzer"
        for own in messages:
            # Moto's rules leave out the account; EventBridge puts in the caller's.
            wanted = {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}
            assert set(own) >= wanted - ({"account"} if name == "ruled" else set()), own
            assert own["source"] == source, (name, own)
            assert own["detail-type"] == "Access Analyzer Finding", own
            assert own["detail"]["version"] == "1.0" and own["detail"]["isDeleted"] is False, own
            assert own["resources"] == ["arn:aws:access-analyzer:us-east-1:111122223333:analyzer/account"], own
        of = {}
        for own in messages:
            of.setdefault(own["detail"]["id"], []).append(own["detail"]["status"])
        assert len(of) == 25, of
        assert sorted(map(tuple, of.values())) == sorted([("ACTIVE",)] * 20 + [("ACTIVE", "RESOLVED")] * 5), (name, of)
    # What the queue got directly is what the topic published, byte by byte, and what the rule got but for its envelope.
    keys = {name: sorted(json.dumps(own["detail"], sort_keys=True) for own in messages)
            for name, messages in by_queue.items()}
    assert keys["direct"] == keys["ruled"] == keys["published"] == keys["ordered.fifo"]
    assert sorted(own["id"] for own in by_queue["direct"]) == sorted(own["id"] for own in by_queue["published"])
    assert read("late", 0) == []
    print({name: len(messages) for name, messages in by_queue.items()})

if step == "wait":
    start = time.time()
    while True:
        got = sqs.receive_message(QueueUrl=queue_url("direct"), MaxNumberOfMessages=10).get("Messages", [])
        if any(json.loads(own["Body"])["detail"]["id"] == sys.argv[3] for own in got):
            break
        assert time.time() - start < 10, "the change was not told"
        time.sleep(0.02)
