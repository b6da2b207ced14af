//! The published paths, as data.
//!
//! The paths and their names, the actions joined by `+`, are those of <https://pathfinding.cloud/paths/>, which gathers
//! and continues the lists that it credits:
//! <https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/>,
//! <https://bishopfox.com/blog/privilege-escalation-in-aws>, <https://github.com/nccgroup/PMapper>. Taken on
//! 2026-11-22. What a step has to be possible on is Ringfence's own decision: see [`Target`].
//!
//! Left out: paths that only read secrets, and those whose service is closed to new customers.

/// Steps that together give the holder privileges it did not have.
#[derive(Debug)]
pub(super) struct Path {
    /// The steps, in the order in which they are taken.
    pub(super) steps: &'static [Step],
}

/// A request that has to be allowed.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    /// The action.
    pub(super) action: &'static str,
    /// The form of the resource's ARN.
    pub(super) resource: &'static str,
    /// Which of these resources count.
    pub(super) target: Target,
    /// What the request has for some keys.
    pub(super) keys: &'static [KeyIs],
}

/// Which resources count as a target of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// Any of the form: the holder makes it, or needs it only to get at another.
    Any,
    /// Any of the form that the policy does not name in full: it may well be the holder itself, or its policy.
    Unnamed,
    /// One that the policy does not know by name, path or tag: only then it may well have more privileges than
    /// whoever wrote the policy had in mind.
    Unrelated,
}

/// What a request has for a key.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyIs {
    /// This value.
    Value(&'static str, &'static str),
    /// None.
    Absent(&'static str),
}

impl Path {
    /// `iam:PassRole + ec2:RunInstances`.
    pub(super) fn name(&self) -> String {
        let actions: Vec<&str> = self.steps.iter().map(|step| step.action).collect();
        actions.join(" + ")
    }
}

impl Step {
    /// What its witness shows.
    pub(super) fn purpose(&self) -> String {
        let service = self.keys.iter().find_map(|key| match key {
            KeyIs::Value("iam:PassedToService", service) => Some(service),
            KeyIs::Value(..) | KeyIs::Absent(_) => None,
        });
        match service {
            Some(service) => format!("{} to {service}", self.action),
            None => self.action.to_owned(),
        }
    }
}

const fn step(action: &'static str, resource: &'static str, target: Target) -> Step {
    Step { action, resource, target, keys: &[] }
}

const fn any(action: &'static str, resource: &'static str) -> Step {
    step(action, resource, Target::Any)
}

const fn unnamed(action: &'static str, resource: &'static str) -> Step {
    step(action, resource, Target::Unnamed)
}

const fn unrelated(action: &'static str, resource: &'static str) -> Step {
    step(action, resource, Target::Unrelated)
}

/// A step on somebody without a permissions boundary, which would bound what is gained.
const fn unbounded(action: &'static str, resource: &'static str) -> Step {
    Step { action, resource, target: Target::Unnamed, keys: NO_BOUNDARY }
}

/// Attaching the policy of administrators to somebody without a permissions boundary.
const fn attach(action: &'static str, resource: &'static str) -> Step {
    Step { action, resource, target: Target::Unnamed, keys: ADMINISTRATOR }
}

/// Passing a role to a service.
const fn pass(to: &'static [KeyIs]) -> Step {
    Step { action: "iam:PassRole", resource: ROLE, target: Target::Unrelated, keys: to }
}

const NO_BOUNDARY: &[KeyIs] = &[KeyIs::Absent("iam:PermissionsBoundary")];
const ADMINISTRATOR: &[KeyIs] = &[
    KeyIs::Value("iam:PolicyARN", "arn:aws:iam::aws:policy/AdministratorAccess"),
    KeyIs::Absent("iam:PermissionsBoundary"),
];

const fn to(service: &'static str) -> KeyIs {
    KeyIs::Value("iam:PassedToService", service)
}

const TO_AGENT_CORE: &[KeyIs] = &[to("bedrock-agentcore.amazonaws.com")];
const TO_APP_RUNNER: &[KeyIs] = &[to("tasks.apprunner.amazonaws.com")];
const TO_CLOUDFORMATION: &[KeyIs] = &[to("cloudformation.amazonaws.com")];
const TO_CODEBUILD: &[KeyIs] = &[to("codebuild.amazonaws.com")];
const TO_DATA_PIPELINE: &[KeyIs] = &[to("datapipeline.amazonaws.com")];
const TO_EC2: &[KeyIs] = &[to("ec2.amazonaws.com")];
const TO_ECS: &[KeyIs] = &[to("ecs-tasks.amazonaws.com")];
const TO_GLUE: &[KeyIs] = &[to("glue.amazonaws.com")];
const TO_LAMBDA: &[KeyIs] = &[to("lambda.amazonaws.com")];
const TO_SAGEMAKER: &[KeyIs] = &[to("sagemaker.amazonaws.com")];
const TO_STEP_FUNCTIONS: &[KeyIs] = &[to("states.amazonaws.com")];

const GROUP: &str = "arn:{partition}:iam::{account}:group/{name}";
const POLICY: &str = "arn:{partition}:iam::{account}:policy/{name}";
const ROLE: &str = "arn:{partition}:iam::{account}:role/{name}";
const USER: &str = "arn:{partition}:iam::{account}:user/{name}";
const BUILD: &str = "arn:{partition}:codebuild:{region}:{account}:project/{name}";
const ENDPOINT: &str = "arn:{partition}:glue:{region}:{account}:devEndpoint/{name}";
const FUNCTION: &str = "arn:{partition}:lambda:{region}:{account}:function:{name}";
const INSTANCE: &str = "arn:{partition}:ec2:{region}:{account}:instance/{name}";
const INTERPRETER: &str =
    "arn:{partition}:bedrock-agentcore:{region}:{account}:code-interpreter-custom/{name}";
const JOB: &str = "arn:{partition}:glue:{region}:{account}:job/{name}";
const MACHINE: &str = "arn:{partition}:states:{region}:{account}:stateMachine:{name}";
const NOTEBOOK: &str = "arn:{partition}:sagemaker:{region}:{account}:notebook-instance/{name}";
const PIPELINE: &str = "arn:{partition}:datapipeline:{region}:{account}:pipeline/{name}";
const RUNNER: &str = "arn:{partition}:apprunner:{region}:{account}:service/{name}/{name}";
const STACK: &str = "arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{name}";
const TASK: &str = "arn:{partition}:ecs:{region}:{account}:task/{name}/{name}";
const TASK_DEFINITION: &str = "arn:{partition}:ecs:{region}:{account}:task-definition/{name}:1";
const ECS_SERVICE: &str = "arn:{partition}:ecs:{region}:{account}:service/{name}/{name}";
const TRAINING: &str = "arn:{partition}:sagemaker:{region}:{account}:training-job/{name}";
const PROCESSING: &str = "arn:{partition}:sagemaker:{region}:{account}:processing-job/{name}";
const MAPPING: &str = "arn:{partition}:lambda:{region}:{account}:event-source-mapping:{name}";
const TRIGGER: &str = "arn:{partition}:glue:{region}:{account}:trigger/{name}";

const fn path(steps: &'static [Step]) -> Path {
    Path { steps }
}

/// Every path: those that change the holder's own permissions, those that take over another principal, those that pass
/// a role to something new, and those that take over something that has a role.
pub(super) const PATHS: &[Path] = &[
    path(&[unnamed("iam:CreatePolicyVersion", POLICY)]),
    path(&[unnamed("iam:SetDefaultPolicyVersion", POLICY)]),
    path(&[attach("iam:AttachUserPolicy", USER)]),
    path(&[attach("iam:AttachGroupPolicy", GROUP)]),
    path(&[attach("iam:AttachRolePolicy", ROLE)]),
    path(&[unbounded("iam:PutUserPolicy", USER)]),
    path(&[unnamed("iam:PutGroupPolicy", GROUP)]),
    path(&[unbounded("iam:PutRolePolicy", ROLE)]),
    path(&[unrelated("iam:AddUserToGroup", GROUP)]),
    path(&[unrelated("iam:CreateAccessKey", USER)]),
    path(&[unrelated("iam:CreateLoginProfile", USER)]),
    path(&[unrelated("iam:UpdateLoginProfile", USER)]),
    path(&[unrelated("iam:UpdateAssumeRolePolicy", ROLE)]),
    path(&[unrelated("sts:AssumeRole", ROLE)]),
    path(&[pass(TO_APP_RUNNER), any("apprunner:CreateService", RUNNER)]),
    path(&[
        pass(TO_AGENT_CORE),
        any("bedrock-agentcore:CreateCodeInterpreter", INTERPRETER),
        any("bedrock-agentcore:StartCodeInterpreterSession", INTERPRETER),
        any("bedrock-agentcore:InvokeCodeInterpreter", INTERPRETER),
    ]),
    path(&[pass(TO_CLOUDFORMATION), any("cloudformation:CreateStack", STACK)]),
    path(&[pass(TO_CLOUDFORMATION), any("cloudformation:UpdateStack", STACK)]),
    path(&[
        pass(TO_CODEBUILD),
        any("codebuild:CreateProject", BUILD),
        any("codebuild:StartBuild", BUILD),
    ]),
    path(&[
        pass(TO_CODEBUILD),
        any("codebuild:CreateProject", BUILD),
        any("codebuild:StartBuildBatch", BUILD),
    ]),
    path(&[
        pass(TO_DATA_PIPELINE),
        any("datapipeline:CreatePipeline", PIPELINE),
        any("datapipeline:PutPipelineDefinition", PIPELINE),
        any("datapipeline:ActivatePipeline", PIPELINE),
    ]),
    path(&[pass(TO_EC2), any("ec2:RunInstances", INSTANCE)]),
    path(&[pass(TO_EC2), any("ec2:RequestSpotInstances", INSTANCE)]),
    path(&[
        pass(TO_ECS),
        any("ecs:RegisterTaskDefinition", TASK_DEFINITION),
        any("ecs:CreateService", ECS_SERVICE),
    ]),
    path(&[
        pass(TO_ECS),
        any("ecs:RegisterTaskDefinition", TASK_DEFINITION),
        any("ecs:RunTask", TASK_DEFINITION),
    ]),
    path(&[
        pass(TO_ECS),
        any("ecs:RegisterTaskDefinition", TASK_DEFINITION),
        any("ecs:StartTask", TASK_DEFINITION),
    ]),
    path(&[pass(TO_GLUE), any("glue:CreateDevEndpoint", ENDPOINT)]),
    path(&[pass(TO_GLUE), any("glue:CreateJob", JOB), any("glue:StartJobRun", JOB)]),
    path(&[pass(TO_GLUE), any("glue:CreateJob", JOB), any("glue:CreateTrigger", TRIGGER)]),
    path(&[pass(TO_GLUE), any("glue:UpdateJob", JOB), any("glue:StartJobRun", JOB)]),
    path(&[pass(TO_GLUE), any("glue:UpdateJob", JOB), any("glue:CreateTrigger", TRIGGER)]),
    path(&[
        pass(TO_LAMBDA),
        any("lambda:CreateFunction", FUNCTION),
        any("lambda:InvokeFunction", FUNCTION),
    ]),
    path(&[
        pass(TO_LAMBDA),
        any("lambda:CreateFunction", FUNCTION),
        any("lambda:CreateEventSourceMapping", MAPPING),
    ]),
    path(&[
        pass(TO_LAMBDA),
        any("lambda:CreateFunction", FUNCTION),
        any("lambda:AddPermission", FUNCTION),
    ]),
    path(&[
        pass(TO_SAGEMAKER),
        any("sagemaker:CreateNotebookInstance", NOTEBOOK),
        any("sagemaker:CreatePresignedNotebookInstanceUrl", NOTEBOOK),
    ]),
    path(&[pass(TO_SAGEMAKER), any("sagemaker:CreateTrainingJob", TRAINING)]),
    path(&[pass(TO_SAGEMAKER), any("sagemaker:CreateProcessingJob", PROCESSING)]),
    path(&[
        pass(TO_STEP_FUNCTIONS),
        any("states:CreateStateMachine", MACHINE),
        any("states:StartExecution", MACHINE),
    ]),
    path(&[unrelated("apprunner:UpdateService", RUNNER)]),
    path(&[unrelated("cloudformation:UpdateStack", STACK)]),
    path(&[
        unrelated("cloudformation:CreateChangeSet", STACK),
        unrelated("cloudformation:ExecuteChangeSet", STACK),
    ]),
    path(&[unrelated("codebuild:StartBuild", BUILD)]),
    path(&[
        unrelated("ec2:ModifyInstanceAttribute", INSTANCE),
        unrelated("ec2:StopInstances", INSTANCE),
        unrelated("ec2:StartInstances", INSTANCE),
    ]),
    path(&[unrelated("ec2-instance-connect:SendSSHPublicKey", INSTANCE)]),
    path(&[unrelated("ecs:ExecuteCommand", TASK)]),
    path(&[unrelated("glue:UpdateDevEndpoint", ENDPOINT)]),
    path(&[unrelated("lambda:UpdateFunctionCode", FUNCTION)]),
    path(&[unrelated("lambda:UpdateFunctionConfiguration", FUNCTION)]),
    path(&[unrelated("sagemaker:CreatePresignedNotebookInstanceUrl", NOTEBOOK)]),
    path(&[unrelated("ssm:SendCommand", INSTANCE)]),
    path(&[unrelated("ssm:StartSession", INSTANCE)]),
];
