//! The file of known partners: whom accounts outside belong to, who answers for the relation, until when.
//!
//! ```toml
//! [[partner]]
//! vendor = "Example Observability"
//! owner = "platform@example.com"
//! expires = 2027-03-31
//! accounts = ["999988887777"]
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use ringfence_policy::AccountId;
use serde::Deserialize;
use toml::Spanned;

use crate::context::Partner;
use crate::place::place_of;

/// The known partners, by account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partners {
    accounts: BTreeMap<AccountId, Partner>, // INVARIANT: read from a file in which no account stands twice.
}

/// Something in a file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct PartnerProblem {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it, for a person.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    partner: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    vendor: Spanned<String>,
    owner: Spanned<String>,
    expires: Spanned<toml::value::Datetime>,
    accounts: Spanned<Vec<Spanned<String>>>,
}

impl Partners {
    /// Reads the text of `file`.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the lines; then none of it is used.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<PartnerProblem>> {
        let problem = |at: Option<Range<usize>>, reason: String| PartnerProblem {
            file: file.to_owned(),
            line: place_of(text, at.map_or(0, |at| at.start)).0,
            reason,
        };
        let document: Document = toml::from_str(text)
            .map_err(|error| vec![problem(error.span(), error.message().to_owned())])?;
        let mut problems = Vec::new();
        let mut accounts: BTreeMap<AccountId, Partner> = BTreeMap::new();
        for Entry { vendor, owner, expires, accounts: named } in document.partner {
            for (name, own) in [("vendor", &vendor), ("owner", &owner)] {
                if own.get_ref().trim().is_empty() {
                    problems.push(problem(Some(own.span()), format!("`{name}` is empty")));
                }
            }
            if named.get_ref().is_empty() {
                problems.push(problem(Some(named.span()), "`accounts` is empty".to_owned()));
            }
            let Some(date) = date(*expires.get_ref()) else {
                let reason = format!("`{}` is no date as 2027-03-31", expires.get_ref());
                problems.push(problem(Some(expires.span()), reason));
                continue;
            };
            let partner =
                Partner { vendor: vendor.into_inner(), owner: owner.into_inner(), expires: date };
            for account in named.into_inner() {
                let span = account.span();
                let Some(id) = AccountId::new(account.get_ref()) else {
                    let reason = format!("`{}` is no account id of 12 digits", account.get_ref());
                    problems.push(problem(Some(span), reason));
                    continue;
                };
                if let Some(other) = accounts.get(&id) {
                    let reason = format!("account {id} is given to `{}` already", other.vendor);
                    problems.push(problem(Some(span), reason));
                    continue;
                }
                accounts.insert(id, partner.clone());
            }
        }
        problems.sort();
        if problems.is_empty() { Ok(Self { accounts }) } else { Err(problems) }
    }

    /// The partner that an account belongs to, also one whose time is over.
    #[must_use]
    pub fn of(&self, account: &str) -> Option<&Partner> {
        self.accounts.get(&AccountId::new(account)?)
    }

    /// How many accounts are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }
}

fn date(value: toml::value::Datetime) -> Option<jiff::civil::Date> {
    if value.time.is_some() || value.offset.is_some() {
        return None;
    }
    let date = value.date?;
    jiff::civil::Date::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_who_an_account_belongs_to() {
        let text = "[[partner]]\nvendor = \"Acme\"\nowner = \"team@example.com\"\n\
                    expires = 2027-03-31\naccounts = [\"999988887777\"]\n";
        let partners = Partners::read("partners.toml", text).unwrap();
        let found = partners.of("999988887777").unwrap();
        assert_eq!(
            (found.vendor.as_str(), found.expires.to_string().as_str()),
            ("Acme", "2027-03-31")
        );
        assert_eq!(partners.of("111122223333"), None);
        assert!(!found.is_expired("2027-03-31T23:59:59Z".parse().unwrap()));
        assert!(found.is_expired("2027-04-01T00:00:00Z".parse().unwrap()));
        assert!(Partners::read("partners.toml", "").unwrap().is_empty());
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let text = "[[partner]]\nvendor = \"Acme\"\nowner = \" \"\nexpires = 2027-03-31T00:00:00Z\n\
                    accounts = [\"1\"]\n[[partner]]\nvendor = \"B\"\nowner = \"b\"\nexpires = 2027-01-01\n\
                    accounts = [\"999988887777\",\n  \"999988887777\", \"12\"]\n";
        let problems = Partners::read("partners.toml", text).unwrap_err();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "partners.toml:3: `owner` is empty",
                "partners.toml:4: `2027-03-31T00:00:00Z` is no date as 2027-03-31",
                "partners.toml:11: `12` is no account id of 12 digits",
                "partners.toml:11: account 999988887777 is given to `B` already",
            ]
        );
        for (text, line) in [("[[partner]]\nvendors = 1\n", 2), ("\n\n[[", 3)] {
            assert_eq!(Partners::read("p", text).unwrap_err()[0].line, line, "{text}");
        }
    }
}
