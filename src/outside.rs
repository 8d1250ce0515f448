//! Files from outside: reading any path ends and takes bounded memory.
//!
//! Owns the only way in which the program reads files that it was told of or that another user
//! may have put there: configuration, articles, certificates, fixtures, recordings, and its
//! own small files. A pipe, a device or a directory is refused, not waited for; a long file is
//! refused, not loaded.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Opens the plain file at `path`, of at most `longest` bytes, for reading. Links are followed.
///
/// # Errors
/// It cannot be opened, is something else, or is longer.
pub fn open(path: &Path, longest: u64) -> io::Result<File> {
    plain(path, longest, OFlags::empty())
}

/// Reads the plain file at `path`, of at most `longest` bytes. Links are followed.
///
/// # Errors
/// It cannot be read, is something else, or is longer.
pub fn read(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    bytes(&mut open(path, longest)?, longest)
}

/// Reads a file of the program's own at `path`, of at most `longest` bytes, that no other user can
/// have read or written. A link is refused: it leads out of the state directory.
///
/// # Errors
/// It cannot be read, is something else, longer, or not this user's alone.
pub fn read_private(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let mut file = plain(path, longest, OFlags::NOFOLLOW)?;
    // Asked of the open file, so it cannot be exchanged between question and reading.
    let about = file.metadata()?;
    let private = matches!(about.mode() & 0o777, 0o600 | 0o400)
        && about.uid() == rustix::process::geteuid().as_raw();
    if !private {
        let why = "not this user's alone (chmod 600 it)";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    bytes(&mut file, longest)
}

fn plain(path: &Path, longest: u64, flags: OFlags) -> io::Result<File> {
    // Without NONBLOCK, opening a pipe waits for its writer.
    let flags = (flags | OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let about = file.metadata()?;
    let kind = about.file_type();
    let what = if kind.is_file() {
        if about.len() > longest {
            return Err(too_long(longest));
        }
        return Ok(file);
    } else if kind.is_dir() {
        "a directory"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    };
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{what}, not a plain file")))
}

/// Reads `file`, of at most `longest` bytes, to its end.
///
/// # Errors
/// It cannot be read, or is longer.
pub fn bytes(file: &mut File, longest: u64) -> io::Result<Vec<u8>> {
    // Without its length, a long file would be copied again and again, into twice its size. It may
    // have grown since, and files of the system do not tell it.
    let length = file.metadata()?.len().min(longest).saturating_add(1);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(longest.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest { Err(too_long(longest)) } else { Ok(bytes) }
}

fn too_long(longest: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("longer than {longest} bytes"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;
    use std::os::unix::fs::symlink;

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    #[test]
    fn pipes_devices_directories_and_ten_gigabytes_are_refused_at_once_with_a_reason() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let long = dir.path().join("long");
        File::create(&long).unwrap().set_len(10 << 30).unwrap();
        let link = dir.path().join("link");
        symlink("/dev/zero", &link).unwrap();
        for (path, why) in [
            (pipe.as_path(), "a pipe, not a plain file"),
            (Path::new("/dev/zero"), "a device, not a plain file"),
            (link.as_path(), "a device, not a plain file"),
            (dir.path(), "a directory, not a plain file"),
            (long.as_path(), "longer than 1000 bytes"),
        ] {
            assert_eq!(read(path, 1_000).unwrap_err().to_string(), why);
            assert_eq!(open(path, 1_000).unwrap_err().to_string(), why);
        }
        let missing = read(&dir.path().join("none"), 10).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        // Files of the system have length 0 and content nevertheless.
        assert!(!read(Path::new("/proc/self/stat"), 10_000).unwrap().is_empty());
        assert!(read(Path::new("/proc/self/stat"), 5).is_err());
    }

    #[test]
    fn plain_files_and_links_to_them_are_read_and_private_ones_only_without_a_link() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("file"), dir.path().join("link"));
        fs::write(&path, "12345").unwrap();
        symlink(&path, &link).unwrap();
        assert_eq!(read(&link, 5).unwrap(), b"12345");
        assert!(read(&path, 4).is_err());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(read_private(&path, 5).is_err());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read_private(&path, 5).unwrap(), b"12345");
        assert!(read_private(&link, 5).is_err());
    }
}
