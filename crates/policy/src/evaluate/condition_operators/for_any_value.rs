#![doc = include_str!("for_any_value.md")]

pub(in crate::evaluate) fn some_value_passes(
    values: &[String],
    accepts: impl Fn(&str) -> bool,
) -> bool {
    values.iter().any(|value| accepts(value))
}
