//! What a request says about its signature.

use hyper::HeaderMap;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::SignatureError;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Longer than the seven days that AWS accepts, no link is valid.
const MAX_EXPIRES_SECONDS: i64 = 7 * 24 * 3600;

/// The parts of the query that belong to the signature.
pub(super) const QUERY_MEMBERS: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

/// What a client claims.
pub(crate) struct Claim {
    /// The id of the key.
    pub(crate) access_key_id: String,
    /// The date of the credential's scope, `20150830`.
    pub(super) date: String,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) signed_at: Timestamp,
    /// How long the signature is valid; only of those in a query.
    pub(super) expires_seconds: Option<i64>,
    /// In lower case, in the client's order.
    pub(super) signed_headers: Vec<String>,
    /// Not for logs: whoever reads it can send the request again.
    pub(super) signature: String,
    pub(super) place: Place,
}

/// Where the signature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Header,
    Query,
}

impl Claim {
    /// Reads the claim of a request.
    ///
    /// # Errors
    /// `Missing` where there is none, `Malformed` where it cannot be read, `Refused` for two of them and for session
    /// tokens.
    pub(crate) fn read(headers: &HeaderMap, query: &str) -> Result<Self, SignatureError> {
        let query: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let in_query = |name: &str| query.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        if headers.contains_key("x-amz-security-token") || in_query("X-Amz-Security-Token") {
            let message = "session tokens are not accepted; use a key of `ringfence keys create`";
            return Err(SignatureError::Refused(message.to_owned()));
        }
        let in_header = headers.contains_key("authorization");
        match (in_header, in_query("X-Amz-Signature") || in_query("X-Amz-Algorithm")) {
            (true, true) => {
                let message = "the request is signed both in a header and in the query";
                Err(SignatureError::Refused(message.to_owned()))
            }
            (true, false) => Self::from_header(headers),
            (false, true) => Self::from_query(&query),
            (false, false) => Err(SignatureError::Missing),
        }
    }

    fn from_header(headers: &HeaderMap) -> Result<Self, SignatureError> {
        let text = only(headers, "authorization")?;
        let Some((algorithm, rest)) = text.split_once(' ') else {
            return Err(malformed("the header Authorization has one word only"));
        };
        require_algorithm(algorithm)?;
        let mut members: [Option<&str>; 3] = [None; 3];
        for part in rest.split(',') {
            let (name, value) = part.trim().split_once('=').unwrap_or((part.trim(), ""));
            let names = ["Credential", "SignedHeaders", "Signature"];
            let slot = names.iter().position(|own| *own == name).and_then(|at| members.get_mut(at));
            match slot {
                Some(slot @ None) => *slot = Some(value),
                Some(Some(_)) => return Err(malformed("a part of Authorization is there twice")),
                None => return Err(malformed("the header Authorization has an unknown part")),
            }
        }
        let [Some(credential), Some(signed_headers), Some(signature)] = members else {
            return Err(malformed("Authorization needs Credential, SignedHeaders and Signature"));
        };
        let date = only(headers, "x-amz-date")?;
        Self::new(Place::Header, credential, signed_headers, signature, date, None)
    }

    fn from_query(query: &[(String, String)]) -> Result<Self, SignatureError> {
        let member = |name: &str| {
            let mut found = query.iter().filter(|(own, _)| own == name);
            match (found.next(), found.next()) {
                (Some((_, value)), None) => Ok(value.as_str()),
                (None, _) => Err(malformed(&format!("the query has no {name}"))),
                (Some(_), Some(_)) => Err(malformed(&format!("the query has {name} twice"))),
            }
        };
        require_algorithm(member("X-Amz-Algorithm")?)?;
        let expires = member("X-Amz-Expires")?.parse::<i64>().ok();
        let Some(expires) = expires.filter(|own| (1..=MAX_EXPIRES_SECONDS).contains(own)) else {
            return Err(malformed("X-Amz-Expires is a number of seconds up to seven days"));
        };
        Self::new(
            Place::Query,
            member("X-Amz-Credential")?,
            member("X-Amz-SignedHeaders")?,
            member("X-Amz-Signature")?,
            member("X-Amz-Date")?,
            Some(expires),
        )
    }

    fn new(
        place: Place,
        credential: &str,
        signed_headers: &str,
        signature: &str,
        signed_at: &str,
        expires_seconds: Option<i64>,
    ) -> Result<Self, SignatureError> {
        let parts: Vec<&str> = credential.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = parts.as_slice() else {
            return Err(malformed("the credential is KEY/DATE/REGION/SERVICE/aws4_request"));
        };
        let signed_headers: Vec<String> = signed_headers.split(';').map(str::to_owned).collect();
        let is_name = |name: &String| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase())
        };
        if !signed_headers.iter().all(is_name) || !signed_headers.is_sorted() {
            return Err(malformed("SignedHeaders are names in lower case and in order"));
        }
        Ok(Self {
            access_key_id: (*access_key_id).to_owned(),
            date: (*date).to_owned(),
            region: (*region).to_owned(),
            service: (*service).to_owned(),
            signed_at: moment(signed_at)?,
            expires_seconds,
            signed_headers,
            signature: signature.to_owned(),
            place,
        })
    }
}

/// The value of a header that is there once.
pub(super) fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h str, SignatureError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => {
            value.to_str().map_err(|_| malformed(&format!("the header {name} is not ASCII")))
        }
        (None, _) => Err(malformed(&format!("the header {name} is missing"))),
        (Some(_), Some(_)) => Err(malformed(&format!("the header {name} is there twice"))),
    }
}

fn require_algorithm(name: &str) -> Result<(), SignatureError> {
    match name {
        ALGORITHM => Ok(()),
        _ => Err(SignatureError::Refused(format!("the way of signing must be {ALGORITHM}"))),
    }
}

/// `20150830T123600Z`.
fn moment(text: &str) -> Result<Timestamp, SignatureError> {
    let moment = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok().filter(|_| text.len() == 16);
    let moment = moment.and_then(|own| own.to_zoned(TimeZone::UTC).ok());
    moment.map(|own| own.timestamp()).ok_or_else(|| malformed("the time is not YYYYMMDDTHHMMSSZ"))
}

fn malformed(message: &str) -> SignatureError {
    SignatureError::Malformed(message.to_owned())
}
