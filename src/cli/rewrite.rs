//! A draft written anew: as it was encoded, with the permissions that it had, whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use crate::cli::error::Failure;

/// Puts a text in the place of a file's. `from` is the encoding in which it was read, where that was not UTF-8.
pub(super) fn rewrite(path: &Path, text: &str, from: Option<&str>) -> Result<(), Failure> {
    let failed = |source: io::Error| Failure::Output { path: path.to_owned(), source };
    let bytes = encoded(text, from).map_err(failed)?;
    // A link's target is replaced, not the link.
    let target = path.canonicalize().map_err(failed)?;
    let permissions = target.metadata().map_err(failed)?.permissions();
    if permissions.readonly() {
        return Err(failed(io::ErrorKind::PermissionDenied.into()));
    }
    let folder = target.parent().unwrap_or(Path::new("/"));
    let file = Builder::new().prefix(".caveat-").suffix(".tmp").tempfile_in(folder);
    let mut file = file.map_err(|error| failed(error.kind().into()))?;
    file.write_all(&bytes).map_err(failed)?;
    fs::set_permissions(file.path(), permissions).map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

/// The bytes of a text in an encoding that `read` knows.
fn encoded(text: &str, from: Option<&str>) -> io::Result<Vec<u8>> {
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(to_bytes).collect::<Vec<u8>>()
    };
    match from {
        None => Ok(text.as_bytes().to_vec()),
        Some("UTF-16LE") => Ok(utf16(u16::to_le_bytes)),
        Some("UTF-16BE") => Ok(utf16(u16::to_be_bytes)),
        Some(other) => {
            let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(text);
            let why = || io::Error::other(format!("{other} has no such characters; save it as UTF-8 first"));
            if lost { Err(why()) } else { Ok(bytes.into_owned()) }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::cli::read;

    #[test]
    fn every_encoding_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        let text = "He said “no” – twice.\r\nCafé.\r\n";
        for from in [None, Some("UTF-16LE"), Some("UTF-16BE"), Some("Windows-1252")] {
            fs::write(&path, "old").unwrap();
            rewrite(&path, text, from).unwrap();
            assert_eq!(read::file(&path).unwrap(), read::Decoded { text: text.to_owned(), from });
        }
        assert!(rewrite(&path, "→", Some("Windows-1252")).is_err());
        assert_eq!(read::file(&path).unwrap().text, text);
        rewrite(&path, "\u{FEFF}→", None).unwrap();
        assert_eq!(fs::read(&path).unwrap(), "\u{FEFF}→".as_bytes());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.md"), folder.path().join("b.md"));
        fs::write(&path, "old").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        rewrite(&link, "new", None).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        assert!(rewrite(&path, "newer", None).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
