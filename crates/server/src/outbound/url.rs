//! The URL of a webhook, taken apart once. It may hold a secret, as Slack's do: neither errors nor logs show more of it
//! than its host.

use std::fmt;
use std::net::IpAddr;

use hyper::Uri;

/// An `http` or `https` URL with a host, without a user.
#[derive(Clone)]
pub(crate) struct Url {
    pub(super) scheme: Scheme,
    pub(super) host: String,
    pub(super) port: u16,
    /// What goes into the header `Host`.
    pub(super) authority: String,
    pub(super) path: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
}

impl Url {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let uri: Uri = text.trim().parse().map_err(|_| "it is no URL")?;
        let scheme = match uri.scheme_str() {
            Some("https") => Scheme::Https,
            Some("http") => Scheme::Http,
            _ => return Err("it begins with neither https:// nor http://"),
        };
        let authority = uri.authority().ok_or("it names no host")?;
        if authority.as_str().contains('@') {
            return Err("it holds a user name");
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err("it names no host");
        }
        let standard = if scheme == Scheme::Https { 443 } else { 80 };
        let path = uri.path_and_query().map_or("/", |own| own.as_str());
        Ok(Self {
            scheme,
            host: host.to_owned(),
            port: authority.port_u16().unwrap_or(standard),
            authority: authority.as_str().to_owned(),
            path: path.to_owned(),
        })
    }

    /// The host's address, where it is one and no name.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} {}:{}", self.scheme, self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_are_shown_and_users_are_refused() {
        let url =
            Url::parse("https://hooks.example.com:8443/services/SECRET?token=SECRET").unwrap();
        assert_eq!(format!("{url:?}"), "Https hooks.example.com:8443");
        assert_eq!((url.path.as_str(), url.port), ("/services/SECRET?token=SECRET", 8443));
        let six = Url::parse("http://[::1]/").unwrap();
        assert_eq!((six.address(), six.port), (Some("::1".parse().unwrap()), 80));
        for wrong in [
            "ftp://x/",
            "x",
            "https://",
            "https://user:password@host/",
            "/path",
            "file:///etc/passwd",
        ] {
            assert!(Url::parse(wrong).is_err(), "{wrong}");
        }
    }
}
