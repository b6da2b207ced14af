terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "5.100.0" } }
}
provider "aws" {
  region = "eu-west-1"
  access_key = "a"
  secret_key = "b"
  skip_credentials_validation = true
  skip_requesting_account_id = true
  skip_metadata_api_check = true
}
variable "partner" { default = "222233334444" }
resource "aws_s3_bucket" "vault" { bucket = "tf-vault" }
data "aws_iam_policy_document" "vault" {
  statement {
    sid = "PartnerReads"
    actions = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.vault.arn}/*", aws_s3_bucket.vault.arn]
    principals {
      type = "AWS"
      identifiers = ["arn:aws:iam::${var.partner}:root", aws_iam_role.r.arn]
    }
    condition {
      test = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values = ["o-1"]
    }
  }
}
resource "aws_s3_bucket_policy" "vault" {
  bucket = aws_s3_bucket.vault.id
  policy = data.aws_iam_policy_document.vault.json
}
resource "aws_s3_bucket_public_access_block" "vault" {
  bucket = aws_s3_bucket.vault.id
  block_public_policy = true
  restrict_public_buckets = true
}
resource "aws_iam_role" "r" {
  name = "tf-r"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "999988887777" }, Action = "sts:AssumeRole" }] })
}
resource "aws_sqs_queue" "q" {
  for_each = toset(["a", "b"])
  name = "tf-${each.key}"
}
resource "aws_sqs_queue_policy" "q" {
  for_each = aws_sqs_queue.q
  queue_url = each.value.id
  policy = jsonencode({ Statement = [{ Sid = "All", Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }] })
}
resource "aws_kms_key" "k" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = var.partner }, Action = "kms:*", Resource = "*" }] })
}
resource "aws_sns_topic" "t" { name = "tf-t" }
resource "aws_sns_topic_policy" "t" {
  arn = aws_sns_topic.t.arn
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = aws_sns_topic.t.arn }] })
}
resource "aws_lambda_permission" "p" {
  function_name = "tf-f"
  action = "lambda:InvokeFunction"
  principal = var.partner
}
module "m" {
  source = "./m"
  topic = aws_sns_topic.t.arn
}

# What stands behind `local.*`, and documents with a part that is known only after apply.
locals {
  ledger  = aws_s3_bucket.ledger.id
  auditor = "555566667777"
  read    = { Effect = "Allow", Principal = { AWS = local.auditor }, Action = "s3:GetObject" }
}
resource "aws_s3_bucket" "ledger" { bucket = "tf-ledger" }
resource "aws_s3_bucket_policy" "ledger" {
  bucket = local.ledger
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      merge(local.read, { Sid = "AuditorReads", Resource = "${aws_s3_bucket.ledger.arn}/*" }),
      {
        Effect    = "Allow"
        Principal = { AWS = aws_iam_role.r.arn }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.ledger.arn}/*"
      },
    ]
  })
}
resource "aws_kms_key" "own" {}
resource "aws_kms_key_policy" "own" {
  key_id = aws_kms_key.own.id
  policy = <<-POLICY
    {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "${local.auditor}"}, "Action": "kms:Decrypt",
      "Resource": "${aws_kms_key.own.arn}"}]}
  POLICY
}
resource "aws_sns_topic" "each" {
  for_each = { card = "111100001111", wire = "222200002222" }
  name     = "tf-${each.key}"
}
resource "aws_sns_topic_policy" "each" {
  for_each = aws_sns_topic.each
  arn      = each.value.arn
  policy = jsonencode({ Statement = [
    for who in ["666677778888"] : { Effect = "Allow", Principal = { AWS = who }, Action = "sns:Publish", Resource = each.value.arn }
  ] })
}
