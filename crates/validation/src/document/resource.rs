//! Patterns of Resource and NotResource.

use std::cell::OnceCell;

use super::element::Text;
use crate::arn::{ArnText, Fit};

/// One string of Resource or NotResource.
#[derive(Debug)]
pub(crate) struct ResourcePattern<'d> {
    pub(crate) text: Text<'d>,
    /// Its fields, when it is an ARN with all of them.
    pub(crate) arn: Option<ArnText<'d>>,
    fit: OnceCell<Fit>,
}

impl<'d> ResourcePattern<'d> {
    pub(crate) fn new(text: Text<'d>) -> Self {
        Self { text, arn: ArnText::parse(text.value), fit: OnceCell::new() }
    }

    /// Whether it is nothing but stars.
    pub(crate) fn is_everything(&self) -> bool {
        !self.text.value.is_empty() && self.text.value.bytes().all(|byte| byte == b'*')
    }

    /// What the documented forms of ARNs of its service say about it. It takes a look at each form, so callers ask for
    /// what is cheap first.
    pub(crate) fn fit(&self) -> Fit {
        *self.fit.get_or_init(|| self.arn.map_or(Fit::Unknown, |arn| arn.fit()))
    }
}
