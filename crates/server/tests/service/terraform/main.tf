terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }

variable "team" {
  type    = string
  default = "payments"
}

variable "archived" {
  type    = list(string)
  default = ["AWS::SQS::Queue"]
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {
    accessanalyzer = var.endpoint
  }
}

resource "aws_accessanalyzer_analyzer" "payments" {
  analyzer_name = "payments"
  type          = "ACCOUNT"
  tags          = { team = var.team }
}

resource "aws_accessanalyzer_archive_rule" "queues" {
  analyzer_name = aws_accessanalyzer_analyzer.payments.analyzer_name
  rule_name     = "queues"
  filter {
    criteria = "resourceType"
    eq       = var.archived
  }
  filter {
    criteria = "isPublic"
    eq       = ["false"]
  }
  filter {
    criteria = "error"
    exists   = false
  }
}
