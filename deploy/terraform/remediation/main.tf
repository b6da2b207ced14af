# A role that changes what Ringfence's resolutions change of an account, and what the reading role needs besides to look at
# one resource. Apply it after the collector's role.

terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
}

variable "role_name" {
  description = "The name of the remediation role in Ringfence's settings."
  type        = string
  default     = "RingfenceRemediation"
}

variable "reading_role_name" {
  description = "The role that reads, which stands already."
  type        = string
  default     = "RingfenceCollector"
}

variable "trusted_principal" {
  description = "ARN of the role or user that runs Ringfence."
  type        = string
}

variable "external_id" {
  description = "What Ringfence has to give; null for none."
  type        = string
  default     = null
}

variable "allow_role_deletion" {
  description = "Whether roles may be deleted and made again. Whoever may make roles and give them policies can do everything in the account."
  type        = bool
  default     = false
}

data "aws_partition" "current" {}

locals {
  own_roles = [
    "arn:${data.aws_partition.current.partition}:iam::*:role/${var.reading_role_name}",
    "arn:${data.aws_partition.current.partition}:iam::*:role/${var.role_name}",
    var.trusted_principal,
  ]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.trusted_principal]
    }
    dynamic "condition" {
      for_each = var.external_id == null ? [] : [var.external_id]
      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "remediation" {
  statement {
    sid = "ReadAndChangeWhatDecidesAboutAccess"
    actions = [
      "access-analyzer:CreateArchiveRule",
      "access-analyzer:StartResourceScan",
      "access-analyzer:UpdateFindings",
      "dynamodb:DeleteResourcePolicy",
      "dynamodb:GetResourcePolicy",
      "dynamodb:PutResourcePolicy",
      "ec2:DescribeSnapshotAttribute",
      "ec2:ModifySnapshotAttribute",
      "ecr:DeleteRepositoryPolicy",
      "ecr:GetRepositoryPolicy",
      "ecr:SetRepositoryPolicy",
      "elasticfilesystem:DeleteFileSystemPolicy",
      "elasticfilesystem:DescribeFileSystemPolicy",
      "elasticfilesystem:PutFileSystemPolicy",
      "iam:GetRole",
      "iam:UpdateAssumeRolePolicy",
      "kms:CreateGrant",
      "kms:GetKeyPolicy",
      "kms:ListGrants",
      "kms:PutKeyPolicy",
      "kms:RevokeGrant",
      "lambda:AddLayerVersionPermission",
      "lambda:AddPermission",
      "lambda:GetLayerVersionPolicy",
      "lambda:GetPolicy",
      "lambda:RemoveLayerVersionPermission",
      "lambda:RemovePermission",
      "rds:DescribeDBClusterSnapshotAttributes",
      "rds:DescribeDBSnapshotAttributes",
      "rds:ModifyDBClusterSnapshotAttribute",
      "rds:ModifyDBSnapshotAttribute",
      "s3:DeleteAccessPointPolicy",
      "s3:DeleteBucketPolicy",
      "s3:DescribeMultiRegionAccessPointOperation",
      "s3:GetAccessPointPolicy",
      "s3:GetBucketAcl",
      "s3:GetBucketPolicy",
      "s3:GetBucketPublicAccessBlock",
      "s3:GetMultiRegionAccessPointPolicy",
      "s3:ListAccessPoints",
      "s3:ListMultiRegionAccessPoints",
      "s3:PutAccessPointPolicy",
      "s3:PutBucketAcl",
      "s3:PutBucketPolicy",
      "s3:PutBucketPublicAccessBlock",
      "s3:PutMultiRegionAccessPointPolicy",
      "s3express:DeleteAccessPointPolicy",
      "s3express:DeleteBucketPolicy",
      "s3express:GetAccessPointPolicy",
      "s3express:GetBucketPolicy",
      "s3express:ListAccessPointsForDirectoryBuckets",
      "s3express:PutAccessPointPolicy",
      "s3express:PutBucketPolicy",
      "secretsmanager:DeleteResourcePolicy",
      "secretsmanager:GetResourcePolicy",
      "secretsmanager:PutResourcePolicy",
      "sns:GetTopicAttributes",
      "sns:SetTopicAttributes",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:SetQueueAttributes",
    ]
    resources = ["*"]
  }
  statement {
    sid    = "NotOurOwnRoles"
    effect = "Deny"
    actions = [
      "iam:UpdateAssumeRolePolicy",
    ]
    resources = local.own_roles
  }
  statement {
    sid    = "NotProtectedRoles"
    effect = "Deny"
    actions = [
      "iam:UpdateAssumeRolePolicy",
    ]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/RingfenceProtected"
      values   = ["true"]
    }
  }
  statement {
    sid       = "NotIntoOtherRoles"
    effect    = "Deny"
    actions   = ["sts:AssumeRole"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "role_deletion" {
  statement {
    sid = "DeleteRolesAndMakeThemAgain"
    actions = [
      "iam:AddRoleToInstanceProfile",
      "iam:AttachRolePolicy",
      "iam:CreateRole",
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "iam:DetachRolePolicy",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "iam:PutRolePermissionsBoundary",
      "iam:PutRolePolicy",
      "iam:RemoveRoleFromInstanceProfile",
      "iam:TagRole",
    ]
    resources = ["*"]
  }
  statement {
    sid       = "PutRolesBackIntoInstanceProfiles"
    actions   = ["iam:PassRole"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ec2.amazonaws.com"]
    }
  }
  statement {
    sid    = "NotOurOwnRoles"
    effect = "Deny"
    actions = [
      "iam:AddRoleToInstanceProfile",
      "iam:AttachRolePolicy",
      "iam:CreateRole",
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "iam:DetachRolePolicy",
      "iam:PassRole",
      "iam:PutRolePermissionsBoundary",
      "iam:PutRolePolicy",
      "iam:RemoveRoleFromInstanceProfile",
      "iam:TagRole",
    ]
    resources = local.own_roles
  }
  statement {
    sid    = "NotProtectedRoles"
    effect = "Deny"
    actions = [
      "iam:AddRoleToInstanceProfile",
      "iam:AttachRolePolicy",
      "iam:CreateRole",
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "iam:DetachRolePolicy",
      "iam:PassRole",
      "iam:PutRolePermissionsBoundary",
      "iam:PutRolePolicy",
      "iam:RemoveRoleFromInstanceProfile",
      "iam:TagRole",
    ]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/RingfenceProtected"
      values   = ["true"]
    }
  }
}

data "aws_iam_policy_document" "reading" {
  statement {
    sid = "ReadOneResourceAndItsHistory"
    actions = [
      "access-analyzer:GetFinding",
      "cloudtrail:LookupEvents",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "lambda:GetFunctionConfiguration",
      "secretsmanager:DescribeSecret",
      "sqs:GetQueueUrl",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role" "remediation" {
  name                 = var.role_name
  description          = "Assumed by Ringfence to close the access that findings are about, and to undo that."
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "remediation" {
  name   = "remediation"
  role   = aws_iam_role.remediation.id
  policy = data.aws_iam_policy_document.remediation.json
}

resource "aws_iam_role_policy" "role_deletion" {
  count  = var.allow_role_deletion ? 1 : 0
  name   = "role-deletion"
  role   = aws_iam_role.remediation.id
  policy = data.aws_iam_policy_document.role_deletion.json
}

resource "aws_iam_role_policy" "reading" {
  name   = "read-live"
  role   = var.reading_role_name
  policy = data.aws_iam_policy_document.reading.json
}

output "role_arn" {
  value = aws_iam_role.remediation.arn
}
