//! One resource, call by call. What cannot be read is noted, and the rest is read all the same.

use std::error::Error;
use std::future::Future;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::pages::{self, Page};
use super::place::{Content, Place};
use crate::failure::{CallError, Cause, Failure};

/// A resource that is being read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    place: &'a Place,
    arn: String,
    /// A call said that the resource is not there any more.
    deleted: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn new(place: &'a Place, arn: String) -> Self {
        Self { place, arn, deleted: false }
    }

    /// The answer of a call, or nothing when it failed, which is noted.
    pub(super) async fn part<T, E>(
        &mut self,
        action: &str,
        sent: impl Future<Output = Result<T, CallError<E>>>,
    ) -> Option<T>
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        self.part_unless(action, &[], sent).await
    }

    /// The same, where some error codes only say that the resource has nothing of the kind.
    pub(super) async fn part_unless<T, E>(
        &mut self,
        action: &str,
        absent: &[&str],
        sent: impl Future<Output = Result<T, CallError<E>>>,
    ) -> Option<T>
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if self.deleted {
            return None;
        }
        match self.place.call(action, sent).await {
            Ok(answer) => Some(answer),
            Err(failure) if absent.contains(&failure.code.as_str()) => None,
            Err(failure) => {
                self.failed(&failure);
                None
            }
        }
    }

    /// All items of a listing that belongs to the resource.
    pub(super) async fn listing<T, P>(
        &mut self,
        action: &str,
        page: impl FnMut(Option<String>) -> P,
    ) -> Vec<T>
    where
        T: std::fmt::Debug,
        P: Future<Output = Result<Page<T>, Failure>>,
    {
        if self.deleted {
            return Vec::new();
        }
        pages::all(action, page).await.unwrap_or_else(|failure| {
            self.failed(&failure);
            Vec::new()
        })
    }

    /// Takes note of a part that could not be read.
    pub(super) fn failed(&mut self, failure: &Failure) {
        self.deleted |= failure.cause == Cause::NotFound;
        self.place.not_read(Some(&self.arn), failure);
    }

    /// Writes what was read, unless the resource is gone.
    pub(super) fn write(self, name: &str, content: Content) {
        if !self.deleted {
            self.place.write(name, &self.arn, content);
        }
    }
}
