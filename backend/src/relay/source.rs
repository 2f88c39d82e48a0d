//! What can be ready: how a socket is named where readiness is told, and whose turn it is.

use std::collections::HashSet;

use mio::Token;
use turn::AllocationId;

/// Something that readiness is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// The wish that the thread should end.
    Waker,
    /// The datagrams of clients at that place.
    Datagrams(usize),
    /// The connections of clients at that place.
    Connections(usize),
    /// One of these connections.
    Stream(usize),
    /// The socket of an allocation.
    Allocation(AllocationId),
}

/// Those that have something to read, each once.
#[derive(Debug, Default)]
pub struct Ready {
    queue: Vec<Source>,
    queued: HashSet<Source>,
}

impl Source {
    /// Its name.
    #[must_use]
    pub fn token(self) -> Token {
        let (kind, number) = match self {
            Self::Waker => (0, 0),
            Self::Datagrams(place) => (1, place),
            Self::Connections(place) => (2, place),
            Self::Stream(key) => (3, key),
            // Allocations are numbered from the start of the server on: 2^61 are enough.
            Self::Allocation(AllocationId(id)) => (4, usize::try_from(id).unwrap_or(usize::MAX)),
        };
        Token(number.wrapping_mul(8) | kind)
    }

    /// Whose name it is.
    #[must_use]
    pub fn of(Token(token): Token) -> Self {
        let number = token / 8;
        match token % 8 {
            1 => Self::Datagrams(number),
            2 => Self::Connections(number),
            3 => Self::Stream(number),
            4 => Self::Allocation(AllocationId(number as u64)),
            _ => Self::Waker,
        }
    }
}

impl Ready {
    /// Something has come.
    pub fn add(&mut self, source: Source) {
        if self.queued.insert(source) {
            self.queue.push(source);
        }
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// One turn for each. Whoever has not finished is added again, behind the others.
    pub fn take(&mut self) -> Vec<Source> {
        self.queued.clear();
        std::mem::take(&mut self.queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_of_one_source() {
        let sources = [
            Source::Waker,
            Source::Datagrams(0),
            Source::Datagrams(1),
            Source::Connections(1),
            Source::Stream(7),
            Source::Allocation(AllocationId(7)),
        ];
        assert_eq!(sources.map(|source| Source::of(source.token())), sources);
    }

    #[test]
    fn nobody_has_two_turns_in_a_round() {
        let mut ready = Ready::default();
        for source in [Source::Stream(1), Source::Datagrams(0), Source::Stream(1)] {
            ready.add(source);
        }
        assert_eq!(ready.take(), [Source::Stream(1), Source::Datagrams(0)]);
        assert!(ready.is_empty());
    }
}
