//! AWS's `ValidatePolicyFinding` as JSON.
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicyFinding.html>

use crate::validate::issue::learn_more_link;
use ringfence_policy::location::{Location, PathElement, Position, Span};
use ringfence_validation::Finding;
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

/// A finding with AWS's members and no others.
pub(in crate::validate) struct AwsFinding<'f>(pub(in crate::validate) &'f Finding);

impl Serialize for AwsFinding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut finding = serializer.serialize_struct("ValidatePolicyFinding", 5)?;
        serialize_members(&mut finding, self.0, None)?;
        finding.end()
    }
}

/// Writes AWS's members; `places` stand for the spans of the locations where they are given.
pub(super) fn serialize_members<S: SerializeStruct>(
    serializer: &mut S,
    finding: &Finding,
    places: Option<&[Span]>,
) -> Result<(), S::Error> {
    serializer.serialize_field("findingDetails", &finding.details)?;
    serializer.serialize_field("findingType", finding.finding_type.as_str())?;
    serializer.serialize_field("issueCode", finding.issue_code)?;
    serializer.serialize_field("learnMoreLink", &learn_more_link(finding))?;
    let locations = Locations { locations: &finding.locations, places };
    serializer.serialize_field("locations", &locations)
}

struct Locations<'f> {
    locations: &'f [Location],
    places: Option<&'f [Span]>,
}

impl Serialize for Locations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut locations = serializer.serialize_seq(Some(self.locations.len()))?;
        for (index, location) in self.locations.iter().enumerate() {
            let place = self.places.and_then(|places| places.get(index));
            let span = SpanView(place.copied().unwrap_or(location.span));
            locations.serialize_element(&LocationView { path: Path(&location.path), span })?;
        }
        locations.end()
    }
}

#[derive(Serialize)]
struct LocationView<'f> {
    path: Path<'f>,
    span: SpanView,
}

struct Path<'f>(&'f [PathElement]);

impl Serialize for Path<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Step))
    }
}

struct Step<'f>(&'f PathElement);

impl Serialize for Step<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut step = serializer.serialize_map(Some(1))?;
        match self.0 {
            PathElement::Index(index) => step.serialize_entry("index", index)?,
            PathElement::Key(name) => step.serialize_entry("key", name)?,
            PathElement::Value(name) => step.serialize_entry("value", name)?,
        }
        step.end()
    }
}

/// A range of a text as AWS writes it.
pub(super) struct SpanView(pub(super) Span);

impl Serialize for SpanView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut span = serializer.serialize_struct("Span", 2)?;
        span.serialize_field("start", &PositionView(self.0.start))?;
        span.serialize_field("end", &PositionView(self.0.end))?;
        span.end()
    }
}

struct PositionView(Position);

impl Serialize for PositionView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut position = serializer.serialize_struct("Position", 3)?;
        position.serialize_field("line", &self.0.line)?;
        position.serialize_field("column", &self.0.column)?;
        position.serialize_field("offset", &self.0.offset)?;
        position.end()
    }
}
