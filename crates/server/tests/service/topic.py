"""A topic in moto with a queue that subscribes to it, and the message that arrives there."""

import json
import sys
import time

import boto3

step, url = sys.argv[1:3]
sqs, sns = (boto3.client(name, endpoint_url=url) for name in ("sqs", "sns"))
if step == "plant":
    sqs.create_queue(QueueName="people")
    topic = sns.create_topic(Name="people")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:people")
if step == "read":
    start, messages = time.time(), []
    while not messages and time.time() - start < 30:
        messages = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="people")["QueueUrl"]).get("Messages", [])
        time.sleep(0.1)
    [message] = messages
    body = json.loads(message["Body"])
    assert len(body["Subject"]) <= 100 and "Finding" in body["Subject"], body
    print(body["Subject"] + "\n" + body["Message"])
