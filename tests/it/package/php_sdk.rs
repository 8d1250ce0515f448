//! The vendor's PHP SDK against the program, where PHP and the SDK are there.
//!
//! The SDK is no part of this repository: `SECUCONNECT_PHP_SDK` names a checkout of its public one.
//! Without it, or without PHP, the script says what is missing, and nothing is tested.

use std::process::Command;

#[test]
fn the_php_sdk_and_its_own_tests_work_against_the_sandbox() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/php/run.sh");
    // The script bounds each of its steps in time, and ends what it starts.
    let ran = Command::new("bash")
        .arg(script)
        .env("SANDBOX_PROGRAM", env!("CARGO_BIN_EXE_kasse"))
        .output();
    let ran = match ran {
        Ok(ran) => ran,
        Err(error) => return println!("skipped: no bash ({error})"),
    };
    let told = String::from_utf8_lossy(&ran.stdout);
    println!("{told}");
    assert!(ran.status.success(), "{told}\n{}", String::from_utf8_lossy(&ran.stderr));
    let done = told.lines().any(|line| line.ends_with(" 0 failed"));
    assert!(done || told.starts_with("skipped: "), "{told}");
}
