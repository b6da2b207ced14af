//! The certificate: readable, belonging to its key, and for how long.

use jiff::{SignedDuration, Timestamp};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::validity::not_after;
use super::{Check, told};
use crate::config::Tls;
use crate::http::Transport;

const TLS: &str = "TLS certificate";
/// A certificate that ends sooner is a warning.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 30);

pub(super) fn check(tls: &Tls, now: Timestamp) -> Option<Check> {
    let transport = match tls.transport() {
        Ok(transport) => transport,
        Err(message) => return Some(Check::problem(TLS, message)),
    };
    let Transport::Tls { certificates, .. } = &transport else { return None };
    if let Err(error) = transport.acceptor() {
        return Some(Check::problem(TLS, told(&error)));
    }
    // The first is the service's own.
    let own = CertificateDer::pem_file_iter(certificates).ok()?.next()?.ok()?;
    let name = certificates.display();
    let Some(end) = not_after(&own) else {
        return Some(Check::problem(TLS, format!("`{name}` does not say until when it is valid")));
    };
    Some(match end.duration_since(now) {
        left if left.is_negative() => Check::problem(TLS, format!("`{name}` ended on {end:.0}")),
        left if left < SOON => Check::warning(TLS, format!("`{name}` ends on {end:.0}")),
        _ => Check::ok(TLS, format!("`{name}` is valid until {end:.0}")),
    })
}
