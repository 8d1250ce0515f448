#![allow(clippy::unwrap_used)]

use super::*;
use crate::till::Role;

#[test]
fn a_role_in_the_row_is_all_that_a_command_for_few_needs() {
    let settings = Settings::default();
    let row = Row { role: Role::Supervisor, ..*Command::Help.row().unwrap() };
    let mut state = State::new("test", ServerKind::Sandbox, 0);
    for (role, answer) in [
        (Role::Trainee, Err(Refusal::Role(Role::Supervisor))),
        (Role::Cashier, Err(Refusal::Role(Role::Supervisor))),
        (Role::Supervisor, Ok(())),
    ] {
        state.role = role;
        assert_eq!(At::hand(&state, &settings).allows_row(&row), answer);
        assert_eq!(allowed(Command::Help, &state, &settings), Ok(()), "everybody so far");
    }
}
