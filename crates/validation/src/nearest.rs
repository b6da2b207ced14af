//! The name that was probably meant.

/// The candidate that differs least from `wanted`, when it is near: one edit for short names, two for others.
/// Upper and lower case are not told apart.
pub(crate) fn nearest<'c>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let limit = if wanted.len() < 5 { 1 } else { 2 };
    let wanted = wanted.to_lowercase();
    let distance = |candidate: &str| strsim::osa_distance(&wanted, &candidate.to_lowercase());
    let near = |candidate: &&str| candidate.len().abs_diff(wanted.len()) <= limit;
    let measured = candidates.into_iter().filter(near).map(|name| (distance(name), name));
    measured.filter(|(distance, _)| *distance <= limit).min().map(|(_, name)| name)
}
