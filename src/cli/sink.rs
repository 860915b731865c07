//! Where a report goes: standard output, or a file that is whole or not there.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::cli::error::Failure;

/// A place to write to. What was written to a file appears under its name only with [`Sink::close`].
pub(super) enum Sink {
    Standard(BufWriter<io::StdoutLock<'static>>),
    /// Standard error, where standard output is for something else.
    Beside(BufWriter<io::Stderr>),
    /// A new file beside its final place.
    File(BufWriter<NamedTempFile>, PathBuf),
    /// A pipe or device, which cannot be replaced.
    Device(BufWriter<File>, PathBuf),
}

impl Sink {
    /// Standard output, or the file of that name.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Sink::Standard(BufWriter::new(io::stdout().lock()))) };
        let failed = |source| Failure::Output { path: path.to_owned(), source };
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => Err(failed(io::ErrorKind::IsADirectory.into())),
            Ok(metadata) if !metadata.is_file() => {
                let device = File::options().write(true).open(path).map_err(failed)?;
                Ok(Sink::Device(BufWriter::new(device), path.to_owned()))
            }
            // A link's target is replaced, not the link.
            Ok(_) => Self::beside(path.canonicalize().map_err(failed)?),
            Err(_) => Self::beside(path.to_owned()),
        }
    }

    /// Standard error.
    pub(super) fn errors() -> Self {
        Sink::Beside(BufWriter::new(io::stderr()))
    }

    fn beside(path: PathBuf) -> Result<Self, Failure> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = Builder::new();
        builder.prefix(".caveat-").suffix(".tmp");
        #[cfg(unix)]
        {
            // As any other file that a program makes: the user's mask decides.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        match builder.tempfile_in(folder) {
            Ok(file) => Ok(Sink::File(BufWriter::new(file), path)),
            // The temporary name is nothing to tell; the reason is.
            Err(error) => Err(Failure::Output { path, source: error.kind().into() }),
        }
    }

    /// Ends the writing: what was written is there, whole.
    pub(super) fn close(self) -> Result<(), Failure> {
        match self {
            Sink::Standard(mut out) => out.flush().map_err(Failure::Write),
            Sink::Beside(mut out) => out.flush().map_err(Failure::Write),
            Sink::Device(mut out, path) => out.flush().map_err(|source| Failure::Output { path, source }),
            Sink::File(out, path) => {
                let failed = |source| Failure::Output { path: path.clone(), source };
                let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
                file.persist(&path).map_err(|error| failed(error.error))?;
                Ok(())
            }
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Standard(out) => out.write(bytes),
            Sink::Beside(out) => out.write(bytes),
            Sink::File(out, _) => out.write(bytes),
            Sink::Device(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Standard(out) => out.flush(),
            Sink::Beside(out) => out.flush(),
            Sink::File(out, _) => out.flush(),
            Sink::Device(out, _) => out.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_appears_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        std::fs::write(&path, "old").unwrap();
        let mut sink = Sink::open(Some(&path)).unwrap();
        sink.write_all(b"half").unwrap();
        sink.flush().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        drop(sink);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
        let mut sink = Sink::open(Some(&path)).unwrap();
        sink.write_all(b"whole").unwrap();
        sink.close().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("real"), folder.path().join("link"));
        std::fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let mut sink = Sink::open(Some(&link)).unwrap();
        sink.write_all(b"new").unwrap();
        sink.close().unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "new");
    }

    #[test]
    fn a_folder_or_a_missing_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Sink::open(Some(folder.path())), Err(Failure::Output { .. })));
        assert!(matches!(Sink::open(Some(&folder.path().join("no/such"))), Err(Failure::Output { .. })));
    }
}
