//! A password that is kept as its bcrypt hash. When it may be tried is left to others.

use std::fmt;
use std::str::FromStr;

use bcrypt::{BcryptError, HashParts};

/// What `moim hash-password` takes: a quarter of a second on an ordinary machine.
const COST: u32 = 12;

/// Most that a host may set: seconds for each try.
const MOST_COST: u32 = 16;

/// bcrypt looks at no more.
const MOST_BYTES: usize = 72;

/// The hash of a password.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// A text that is no hash to check passwords by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHash {
    /// It has not the form of one.
    #[error("give what `moim hash-password` prints, in single quotes")]
    Malformed,
    /// Each try would take too long.
    #[error("its cost is over {MOST_COST}: each try would take too long")]
    TooCostly,
}

/// Why a password cannot be hashed.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// There is none.
    #[error("the password is empty")]
    Empty,
    /// bcrypt would cut it.
    #[error("the password is longer than {MOST_BYTES} bytes")]
    TooLong,
    /// The system has no random numbers, or the like.
    #[error("cannot make the hash")]
    Bcrypt(#[from] BcryptError),
}

impl PasswordHash {
    /// Hashes a password, which takes a moment.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn of(password: &str) -> Result<Self, Unfit> {
        if password.is_empty() {
            return Err(Unfit::Empty);
        }
        if password.len() > MOST_BYTES {
            return Err(Unfit::TooLong);
        }
        Ok(Self(bcrypt::hash(password, COST)?))
    }

    /// Whether it is the password's. Takes as long if it is not.
    #[must_use]
    pub fn is_of(&self, password: &str) -> bool {
        // An error would be about the hash's form, which was checked.
        bcrypt::verify(password, &self.0).unwrap_or(false)
    }
}

impl FromStr for PasswordHash {
    type Err = InvalidHash;

    fn from_str(text: &str) -> Result<Self, InvalidHash> {
        let parts: HashParts = text.parse().map_err(|_| InvalidHash::Malformed)?;
        if parts.get_cost() > MOST_COST {
            return Err(InvalidHash::TooCostly);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Not the hash: whoever has it can try passwords at leisure.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// "changeit", as other programs write it.
    const CHANGEIT: [&str; 2] = [
        "$2b$04$7UvxavqAoXx34RmqrK6z3u8EbZI4/dY9acjSG7V6zZa2CF4pf.Ba2",
        "$2y$04$7UvxavqAoXx34RmqrK6z3u8EbZI4/dY9acjSG7V6zZa2CF4pf.Ba2",
    ];

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        for text in CHANGEIT {
            let hash: PasswordHash = text.parse().unwrap();
            assert!(hash.is_of("changeit"));
            assert!(!hash.is_of("changeit "));
            assert!(!hash.is_of(""));
        }
    }

    #[test]
    fn what_is_no_hash_or_too_costly_is_told_apart() {
        let parse = |text: &str| text.parse::<PasswordHash>().unwrap_err();
        assert_eq!(parse("changeit"), InvalidHash::Malformed);
        assert_eq!(parse(""), InvalidHash::Malformed);
        assert_eq!(parse(&CHANGEIT[0][..50]), InvalidHash::Malformed);
        let costly = CHANGEIT[0].replace("$04$", "$17$");
        assert_eq!(parse(&costly), InvalidHash::TooCostly);
    }

    #[test]
    fn a_password_that_bcrypt_would_cut_or_that_is_none_is_refused() {
        assert!(matches!(PasswordHash::of(""), Err(Unfit::Empty)));
        let long = "x".repeat(MOST_BYTES + 1);
        assert!(matches!(PasswordHash::of(&long), Err(Unfit::TooLong)));
    }
}
