#![no_main]

use ringfence_fuzz::parser;

// Half of the inputs are texts as they come, half describe the text of a policy with a few bytes changed.
libfuzzer_sys::fuzz_target!(|data: &[u8]| match data.split_first() {
    Some((first, rest)) if first % 2 == 1 => _ = parser::run_on_policy_text(rest),
    _ => _ = parser::run(data),
});
