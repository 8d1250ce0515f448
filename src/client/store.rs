//! The file in which tokens outlive the program.
//!
//! Owns its format, its permissions and whose tokens it holds. Must not know how tokens are
//! granted or whether they are still good. It never holds the account's secret.
//!
//! The file is a convenience: where it cannot be read or written, the next start asks the server
//! for a token. So nothing here is an error to the caller.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process;

use serde::{Deserialize, Serialize};

use crate::outside;

/// A token file is a few hundred bytes; anything far longer is not ours.
const LONGEST_FILE: u64 = 64 * 1024;

/// Whose tokens they are. Another server, account or device never gets them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Owner {
    /// The server, as [`Endpoint::identity`](super::settings::Endpoint::identity) spells it.
    pub(super) url: String,
    /// The account.
    pub(super) client_id: String,
    /// The paired device.
    pub(super) device_uuid: Option<String>,
}

/// The tokens themselves. No Debug, on purpose.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    /// Sent with every call.
    pub(super) access_token: String,
    /// Seconds since 1970 from which on `access_token` is not used any more.
    pub(super) expires_at: u64,
    /// Devices only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Content {
    #[serde(flatten)]
    owner: Owner,
    #[serde(flatten)]
    tokens: Stored,
}

/// One token file on behalf of one owner.
#[derive(Clone)]
pub(super) struct Store {
    path: PathBuf,
    owner: Owner,
}

impl Store {
    /// The file at `path`, which need not exist.
    pub(super) const fn new(path: PathBuf, owner: Owner) -> Self {
        Self { path, owner }
    }

    /// The owner's tokens, if the file has them and no other user could read or plant them.
    pub(super) fn load(&self) -> Option<Stored> {
        let bytes = outside::read_private(&self.path, LONGEST_FILE).ok()?;
        let content: Content = serde_json::from_slice(&bytes).ok()?;
        (content.owner == self.owner).then_some(content.tokens)
    }

    /// Replaces the file by one with `tokens` that only this user can read.
    pub(super) fn save(&self, tokens: &Stored) -> io::Result<()> {
        let content = Content { owner: self.owner.clone(), tokens: tokens.clone() };
        let bytes = serde_json::to_vec(&content)?;
        if let Some(directory) = self.path.parent().filter(|path| !path.as_os_str().is_empty()) {
            DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        }
        // Two tills of one user must not write into each other's half-written file.
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{}.tmp", process::id()));
        let temporary = PathBuf::from(name);
        let written =
            write_private(&temporary, &bytes).and_then(|()| fs::rename(&temporary, &self.path));
        if written.is_err() {
            // Best effort: the error that matters is the one that is returned.
            let _removed = fs::remove_file(&temporary);
        }
        written
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Left over from a crash of a process with the same number, or planted: not ours to fill.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn owner() -> Owner {
        Owner {
            url: "https://connect.example/".to_owned(),
            client_id: "till".to_owned(),
            device_uuid: Some("/vendor/x/cashier/1".to_owned()),
        }
    }

    fn tokens() -> Stored {
        Stored {
            access_token: "c0p22mjoea0vktmfe09r9h1b40".to_owned(),
            expires_at: 1_700_000_000,
            refresh_token: Some("d3aece".to_owned()),
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_saved_is_loaded_and_private() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state/kasse/token.json");
        let store = Store::new(path.clone(), owner());
        assert!(store.load().is_none());
        store.save(&tokens()).unwrap();
        assert!(store.load().unwrap() == tokens());
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(names.len(), 1, "no temporary file stays");
    }

    #[test]
    fn only_the_owner_gets_them() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token.json");
        Store::new(path.clone(), owner()).save(&tokens()).unwrap();
        for other in [
            Owner { url: "https://other.example/".to_owned(), ..owner() },
            Owner { client_id: "other".to_owned(), ..owner() },
            Owner { device_uuid: None, ..owner() },
        ] {
            assert!(Store::new(path.clone(), other).load().is_none());
        }
        assert!(Store::new(path, owner()).load().is_some());
    }

    #[test]
    fn a_file_others_can_read_is_ignored_and_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token.json");
        let store = Store::new(path.clone(), owner());
        store.save(&tokens()).unwrap();
        for open in [0o640, 0o604, 0o620, 0o602] {
            fs::set_permissions(&path, fs::Permissions::from_mode(open)).unwrap();
            assert!(store.load().is_none(), "{open:o}");
        }
        store.save(&tokens()).unwrap();
        assert_eq!(mode(&path), 0o600);
        assert!(store.load().is_some());
    }

    #[test]
    fn links_directories_and_nonsense_are_ignored() {
        let directory = tempfile::tempdir().unwrap();
        let real = directory.path().join("real.json");
        Store::new(real.clone(), owner()).save(&tokens()).unwrap();
        let link = directory.path().join("link.json");
        symlink(&real, &link).unwrap();
        assert!(Store::new(link, owner()).load().is_none());
        assert!(Store::new(directory.path().to_owned(), owner()).load().is_none());
        assert!(Store::new(directory.path().to_owned(), owner()).save(&tokens()).is_err());
        for nonsense in ["", "{", "{}", "[1]"] {
            fs::write(&real, nonsense).unwrap();
            assert!(Store::new(real.clone(), owner()).load().is_none(), "{nonsense}");
        }
    }
}
