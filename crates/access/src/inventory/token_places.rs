//! Where the tokens of a document stand in the template that it is worked out from.

use ringfence_policy::location::Position;

/// The places of tokens, by their offsets in the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenPlaces {
    places: Vec<(usize, Position)>, // INVARIANT: ordered by offset.
    pub(super) unknown: Vec<Position>,
}

impl TokenPlaces {
    /// A token starts or ends at `offset`, in bytes, which stands at `position` of the template. Offsets are added in
    /// their order; of several at one offset the last counts.
    pub fn add(&mut self, offset: usize, position: Position) {
        match self.places.last_mut() {
            Some((last, place)) if *last == offset => *place = position,
            Some((last, _)) if *last > offset => {}
            Some(_) | None => self.places.push((offset, position)),
        }
    }

    /// What stands at this position is not known before deployment; the document has something in its place.
    pub fn add_unknown(&mut self, position: Position) {
        self.unknown.push(position);
    }

    /// Where the byte at `offset` of the document stands: at the start of its token.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let behind = self.places.partition_point(|(own, _)| *own <= offset as usize);
        let found = behind.checked_sub(1).and_then(|index| self.places.get(index));
        let top = Position { line: 1, column: 0, offset: 0 };
        found.or(self.places.first()).map_or(top, |(_, position)| *position)
    }
}
