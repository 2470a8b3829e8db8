//! SHA-256, in hexadecimal.

use std::fmt::Write;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// The SHA-256 of the bytes as 64 hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The same of all that a reader gives, a piece at a time.
///
/// # Errors
/// Those of the reader.
pub fn sha256_of(mut reader: impl Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(hexadecimal(&digest.finalize())),
            Ok(length) => digest.update(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let hex = String::with_capacity(2 * bytes.len());
    bytes.iter().fold(hex, |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// How many digits are kept of the digest of an entry's text.
pub const TEXT_DIGITS: usize = 16;

/// Whether this is a digest, or so many digits of one, as [`sha256`] writes it.
#[must_use]
pub fn is_digest(text: &str, digits: usize) -> bool {
    text.len() == digits
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
