//! Customers who have checked in.

use super::choice::Offered;
use crate::till::update::Context;
use crate::till::{CardIdent, CheckIn, Command};
use crate::wire::Checkin;

impl Offered for CheckIn {
    type Wire = Checkin;

    const COMMAND: Command = Command::CheckIns;

    fn chosen(self, context: &mut Context) {
        context.choose(Self::COMMAND, CardIdent::CheckIn(self));
    }
}
