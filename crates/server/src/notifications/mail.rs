//! Mail by SMTP: plain text and HTML of the same.

use std::time::Duration;

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use ring::digest::{SHA256, digest};
use ringfence_response::notification::Rendered;

use super::Sent;
use super::settings::{MailSecurity, MailSettings};
use crate::outbound::Environment;

/// Longer the server may not take for one answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A mail server, and who gets mail.
pub(crate) struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    server: String,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Mail({})", self.server)
    }
}

/// Says that no person wrote the mail, so that no program answers it.
/// <https://www.rfc-editor.org/rfc/rfc3834#section-5>
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Mail {
    pub(super) fn new(
        settings: &MailSettings,
        environment: Environment<'_>,
    ) -> Result<Self, String> {
        let mailbox = |text: &String| {
            text.parse::<Mailbox>().map_err(|error| format!("`{text}` is no mail address: {error}"))
        };
        if settings.server.is_empty() {
            return Err("`server` is empty".to_owned());
        }
        if settings.to.is_empty() {
            return Err("`to` names nobody".to_owned());
        }
        Ok(Self {
            transport: transport(settings, environment)?,
            server: settings.server.clone(),
            from: mailbox(&settings.from)?,
            to: settings.to.iter().map(mailbox).collect::<Result<_, _>>()?,
        })
    }

    pub(super) async fn send(&self, rendered: &Rendered, id: &str) -> Sent {
        let message = match self.message(rendered, id) {
            Ok(message) => message,
            Err(error) => return Sent::Refused(format!("no mail can be made of it: {error}")),
        };
        match self.transport.send(message).await {
            Ok(_) => Sent::Taken,
            Err(error) => {
                let told = told(&error);
                // That a mailbox is not there, or that a mail is not wanted; what else is permanent is about us.
                let is_refused = error.status().is_some_and(|code| {
                    let code: u16 = code.into();
                    (550..=554).contains(&code)
                });
                if is_refused { Sent::Refused(told) } else { Sent::Unavailable(told) }
            }
        }
    }

    fn message(&self, rendered: &Rendered, id: &str) -> Result<Message, lettre::error::Error> {
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(&rendered.subject)
            .header(AutoSubmitted)
            .message_id(Some(self.message_id(id)));
        for to in &self.to {
            message = message.to(to.clone());
        }
        message.multipart(MultiPart::alternative_plain_html(
            rendered.text.clone(),
            rendered.html.clone(),
        ))
    }

    /// The same for a mail that is sent again, so that a mailbox may drop it.
    fn message_id(&self, id: &str) -> String {
        let hash = digest(&SHA256, id.as_bytes());
        let hex: String = hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("<{hex}.ringfence@{}>", self.from.email.domain())
    }
}

fn transport(
    settings: &MailSettings,
    environment: Environment<'_>,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let server = settings.server.as_str();
    let tls = match settings.security {
        MailSecurity::Starttls => Tls::Required(tls(settings)?),
        MailSecurity::Tls => Tls::Wrapper(tls(settings)?),
        MailSecurity::None => Tls::None,
    };
    let standard = match settings.security {
        MailSecurity::Starttls => 587,
        MailSecurity::Tls => 465,
        MailSecurity::None => 25,
    };
    let timeout = settings.timeout_seconds.map_or(TIMEOUT, Duration::from_secs);
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server)
        .port(settings.port.unwrap_or(standard))
        .timeout(Some(timeout))
        .tls(tls);
    match (&settings.user, &settings.password) {
        (None, None) => {}
        (Some(_), Some(_)) if settings.security == MailSecurity::None => {
            return Err("a password needs `security` to be `starttls` or `tls`".to_owned());
        }
        (Some(user), Some(password)) => {
            let password = password.read(environment)?;
            let credentials = Credentials::new(user.clone(), password.reveal().to_owned());
            builder = builder.credentials(credentials);
        }
        (Some(_), None) | (None, Some(_)) => {
            return Err("`user` and `password` belong together".to_owned());
        }
    }
    Ok(builder.build())
}

fn tls(settings: &MailSettings) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(settings.server.clone());
    if let Some(path) = &settings.ca_file {
        let failed = |reason: String| {
            format!("the certificates in `{}` cannot be used: {reason}", path.display())
        };
        let pem = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        let own = Certificate::from_pem(&pem).map_err(|error| failed(error.to_string()))?;
        builder = builder.add_root_certificate(own);
    }
    builder.build().map_err(|error| format!("TLS cannot be set up: {error}"))
}

/// The error and its causes; SMTP's errors say little by themselves.
fn told(error: &lettre::transport::smtp::Error) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        let own = error.to_string();
        if !text.contains(&own) {
            text.push_str(": ");
            text.push_str(&own);
        }
        next = error.source();
    }
    text
}
