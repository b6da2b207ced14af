# Brings active findings of IAM Access Analyzer, and of Ringfence, to a queue that Ringfence receives from, and makes a topic
# that it notifies people by. Use it once for each Region that has an analyzer.

terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
}

variable "receiver" {
  description = "ARN of the role or user that runs Ringfence. It receives from the queue and publishes to the topic."
  type        = string
}

variable "notification_email" {
  description = "Where notifications go; null for a topic without a subscription. The address has to confirm it."
  type        = string
  default     = null
}

variable "own_source" {
  description = "The source that Ringfence's EventBridge sink is given; its events are taken like those of AWS."
  type        = string
  default     = "ringfence.access-analyzer"
}

variable "event_bus_name" {
  description = "The bus that events arrive on. Those of AWS's services arrive on the one called default."
  type        = string
  default     = "default"
}

variable "queue_name" {
  type    = string
  default = "ringfence-findings"
}

variable "topic_name" {
  type    = string
  default = "ringfence-notifications"
}

variable "most_receipts" {
  description = "How often a message comes before it is set aside among the dead letters."
  type        = number
  default     = 5
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.queue_name}-dead-letters"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "findings" {
  name                       = var.queue_name
  message_retention_seconds  = 1209600
  receive_wait_time_seconds  = 20
  visibility_timeout_seconds = 120
  sqs_managed_sse_enabled    = true
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = var.most_receipts
  })
}

data "aws_iam_policy_document" "findings" {
  statement {
    sid       = "EventsOfTheRule"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.findings.arn]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.findings.arn]
    }
  }
  statement {
    sid = "Ringfence"
    actions = [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
    ]
    resources = [aws_sqs_queue.findings.arn]
    principals {
      type        = "AWS"
      identifiers = [var.receiver]
    }
  }
  statement {
    sid       = "EncryptedOnTheWay"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.findings.arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "findings" {
  queue_url = aws_sqs_queue.findings.id
  policy    = data.aws_iam_policy_document.findings.json
}

data "aws_iam_policy_document" "dead_letters" {
  statement {
    sid       = "EventsOfTheRule"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letters.arn]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.findings.arn]
    }
  }
  statement {
    sid = "Ringfence"
    actions = [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
    ]
    resources = [aws_sqs_queue.dead_letters.arn]
    principals {
      type        = "AWS"
      identifiers = [var.receiver]
    }
  }
  statement {
    sid       = "EncryptedOnTheWay"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.dead_letters.arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id
  policy    = data.aws_iam_policy_document.dead_letters.json
}

resource "aws_cloudwatch_event_rule" "findings" {
  name           = "${var.queue_name}-rule"
  description    = "Active findings of the resource types that Ringfence resolves."
  event_bus_name = var.event_bus_name
  event_pattern = jsonencode({
    source = ["aws.access-analyzer", var.own_source]
    detail-type = [
      "Access Analyzer Finding",
      "Internal Access Finding",
    ]
    detail = {
      status = ["ACTIVE"]
      resourceType = [
        "AWS::DynamoDB::Stream",
        "AWS::DynamoDB::Table",
        "AWS::EC2::Snapshot",
        "AWS::ECR::Repository",
        "AWS::EFS::FileSystem",
        "AWS::IAM::Role",
        "AWS::KMS::Key",
        "AWS::Lambda::Function",
        "AWS::Lambda::LayerVersion",
        "AWS::RDS::DBClusterSnapshot",
        "AWS::RDS::DBSnapshot",
        "AWS::S3::Bucket",
        "AWS::S3Express::DirectoryBucket",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::SecretsManager::Secret",
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "findings" {
  rule           = aws_cloudwatch_event_rule.findings.name
  event_bus_name = var.event_bus_name
  target_id      = "ringfence"
  arn            = aws_sqs_queue.findings.arn
  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_sns_topic" "notifications" {
  name              = var.topic_name
  kms_master_key_id = "alias/aws/sns"
}

data "aws_iam_policy_document" "notifications" {
  statement {
    sid = "Ringfence"
    actions = [
      "sns:GetTopicAttributes",
      "sns:ListSubscriptionsByTopic",
      "sns:Publish",
    ]
    resources = [aws_sns_topic.notifications.arn]
    principals {
      type        = "AWS"
      identifiers = [var.receiver]
    }
  }
}

resource "aws_sns_topic_policy" "notifications" {
  arn    = aws_sns_topic.notifications.arn
  policy = data.aws_iam_policy_document.notifications.json
}

resource "aws_sns_topic_subscription" "email" {
  count     = var.notification_email == null ? 0 : 1
  topic_arn = aws_sns_topic.notifications.arn
  protocol  = "email"
  endpoint  = var.notification_email
}

output "queue_url" {
  value = aws_sqs_queue.findings.id
}

output "queue_arn" {
  value = aws_sqs_queue.findings.arn
}

output "dead_letters_url" {
  value = aws_sqs_queue.dead_letters.id
}

output "topic_arn" {
  value = aws_sns_topic.notifications.arn
}
