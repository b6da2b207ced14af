//! Numbers that look random and are the same for the same seed.

/// SplitMix64: <https://prng.di.unimi.it/splitmix64.c>.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Numbers of their own for one of many things that are made with one seed.
    pub(super) fn of(seed: u64, thing: u64) -> Self {
        let mut random = Self(seed ^ thing.wrapping_mul(0xD1B5_4A32_D192_ED03));
        random.next();
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 when that is 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        match u64::try_from(limit) {
            Ok(limit) if limit > 0 => usize::try_from(self.next() % limit).unwrap_or(0),
            _ => 0,
        }
    }

    /// True `share` times in a thousand.
    pub(super) fn permille(&mut self, share: usize) -> bool {
        self.below(1000) < share
    }

    /// One of `of`, which must not be empty.
    #[expect(clippy::indexing_slicing, reason = "the number is below the length")]
    pub(super) fn pick<'v, T>(&mut self, of: &'v [T]) -> &'v T {
        &of[self.below(of.len())]
    }

    /// One to `most` of `of`, in their order.
    pub(super) fn some<T: Copy>(&mut self, of: &[T], most: usize) -> Vec<T> {
        let wanted = 1 + self.below(most.min(of.len()));
        let start = self.below(of.len() + 1 - wanted.min(of.len()));
        of.iter().skip(start).take(wanted).copied().collect()
    }

    /// `length` hexadecimal digits.
    pub(super) fn hexadecimal(&mut self, length: usize) -> String {
        let mut digits = String::with_capacity(length + 16);
        while digits.len() < length {
            digits.push_str(&format!("{:016x}", self.next()));
        }
        digits.truncate(length);
        digits
    }

    /// Twelve digits that do not begin with 0.
    pub(super) fn account_id(&mut self) -> String {
        (100_000_000_000 + self.next() % 900_000_000_000).to_string()
    }
}
