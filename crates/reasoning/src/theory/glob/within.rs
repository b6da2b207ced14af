//! Whether one pattern lies within another, as far as that is seen without a walk.

use super::{Glob, Places, Symbol};

impl Glob {
    /// Whether every text that this pattern matches is seen to match `other`. False says nothing.
    ///
    /// `other` reads this pattern symbol by symbol; a wildcard counts as read only where `other` takes
    /// every character that it stands for.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        if self.case != other.case {
            return false;
        }
        let covers = |outer: Symbol, inner: Symbol| match (outer, inner) {
            (Symbol::Any, _) | (Symbol::AnyButColon, Symbol::AnyButColon) => true,
            (Symbol::AnyButColon, Symbol::Char(character)) => character != ':',
            (Symbol::Char(own), Symbol::Char(character)) => own == character,
            (Symbol::AnyButColon, Symbol::Any)
            | (Symbol::Char(_), Symbol::Any | Symbol::AnyButColon) => false,
        };
        let looping = |place: &u16, inner: Symbol| {
            let own = other.loops.get(usize::from(*place)).copied().flatten();
            own.is_some_and(|outer| covers(outer, inner))
        };
        let mut places = Self::start();
        for (index, own_loop) in self.loops.iter().enumerate() {
            if let Some(star) = own_loop {
                places.retain(|place| looping(place, *star));
            }
            let Some(symbol) = self.symbols.get(index).copied() else { break };
            let mut next = Places::new();
            for place in &places {
                if looping(place, symbol) && next.last() != Some(place) {
                    next.push(*place);
                }
                let outer = other.symbols.get(usize::from(*place)).copied();
                if outer.is_some_and(|outer| covers(outer, symbol)) {
                    next.push(place + 1);
                }
            }
            if next.is_empty() {
                return false;
            }
            places = next;
        }
        other.accepts(&places)
    }
}
