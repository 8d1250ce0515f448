//! Connections to the program's own `SQLite` files.
//!
//! Owns the settings that every connection has. Must not know what a file holds.

use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// Settles a connection: another program's lock is waited for as long as `patience`, and `cache_kib`
/// KiB of pages are kept in memory. Nothing of that changes the file.
///
/// # Errors
/// When `SQLite` refuses a setting.
pub fn settle(connection: &Connection, patience: Duration, cache_kib: i32) -> rusqlite::Result<()> {
    connection.busy_timeout(patience)?;
    // The file may have been exchanged: run nothing that is stored in it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    // KiB, when negative.
    connection.pragma_update(None, "cache_size", -cache_kib)
}
