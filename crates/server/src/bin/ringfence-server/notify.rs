//! `ringfence notify`: how notifications read, whether channels work, what waits and what was given up.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use ringfence_response::notification::{
    Notification, NotificationKind, Templates, sample, slack, teams,
};
use ringfence_server::notifications::{NotificationSettings, Notifications, of_finding};
use ringfence_store::{Store, StoreError};

use crate::arguments::DataArguments;
use crate::configuration;
use crate::events::{StoreArguments, block_on};

/// More dead letters are not printed at once.
const PAGE: usize = 100;

/// Shows how notifications read, tests channels, and tries again what was given up
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct NotifyArguments {
    #[command(subcommand)]
    command: NotifyCommand,
}

#[derive(Debug, Subcommand)]
enum NotifyCommand {
    /// Prints a notification as a channel would send it, of a sample or of a stored finding
    Preview(PreviewArguments),
    /// Prints a template as it comes with the program, to start an own one from
    Template {
        /// The template's name; without, all names are printed
        name: Option<String>,
    },
    /// Sends a sample to a channel, now
    Test(TestArguments),
    /// Prints for each channel how many notifications wait, and how many were given up
    Backlog(StoreArguments),
    /// Prints the notifications that a channel could not send, one JSON object a line
    Dead(ChannelArguments),
    /// Makes the notifications due again that a channel could not send
    Replay(ChannelArguments),
}

#[derive(Debug, Args)]
struct PreviewArguments {
    /// Why somebody is told
    #[arg(long, value_name = "KIND", default_value = "resolved", value_parser = kind)]
    kind: NotificationKind,
    /// The form
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    /// A folder of templates
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// The id of a stored finding, or of a queued notification; without, a sample is shown
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
}

/// The form of a preview.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// Subject and plain text
    Text,
    /// The page of a mail
    Html,
    /// The message for Slack
    Slack,
    /// The message for Teams
    Teams,
}

#[derive(Debug, Args)]
struct TestArguments {
    /// The channel's name
    channel: String,
    #[command(flatten)]
    data: DataArguments,
    /// Why somebody is told
    #[arg(long, value_name = "KIND", default_value = "new-finding", value_parser = kind)]
    kind: NotificationKind,
}

#[derive(Debug, Args)]
struct ChannelArguments {
    /// The channel's name
    channel: String,
    #[command(flatten)]
    store: StoreArguments,
}

fn kind(text: &str) -> Result<NotificationKind, String> {
    NotificationKind::parse(text).ok_or_else(|| {
        let names = NotificationKind::ALL.map(NotificationKind::template);
        format!("use one of {}", names.join(", "))
    })
}

pub(crate) fn run(arguments: &NotifyArguments) -> Result<()> {
    match &arguments.command {
        NotifyCommand::Preview(arguments) => preview(arguments),
        NotifyCommand::Template { name } => template(name.as_deref()),
        NotifyCommand::Test(arguments) => test(arguments),
        NotifyCommand::Backlog(store) => block_on(backlog(store)),
        NotifyCommand::Dead(arguments) => block_on(dead(arguments)),
        NotifyCommand::Replay(arguments) => block_on(replay(arguments)),
    }
}

fn preview(arguments: &PreviewArguments) -> Result<()> {
    let settings = NotificationSettings {
        templates: arguments.templates.clone(),
        ..NotificationSettings::default()
    };
    let notifications = Notifications::open(&settings, &|_| None)?;
    let notification = match &arguments.id {
        None => sample(arguments.kind, Timestamp::now()),
        Some(id) => block_on(async {
            let store = arguments.store.open().await?;
            stored(&store, id, arguments.kind).await
        })?,
    };
    let rendered = notifications.render(&notification)?;
    match arguments.format {
        Form::Text => println!("Subject: {}\n\n{}", rendered.subject, rendered.text.trim_end()),
        Form::Html => print!("{}", rendered.html),
        Form::Slack => println!("{}", serde_json::to_string_pretty(&slack(&rendered))?),
        Form::Teams => println!("{}", serde_json::to_string_pretty(&teams(&rendered))?),
    }
    Ok(())
}

/// The queued notification with this id, or one about the finding with this id.
async fn stored(store: &Store, id: &str, kind: NotificationKind) -> Result<Notification> {
    match store.notification(id).await {
        Ok(notification) => return Ok(notification),
        Err(StoreError::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    for analyzer in store.all_analyzers().await? {
        match store.finding(&analyzer.arn, id).await {
            Ok(finding) => return Ok(of_finding(&analyzer, &finding, kind, Timestamp::now())),
            Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    bail!("there is neither a finding nor a notification `{id}`")
}

fn template(name: Option<&str>) -> Result<()> {
    match name {
        None => println!("{}", Templates::names().join("\n")),
        Some(name) => print!(
            "{}",
            Templates::shipped(name).with_context(|| format!("there is no template `{name}`"))?
        ),
    }
    Ok(())
}

fn test(arguments: &TestArguments) -> Result<()> {
    let settings = configuration::of(&arguments.data)?.notifications;
    let notifications = Notifications::open(&settings, &|name| std::env::var(name).ok())?;
    block_on(async {
        for remark in notifications.test(&arguments.channel, arguments.kind).await? {
            eprintln!("warning: {remark}");
        }
        eprintln!("`{}` took a sample", arguments.channel);
        Ok(())
    })
}

async fn backlog(arguments: &StoreArguments) -> Result<()> {
    for (name, own) in arguments.open().await?.notification_backlogs().await? {
        println!("{name}\t{} waiting\t{} given up", own.pending, own.dead);
    }
    Ok(())
}

async fn dead(arguments: &ChannelArguments) -> Result<()> {
    let store = arguments.store.open().await?;
    for own in store.dead_notifications(&arguments.channel, 0, PAGE).await? {
        let line = serde_json::json!({
            "position": own.position,
            "attempts": own.attempts,
            "error": own.error,
            "notification": own.notification,
        });
        println!("{line}");
    }
    Ok(())
}

async fn replay(arguments: &ChannelArguments) -> Result<()> {
    let store = arguments.store.open().await?;
    let number = store.replay_notifications(&arguments.channel, Timestamp::now()).await?;
    eprintln!("{number} notifications are tried again");
    Ok(())
}
