"""One measurement of `cargo xtask bench watch`.

python watch.py PROGRAM ENVIRONMENT DATA CHANGES ANALYZER-TYPE [INTERNAL-ANALYZER-TYPE]
"""
import glob, json, os, subprocess, sys, time, urllib.request

import boto3
from moto.server import ThreadedMotoServer

PROGRAM, ENVIRONMENT, DATA, CHANGES, TYPE = sys.argv[1:6]
INTERNAL = sys.argv[6:7]
moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
moto.start()
MOTO = "http://%s:%d" % moto.get_host_and_port()
os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="us-east-1",
                  AWS_EC2_METADATA_DISABLED="true")
sqs = boto3.client("sqs", endpoint_url=MOTO, region_name="us-east-1")
queue = sqs.create_queue(QueueName="changes")["QueueUrl"]

buckets = sorted(glob.glob(f"{ENVIRONMENT}/accounts/*/*/AWS-S3-Bucket/*.json"))
account = buckets[0].split("/accounts/")[1].split("/")[0]
os.makedirs(DATA, exist_ok=True)
made = subprocess.run([PROGRAM, "keys", "create", "--account", account, "--full-access", "--data", DATA],
                      capture_output=True, text=True, check=True).stdout
key, secret = (line.split("=", 1)[1] for line in made.split())
server = subprocess.Popen(
    [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", DATA, "--requests-per-second", "100000"],
    env=dict(os.environ, RINGFENCE_SOURCE=ENVIRONMENT, RINGFENCE_SOURCE__CHANGES__URL=queue,
             RINGFENCE_SOURCE__CHANGES__ENDPOINT_URL=MOTO),
    stdout=subprocess.PIPE, stderr=open(os.path.join(DATA, "log"), "w"), text=True)
try:
    url = server.stdout.readline().strip()
    client = boto3.client("accessanalyzer", endpoint_url=url, region_name="us-east-1",
                          aws_access_key_id=key, aws_secret_access_key=secret)
    started = time.monotonic()
    analyzer = client.create_analyzer(analyzerName="bench", type=TYPE)["arn"]
    names = ["bench"]
    for kind in INTERNAL:
        client.create_analyzer(analyzerName="inside", type=kind)
        names.append("inside")
    while any(client.get_analyzer(analyzerName=name)["analyzer"]["status"] != "ACTIVE" for name in names):
        time.sleep(0.2)
    first_scan = time.monotonic() - started
    # The first look at everything may be followed by one that the start of the service begins.
    time.sleep(3)

    def is_there(arn, who):
        found = client.list_findings(analyzerArn=analyzer, maxResults=100, filter={
            "resource": {"eq": [arn]}, "principal.AWS": {"eq": [who]}, "status": {"eq": ["ACTIVE"]}})["findings"]
        return bool(found)

    def refreshed():
        """How many things were read again, and how long that took to the last write."""
        text = urllib.request.urlopen(url + "/metrics").read().decode()
        number = lambda name: float(next(line.split()[1] for line in text.splitlines() if line.startswith(name + " ")))
        return number("ringfence_refresh_seconds_count"), number("ringfence_refresh_seconds_sum")

    def measure(arn, who, message):
        count, seconds = refreshed()
        before = time.monotonic()
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(message))
        while not is_there(arn, who):
            if time.monotonic() - before > 60:
                sys.exit(f"{arn}: no finding\n" + open(os.path.join(DATA, "log")).read()[-3000:])
            time.sleep(0.002)
        seen = time.monotonic() - before
        while refreshed()[0] == count:
            time.sleep(0.01)
        return seen, refreshed()[1] - seconds

    took, whole = [], []
    files = [own for own in buckets if account in own] if TYPE.startswith("ACCOUNT") else buckets
    readable = []
    for path in files:
        try:
            file = json.load(open(path))
            arn, _ = file["arn"], file["configuration"]["s3Bucket"]
            readable.append((path, file, arn))
        except (ValueError, KeyError):
            continue
        if len(readable) == int(CHANGES):
            break
    for number, (path, file, arn) in enumerate(readable):
        owner = path.split("/accounts/")[1].split("/")[0]
        who = f"{999999000000 + number}"
        file["configuration"]["s3Bucket"]["bucketPolicy"] = json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "s3:GetObject", "Resource": f"{arn}/*"}]})
        file["configuration"]["s3Bucket"]["bucketPublicAccessBlock"] = dict(ignorePublicAcls=False, restrictPublicBuckets=False)
        with open(path + ".new", "w") as out:
            json.dump(file, out)
        os.rename(path + ".new", path)
        seen, all_of_it = measure(arn, who, {
            "detail-type": "AWS API Call via CloudTrail", "detail": {
                "eventSource": "s3.amazonaws.com", "eventName": "PutBucketPolicy", "awsRegion": "us-east-1",
                "recipientAccountId": owner, "requestParameters": {"bucketName": arn.split(":::")[1]}}})
        took.append(seen)
        whole.append(all_of_it)
    # A role: it is a resource, and for internal access somebody who reaches others.
    details = f"{ENVIRONMENT}/accounts/{account}/authorization-details.json"
    file = json.load(open(details))
    roles, roles_whole = [], []
    for number, role in enumerate(file["RoleDetailList"][:5]):
        who = f"{999998000000 + number}"
        role["AssumeRolePolicyDocument"] = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}]}
        with open(details + ".new", "w") as out:
            json.dump(file, out)
        os.rename(details + ".new", details)
        seen, all_of_it = measure(role["Arn"], who, {
            "detail-type": "AWS API Call via CloudTrail", "detail": {
                "eventSource": "iam.amazonaws.com", "eventName": "UpdateAssumeRolePolicy", "awsRegion": "us-east-1",
                "recipientAccountId": account, "requestParameters": {"roleName": role["RoleName"]}}})
        roles.append(seen)
        roles_whole.append(all_of_it)
    middle = lambda numbers: sorted(numbers)[len(numbers) // 2]
    status = open(f"/proc/{server.pid}/status").read()
    kib = lambda name: next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))
    took.sort()
    print(json.dumps({"firstScan": first_scan, "median": took[len(took) // 2], "p90": took[len(took) * 9 // 10],
                      "worst": took[-1], "whole": middle(whole), "role": middle(roles), "roleWhole": middle(roles_whole),
                      "rolesOfAccount": len(file["RoleDetailList"]), "mebibytes": kib("VmRSS:") / 1024, "peakMebibytes": kib("VmHWM:") / 1024}))
finally:
    server.terminate()
    server.wait(60)
    moto.stop()
