//! Block Public Access of a bucket.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>. Only what the finding
//! needs is switched on: IgnorePublicAcls for access control lists, RestrictPublicBuckets for policies.

use ringfence_access::inventory::PublicAccessBlock;
use ringfence_access::observation::Source;

use crate::plan::Means;
use crate::resolution::candidate::Candidate;
use crate::resolution::case::Case;
use crate::resolution::slot_text;
use crate::slot::Slot;

/// Blocking, where the finding is public.
pub(in crate::resolution) fn block(case: &Case<'_>) -> Option<Candidate> {
    let slot = Slot::BucketPublicAccessBlock;
    if !case.was_read(&slot) || !case.access.iter().all(|own| own.is_public) {
        return None;
    }
    let before = match case.text(&slot) {
        Some(text) => slot_text::read_public_access_block(text).ok()?,
        None => PublicAccessBlock::default(),
    };
    let mut after = before;
    for source in case.access.iter().flat_map(|own| &own.sources) {
        match source {
            Source::BucketAcl => after.ignore_public_acls = true,
            Source::Policy | Source::S3AccessPoint(_) | Source::S3AccessPointAccount(_) => {
                after.restrict_public_buckets = true;
            }
        }
    }
    let text = slot_text::public_access_block(after);
    (after != before).then(|| Candidate::of(case, Means::Block, &slot, Some(text)))
}
