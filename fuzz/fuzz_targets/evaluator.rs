#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = ringfence_fuzz::evaluator::run(data);
});
