//! Listings, page by page, each of which has to end.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::future::Future;
use std::hash::{Hash, Hasher};

use futures_util::StreamExt;
use futures_util::stream;

use crate::failure::{Cause, Failure};

/// Pages without anything new after which a listing is given up. Services do answer with empty pages when few of many
/// resources are the caller's.
const MAX_STALE_PAGES: usize = 1_000;

/// Pages after which a listing is given up, whatever they hold.
const MAX_PAGES: usize = 200_000;

/// How many resources of one listing are read at once. The permits of [`super::limits`] bound their calls further.
const AT_ONCE: usize = 16;

/// A page of a listing.
pub(crate) struct Page<T> {
    /// What is on it.
    pub(crate) items: Vec<T>,
    /// What asks for the next page.
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// The page of an answer that has an optional list and an optional token.
    pub(crate) fn new(items: Option<Vec<T>>, next: Option<String>) -> Self {
        Self { items: items.unwrap_or_default(), next }
    }
}

/// Fetches page after page and hands over each item; a page is done before the next is fetched, so memory holds one.
///
/// # Errors
/// When a page cannot be read, or the pages do not end. What came before was handed over.
pub(crate) async fn each<T, P, F>(
    action: &str,
    mut page: impl FnMut(Option<String>) -> P,
    mut item: impl FnMut(T) -> F,
) -> Result<(), Failure>
where
    T: std::fmt::Debug,
    P: Future<Output = Result<Page<T>, Failure>>,
    F: Future<Output = ()>,
{
    let mut progress = Progress::default();
    let mut token = None;
    loop {
        let Page { items, next } = page(token).await?;
        progress.page(action, &items, next.as_deref())?;
        stream::iter(items).for_each_concurrent(AT_ONCE, &mut item).await;
        match next.filter(|next| !next.is_empty()) {
            Some(next) => token = Some(next),
            None => return Ok(()),
        }
    }
}

/// All items of a listing that is known to be short.
pub(crate) async fn all<T, P>(
    action: &str,
    mut page: impl FnMut(Option<String>) -> P,
) -> Result<Vec<T>, Failure>
where
    T: std::fmt::Debug,
    P: Future<Output = Result<Page<T>, Failure>>,
{
    let mut progress = Progress::default();
    let (mut all, mut token) = (Vec::new(), None);
    loop {
        let Page { items, next } = page(token).await?;
        progress.page(action, &items, next.as_deref())?;
        all.extend(items);
        match next.filter(|next| !next.is_empty()) {
            Some(next) => token = Some(next),
            None => return Ok(all),
        }
    }
}

/// Notices pages that lead in a circle.
#[derive(Default)]
pub(crate) struct Progress {
    tokens: HashSet<u64>,
    contents: HashSet<u64>,
    pages: usize,
    stale: usize,
}

impl Progress {
    /// Takes note of a page.
    ///
    /// # Errors
    /// When its token came before, or there is nothing new for too long.
    pub(crate) fn page<T: std::fmt::Debug>(
        &mut self,
        action: &str,
        items: &[T],
        next: Option<&str>,
    ) -> Result<(), Failure> {
        let endless = |detail: &str| Err(Failure::new(action, Cause::Endless, detail));
        self.pages += 1;
        let Some(next) = next.filter(|next| !next.is_empty()) else { return Ok(()) };
        if items.is_empty() || !self.contents.insert(hash(&format!("{items:?}"))) {
            self.stale += 1;
        }
        if !self.tokens.insert(hash(next)) {
            return endless("a token of the listing came twice");
        }
        if self.stale > MAX_STALE_PAGES || self.pages > MAX_PAGES {
            return endless("page follows page without anything new");
        }
        Ok(())
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_and_repetition_end() {
        let mut circle = Progress::default();
        assert!(circle.page("a:B", &[1], Some("x")).is_ok());
        assert!(circle.page("a:B", &[2], Some("y")).is_ok());
        assert_eq!(circle.page("a:B", &[3], Some("x")).unwrap_err().cause, Cause::Endless);

        let mut repeated = Progress::default();
        let ended = (0..2_000).find(|n| repeated.page("a:B", &[1], Some(&n.to_string())).is_err());
        assert_eq!(ended, Some(MAX_STALE_PAGES + 1));
    }
}
