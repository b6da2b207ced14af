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

/// A sentence that names it, with a space in front; empty where nothing is near.
pub(crate) fn did_you_mean(found: Option<&str>) -> String {
    found.map_or_else(String::new, |name| format!(" Did you mean `{name}`?"))
}
