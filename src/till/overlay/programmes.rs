//! Programmes of which the sale can make a card.

use super::choice::Offered;
use crate::till::update::Context;
use crate::till::{CardIdent, Command, Programme};
use crate::wire::CardGroup;

impl Offered for Programme {
    type Wire = CardGroup;

    const COMMAND: Command = Command::NewCard;

    fn chosen(self, context: &mut Context) {
        context.choose(Self::COMMAND, CardIdent::New(self));
    }
}
