//! Bytes to text.
//!
//! Text is UTF-8. UTF-16 with a byte order mark and Windows-1252 with a clear sign are decoded, and offsets then count
//! the decoded text. A UTF-8 byte order mark stays in the text, so that offsets are those of the file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::cli::error::InputError;
use crate::source::SourceFile;

/// A text and how it was encoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// The encoding's name where it is not UTF-8.
    pub(super) from: Option<&'static str>,
}

/// Reads and decodes a file.
pub(super) fn file(path: &Path) -> Result<Decoded, InputError> {
    let failed = |source| InputError::of_io(path, source);
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let name = || path.to_string_lossy().into_owned();
    if length > SourceFile::MAX_BYTES as u64 {
        return Err(InputError::TooLong { path: name() });
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(SourceFile::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    decode(&name(), bytes)
}

/// Decodes the bytes of the input known as `path`.
pub(super) fn decode(path: &str, bytes: Vec<u8>) -> Result<Decoded, InputError> {
    if bytes.len() > SourceFile::MAX_BYTES {
        return Err(InputError::TooLong { path: path.to_owned() });
    }
    if let Some((encoding, is_little)) = utf16_mark(&bytes) {
        let text = utf16(&bytes[2..], is_little);
        let damaged = |at| InputError::Damaged { path: path.to_owned(), encoding, at: at + 2 };
        return Ok(Decoded { text: text.map_err(damaged)?, from: Some(encoding) });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text, from: None }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            if !is_windows_1252(&bytes) {
                return Err(InputError::NotText { path: path.to_owned(), at });
            }
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            Ok(Decoded { text: text.into_owned(), from: Some("Windows-1252") })
        }
    }
}

fn utf16_mark(bytes: &[u8]) -> Option<(&'static str, bool)> {
    match bytes {
        // UTF-32 starts with the same two bytes, and no text starts with a NUL.
        [0xFF, 0xFE, 0, 0, ..] => None,
        [0xFF, 0xFE, ..] => Some(("UTF-16LE", true)),
        [0xFE, 0xFF, ..] => Some(("UTF-16BE", false)),
        _ => None,
    }
}

/// The text, or the offset of the first byte that does not fit.
fn utf16(bytes: &[u8], is_little: bool) -> Result<String, usize> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|&pair| if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) });
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut at = 0;
    for character in char::decode_utf16(units) {
        let character = character.map_err(|_| at)?;
        at += 2 * character.len_utf16();
        text.push(character);
    }
    if rest.is_empty() { Ok(text) } else { Err(at) }
}

/// Whether bytes that are not UTF-8 are clearly Windows-1252: no control character, no byte that it leaves undefined,
/// nothing that only UTF-8 would write, most of it ASCII, and every other byte a letter or a mark of punctuation that
/// stands beside ASCII text.
fn is_windows_1252(bytes: &[u8]) -> bool {
    let is_control = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C)) || byte == 0x7F;
    let is_usual = |byte: u8| matches!(byte, 0x80 | 0x85 | 0x91..=0x97 | 0x99 | 0xA0..=0xFF);
    let high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if bytes.iter().any(|&byte| is_control(byte) || (!byte.is_ascii() && !is_usual(byte))) || high * 4 > bytes.len() {
        return false;
    }
    let writes_utf8 = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    let alone = bytes.windows(3).filter(|three| three.iter().all(|byte| !byte.is_ascii())).count();
    !writes_utf8 && alone == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text(bytes: &[u8]) -> Decoded {
        decode("draft.md", bytes.to_vec()).unwrap()
    }

    fn refused(bytes: &[u8]) -> String {
        decode("draft.md", bytes.to_vec()).unwrap_err().to_string()
    }

    fn utf16_bytes(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(to_bytes).collect()
    }

    #[test]
    fn utf8_is_taken_as_it_is() {
        assert_eq!(text("Grüße 𝛼\n".as_bytes()), Decoded { text: "Grüße 𝛼\n".into(), from: None });
        assert_eq!(text(b"").text, "");
    }

    #[test]
    fn a_utf8_mark_stays_so_that_offsets_are_the_files() {
        assert_eq!(text(b"\xEF\xBB\xBFcure").text, "\u{FEFF}cure");
    }

    #[test]
    fn utf16_with_a_mark_is_decoded() {
        let words = "It cures — 𝛼!\r\n";
        for (bytes, name) in
            [(utf16_bytes(words, u16::to_le_bytes), "UTF-16LE"), (utf16_bytes(words, u16::to_be_bytes), "UTF-16BE")]
        {
            assert_eq!(text(&bytes), Decoded { text: words.into(), from: Some(name) });
        }
    }

    #[test]
    fn damaged_utf16_names_the_byte() {
        let mut bytes = utf16_bytes("abc", u16::to_le_bytes);
        bytes.push(b'x');
        assert_eq!(refused(&bytes), "draft.md: is UTF-16LE, and byte 8 does not fit");
        let lone = [0xFE, 0xFF, 0, b'a', 0xD8, 0x00, 0, b'b'];
        assert_eq!(refused(&lone), "draft.md: is UTF-16BE, and byte 4 does not fit");
    }

    #[test]
    fn windows_1252_needs_a_clear_sign() {
        let quoted = text(b"He called it a \x93miracle\x94 \x96 it isn\x92t. Caf\xE9.");
        assert_eq!(quoted.text, "He called it a “miracle” – it isn’t. Café.");
        assert_eq!(quoted.from, Some("Windows-1252"));
    }

    #[test]
    fn anything_else_is_refused_with_the_byte() {
        for (bytes, at) in [
            (&b"plain\x00then \x93bytes\x94 and more words"[..], 11),
            (b"undefined \x81 byte in a longer sentence", 10),
            (b"Gr\xC3\xBC\xC3\x9Fe with one broken \xFF byte in it", 24),
            (b"\x89PNG\r\n\x1a\n", 0),
            (b"\xFF\xFE\x00\x00a\x00\x00\x00", 0),
            (b"\xE3\x81\x82\xE3\x81", 3),
        ] {
            assert!(refused(bytes).contains(&format!("byte {at} ")), "{} for {bytes:?}", refused(bytes));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_much(bytes: Vec<u8>, mark in 0..3usize) {
            let marks: [&[u8]; 3] = [b"", b"\xFF\xFE", b"\xFE\xFF"];
            let bytes = [marks[mark], &bytes].concat();
            match decode("draft.md", bytes.clone()) {
                Ok(decoded) if decoded.from.is_none() => assert_eq!(decoded.text.as_bytes(), bytes),
                Ok(_) | Err(InputError::TooLong { .. }) => {}
                Err(InputError::NotText { at, .. } | InputError::Damaged { at, .. }) => assert!(at < bytes.len()),
                Err(error) => panic!("{error}"),
            }
        }
    }
}
