variable "topic" {}
resource "aws_sqs_queue" "mq" {
  name = "tf-mq"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }] })
}
resource "aws_ecr_repository" "e" { name = "tf-e" }
resource "aws_ecr_repository_policy" "e" {
  repository = aws_ecr_repository.e.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "222233334444" }, Action = "ecr:*" }] })
}

resource "aws_sqs_queue" "fed" { name = "tf-fed" }
resource "aws_sqs_queue_policy" "fed" {
  queue_url = aws_sqs_queue.fed.id
  policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Principal = "*"
    Action    = "sqs:SendMessage"
    Resource  = aws_sqs_queue.fed.arn
    Condition = { ArnEquals = { "aws:SourceArn" = var.topic } }
  }] })
}
