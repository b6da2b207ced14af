//! The types of resources that external access findings exist for.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html>

use std::fmt;

macro_rules! resource_types {
    ($($variant:ident $name:literal $member:literal),* $(,)?) => {
        /// A type of resource. The names are those of AWS's `ResourceType`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each is AWS's type of that name")]
        pub enum ResourceType { $($variant),* }

        impl ResourceType {
            /// All types.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The CloudFormation name, `AWS::S3::Bucket`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The member of AWS's `Configuration` union for the type, `s3Bucket`; types that the union
            /// lacks are named in its style.
            #[must_use]
            pub fn configuration_member(self) -> &'static str {
                match self { $(Self::$variant => $member),* }
            }
        }
    };
}

resource_types!(
    S3Bucket "AWS::S3::Bucket" "s3Bucket",
    S3ExpressDirectoryBucket "AWS::S3Express::DirectoryBucket" "s3ExpressDirectoryBucket",
    IamRole "AWS::IAM::Role" "iamRole",
    KmsKey "AWS::KMS::Key" "kmsKey",
    LambdaFunction "AWS::Lambda::Function" "lambdaFunction",
    LambdaLayerVersion "AWS::Lambda::LayerVersion" "lambdaLayerVersion",
    SqsQueue "AWS::SQS::Queue" "sqsQueue",
    SnsTopic "AWS::SNS::Topic" "snsTopic",
    SecretsManagerSecret "AWS::SecretsManager::Secret" "secretsManagerSecret",
    EfsFileSystem "AWS::EFS::FileSystem" "efsFileSystem",
    EcrRepository "AWS::ECR::Repository" "ecrRepository",
    Ec2Snapshot "AWS::EC2::Snapshot" "ebsSnapshot",
    RdsDbSnapshot "AWS::RDS::DBSnapshot" "rdsDbSnapshot",
    RdsDbClusterSnapshot "AWS::RDS::DBClusterSnapshot" "rdsDbClusterSnapshot",
    DynamodbTable "AWS::DynamoDB::Table" "dynamodbTable",
    DynamodbStream "AWS::DynamoDB::Stream" "dynamodbStream",
);

impl ResourceType {
    /// The type with this CloudFormation name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|candidate| candidate.as_str() == name)
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
