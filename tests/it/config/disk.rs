//! What touches the disk: configuration and article files.

use std::fs;
use std::path::Path;

use kasse::config::{ArticlesError, Place, read, read_articles};
use kasse::shop::import::Options;

fn write(dir: &Path, name: &str, contents: &[u8]) -> std::path::PathBuf {
    let path = dir.join(name);
    fs::write(&path, contents).unwrap();
    path
}

#[test]
fn a_named_file_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = write(dir.path(), "kasse.toml", "\u{feff}[sandbox]\r\nseed = 77\r\n".as_bytes());
    let loaded = read(Some(&path), vec![("--theme", "mono".to_owned())]).unwrap();
    assert_eq!(loaded.config.sandbox_seed, 77);
    assert_eq!(loaded.config.screen.theme, kasse::config::Theme::Mono);
}

#[test]
fn a_named_file_that_cannot_be_used_is_told_with_everything_else() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing.toml");
    let garbage = write(dir.path(), "garbage.toml", b"[sandbox]\nseed = 1 # \xff\n");
    let endless = write(dir.path(), "endless.toml", &vec![b'\n'; (1 << 20) + 1]);
    for (path, line) in
        [(&missing, None), (&garbage, Some(2)), (&endless, None), (&dir.path().to_owned(), None)]
    {
        let problems = read(Some(path), vec![("--theme", "pink".to_owned())]).unwrap_err().0;
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert_eq!(problems[0].place, Place::Flag("--theme"));
        assert_eq!(problems[1].place, Place::File { path: path.clone(), line });
    }
}

#[cfg(unix)]
#[test]
fn permissions_are_those_of_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = write(dir.path(), "kasse.toml", b"[api]\nclient_secret = \"hunter2\"\n");
    let with = |mode| {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        read(Some(&path), Vec::new())
    };
    assert!(with(0o600).is_ok());
    let problems = with(0o644).unwrap_err().to_string();
    assert!(problems.contains("chmod 600") && !problems.contains("hunter2"), "{problems}");
}

#[test]
fn articles_come_from_their_file_or_from_the_bakery() {
    let options = Options::default();
    let dir = tempfile::tempdir().unwrap();
    let good = write(dir.path(), "a.csv", "number;name;price;vat\r\n7;Tüte;0,25;19\r\n".as_bytes());
    assert_eq!(read_articles(Some(&good), &options).unwrap().by_number("7").unwrap().name, "Tüte");
    assert!(read_articles(None, &options).unwrap().by_number("30037").is_some());

    let bad = write(dir.path(), "b.csv", b"number;name;price;vat\n7;Bag;x;19\n8;Cup;1;99\n");
    let error = read_articles(Some(&bad), &options).unwrap_err();
    assert!(matches!(&error, ArticlesError::Bad { rows, .. } if rows.len() == 2));
    let shown = error.to_string();
    let lines: Vec<_> = shown.lines().collect();
    assert!(lines[0].starts_with(&format!("{}:2: price: ", bad.display())), "{shown}");
    assert!(lines[1].starts_with(&format!("{}:3: vat: ", bad.display())), "{shown}");

    let latin = write(dir.path(), "c.csv", b"number;name;price;vat\n7;T\xfcte;1;19\n");
    assert_eq!(read_articles(Some(&latin), &options).unwrap().by_number("7").unwrap().name, "Tüte");
    let mixed = [b"number;name;price;vat\n7;T\xfcte;1;19\n", "8;ÄÖ;1;19\n".as_bytes()].concat();
    let mixed = write(dir.path(), "m.csv", &mixed);
    assert!(read_articles(Some(&mixed), &options).unwrap_err().to_string().contains("m.csv:2: "));
    let sheet = write(dir.path(), "d.xlsx", b"PK");
    let error = read_articles(Some(&sheet), &options).unwrap_err();
    assert!(matches!(error, ArticlesError::UnknownFormat { .. }));
    let error = read_articles(Some(&dir.path().join("none.toml")), &options).unwrap_err();
    assert!(matches!(error, ArticlesError::Unreadable { .. }), "{error}");
}
