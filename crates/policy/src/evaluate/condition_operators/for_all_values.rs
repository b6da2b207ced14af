#![doc = include_str!("for_all_values.md")]

pub(in crate::evaluate) fn every_value_passes(
    values: &[String],
    accepts: impl Fn(&str) -> bool,
) -> bool {
    values.iter().all(|value| accepts(value))
}
