//! Whether a command works is one answer: what it refuses changes nothing, what it allows is in
//! place, and menu and legend say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};

use kasse::lang::Lang;
use kasse::receipt::Profile;
use kasse::till::{
    COMMANDS, Call, Command, Effect, Entry, Event, Help, History, Key, Keymap, Menu, Message,
    Notice, Over, Overlay, Quick, Refusal, Row, ServerKind, Settings, State, Step, Takes, allowed,
    allowed_after_typing, allowed_in_menu, menu_commands, update,
};
use kasse::ui::{Theme, View, as_text};
use kasse::wire::{DownReason, Outcome, StartMethod, Status};

use super::kit::{CARD, Till};
use crate::sim::{Plan, Variant, plan, report, run};

/// A key that is sent by no scanner and dismisses no error; a quick key gives it up.
const KEY: Key = Key::ShiftF(9);

/// The steps of a sale: empty basket, basket with a card, tender in cash, paying at the terminal,
/// unknown outcome, done.
fn steps() -> [Till; 6] {
    let sale = |then: &str| {
        let mut till = Till::new();
        till.press("30037⏎").press(CARD).press("⏎").copied().press(then);
        till
    };
    let start = |method: &str| {
        let mut till = sale("");
        till.press(method).copied().press("+");
        till
    };
    let mut tender = sale("+");
    tender.copied();
    let mut unknown = start("<F6>");
    unknown.reply(Outcome::Unknown(DownReason::Timeout));
    let mut done = start("<F6>");
    done.started(Status::Ok);
    [Till::new(), sale(""), tender, start("<F6>"), unknown, done]
}

/// One sign for every answer of the table below.
fn sign(answer: Result<(), Refusal>) -> &'static str {
    match answer {
        Ok(()) => "yes",
        Err(Refusal::NotHere) => "-",
        Err(Refusal::NotWhilePaying) => "paying",
        Err(Refusal::BasketEmpty | Refusal::NoLine) => "empty",
        Err(Refusal::NoCard) => "card",
        Err(Refusal::NumberMissing) => "number",
        Err(
            Refusal::NothingParked
            | Refusal::NothingUnresolved
            | Refusal::NothingToTeach
            | Refusal::NoHistory,
        ) => "nothing",
        Err(Refusal::Remainder(_)) => "rest",
        Err(Refusal::SwitchedOff) => "off",
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn every_command_works_in_the_steps_that_the_table_names() {
    let mut steps = steps();
    for till in &mut steps {
        till.settings.quick = vec![Quick::Article("51".to_owned())];
    }
    let mut table = String::new();
    let other_quick = |row: &&Row| matches!(row.command, Command::Quick(2..));
    for row in COMMANDS.iter().filter(|row| !other_quick(row)) {
        let answer = |till: &Till| sign(allowed(row.command, &till.state, &till.settings));
        let signs: Vec<String> = steps.iter().map(|till| format!("{:<8}", answer(till))).collect();
        table.push_str(format!("{:<21}{}", row.name, signs.concat()).trim_end());
        table.push('\n');
    }
    insta::assert_snapshot!(table, @r"
    post                 yes     yes     yes     yes     yes     yes
    multiply             yes     yes     -       paying  paying  -
    clear                yes     yes     yes     yes     yes     yes
    search               yes     yes     -       -       -       yes
    quick_1              yes     yes     -       -       -       yes
    quick_keys           yes     yes     -       -       -       yes
    teach                nothing nothing -       -       -       nothing
    total                empty   yes     yes     paying  paying  -
    subtotal             card    yes     -       paying  paying  -
    card                 card    yes     yes     yes     yes     yes
    top_up               number  number  -       -       -       number
    cash                 empty   yes     yes     paying  paying  -
    cashless             empty   yes     yes     paying  paying  -
    loyalty              empty   yes     rest    paying  paying  -
    note_5               -       -       yes     -       -       -
    note_10              -       -       yes     -       -       -
    note_20              -       -       yes     -       -       -
    note_50              -       -       yes     -       -       -
    note_100             -       -       yes     -       -       -
    note_200             -       -       yes     -       -       -
    new_card             yes     yes     -       -       -       yes
    check_ins            yes     yes     -       -       -       yes
    abort_payment        -       -       -       yes     -       -
    remove_card          card    yes     -       -       -       -
    storno               empty   yes     -       paying  paying  -
    void_line            empty   yes     -       paying  paying  -
    quantity             empty   yes     -       paying  paying  -
    price                empty   yes     -       paying  paying  -
    discount             empty   yes     -       paying  paying  -
    discount_amount      empty   yes     -       paying  paying  -
    deal                 empty   yes     -       paying  paying  -
    sale_discount        empty   yes     -       paying  paying  -
    sale_discount_amount empty   yes     -       paying  paying  -
    sale_deal            empty   yes     -       paying  paying  -
    line_note            empty   yes     -       paying  paying  -
    sale_note            empty   yes     -       paying  paying  -
    up                   yes     yes     yes     yes     yes     yes
    down                 yes     yes     yes     yes     yes     yes
    page_up              yes     yes     yes     yes     yes     yes
    page_down            yes     yes     yes     yes     yes     yes
    discard_sale         yes     yes     yes     paying  paying  -
    help                 yes     yes     yes     yes     yes     yes
    park                 nothing yes     -       paying  yes     nothing
    menu                 yes     yes     yes     yes     yes     yes
    history              nothing nothing nothing nothing nothing yes
    lock                 yes     yes     yes     yes     yes     yes
    unresolved           nothing nothing nothing nothing nothing nothing
    cancel_sale          -       -       -       -       -       -
    write_off            -       -       -       -       -       -
    transactions         yes     yes     yes     yes     yes     yes
    diagnosis            yes     yes     yes     paying  yes     yes
    end_of_day           yes     yes     yes     paying  paying  yes
    faults               yes     yes     yes     yes     yes     yes
    connect              yes     yes     yes     yes     yes     yes
    wire                 off     off     off     off     off     off
    quit                 yes     yes     yes     paying  yes     yes
    ");
}

/// The settings in which [`KEY`] asks for a command; Enter alone posts.
fn pressing(command: Command, settings: &Settings) -> (Key, Settings) {
    static KEYMAPS: OnceLock<BTreeMap<Command, Keymap>> = OnceLock::new();
    let keymaps = KEYMAPS.get_or_init(|| {
        let commands = COMMANDS.iter().map(|row| row.command).filter(|it| *it != Command::Post);
        let free = (Command::Quick(3), Vec::new());
        let keys = |it| match it {
            Command::Quick(3) => Keymap::default(),
            it => Keymap::with(&[(it, vec![KEY]), free.clone()]).unwrap(),
        };
        commands.map(|it| (it, keys(it))).collect()
    });
    match keymaps.get(&command) {
        Some(keymap) => (KEY, Settings { keymap: keymap.clone(), ..settings.clone() }),
        None => (Key::Enter, settings.clone()),
    }
}

/// Presses the key of `command` at a till that is idle otherwise.
fn pressed(command: Command, state: &State, settings: &Settings) -> (State, Vec<Effect>) {
    let (key, settings) = pressing(command, settings);
    let mut state = state.clone();
    let now = state.now;
    let effects = update(&mut state, Event::Key(key), now, &settings);
    (state, effects)
}

/// What of a state is about more than the last key and its notice.
fn lasting(state: &State) -> State {
    let Entry { text, multiplier, fate, overflow, code, .. } = state.entry.clone();
    State {
        notice: None,
        more_errors: Vec::new(),
        press: None,
        wake_at: None,
        entry: Entry { text, multiplier, fate, overflow, code, ..Entry::default() },
        ..state.clone()
    }
}

fn notices(state: &State) -> BTreeSet<String> {
    state.notice.iter().chain(&state.more_errors).map(|it| format!("{:?}", it.message)).collect()
}

/// What a refusal says on top of what was said before, and that it changes nothing else.
fn changes_nothing(
    refusal: Refusal,
    command: Command,
    state: &State,
    s: &Settings,
) -> Result<(), String> {
    let (after, effects) = pressed(command, state, s);
    if let Some(effect) = effects.iter().find(|effect| **effect != Effect::Bell) {
        return Err(format!("{command:?} is refused ({refusal:?}) and leads to {effect:?}"));
    }
    let mut expected = lasting(state);
    if refusal == Refusal::Covered {
        // It uncovers what it is about: the key must come again.
        let stays = |over: &&Overlay| {
            matches!(over, Overlay::ConfirmReturn(_) | Overlay::Locked | Overlay::Pin(_))
        };
        expected.overlays = state.overlays.iter().filter(stays).cloned().collect();
        // What an overlay that closed had asked for is given up.
        assert!(after.waiting.iter().all(|call| state.waiting.iter().any(|it| it == call)));
        expected.waiting.clone_from(&after.waiting);
        if matches!(state.sale.step, Step::Tender(_))
            && matches!(state.overlays.last(), Some(Overlay::Transactions(_)))
        {
            expected.entry = Entry::default();
        }
    } else if refusal == Refusal::NotWhilePaying
        && matches!(command, Command::Total | Command::Cash | Command::Cashless | Command::Loyalty)
    {
        expected.entry = Entry::default();
        // The menu is filtered by what was typed.
        expected.overlays.clone_from(&after.overlays);
    }
    if lasting(&after) != expected {
        let (was, is) = (format!("{expected:#?}"), format!("{:#?}", lasting(&after)));
        let changed = was.lines().zip(is.lines()).find(|(was, is)| was != is);
        return Err(format!("{command:?} is refused ({refusal:?}) and changes {changed:?}"));
    }
    let why = refusal.message(command, state).map(|message| format!("{message:?}"));
    match why {
        Some(why) if !notices(&after).contains(&why) && state.more_errors.len() < 40 => {
            Err(format!("{command:?} is refused ({refusal:?}) and says {:?}", notices(&after)))
        }
        _ => Ok(()),
    }
}

/// A command that is allowed is never out of place, pays nowhere but in a tender step that is open
/// to it, and touches no sale that is being paid.
fn is_in_place(command: Command, state: &State, s: &Settings) -> Result<(), String> {
    let (after, effects) = pressed(command, state, s);
    let fail =
        |what: &str| Err(format!("{command:?} is allowed and {what}: {:?}", state.sale.step));
    let before = notices(state);
    let here = [Message::NotHere(command), Message::NotWhilePaying, Message::SandboxOnly];
    let said = |message: &Message| {
        let message = format!("{message:?}");
        !before.contains(&message) && notices(&after).contains(&message)
    };
    if command != Command::Post && here.iter().any(said) {
        return fail("says that it does nothing here");
    }
    let starts = effects.iter().any(|it| matches!(it, Effect::Call(_, Call::Start(..))));
    let open = matches!(state.sale.step, Step::Tender(_))
        && state.stopped.is_none()
        && state.saving.is_none()
        && state.checking().is_none();
    let pays = matches!(
        command,
        Command::Total | Command::Cash | Command::Cashless | Command::Loyalty | Command::Note(_)
    );
    if starts && !(open && pays && state.overlays.is_empty()) {
        return fail("pays");
    }
    let detached = command == Command::Park && matches!(state.sale.step, Step::Unknown(_));
    let discarded = command == Command::DiscardSale;
    let same = state.sale.basket == after.sale.basket && state.sale.card == after.sale.card;
    let fixed = match state.sale.step {
        Step::Tender(_) => !discarded,
        Step::Paying(_) => true,
        Step::Unknown(_) => !detached,
        Step::Basket(_) | Step::Done(_) => false,
    };
    if fixed && !same {
        return fail("changes a sale that is being paid");
    }
    // A key that only rings is refused; these ring where there is nothing left to do, or because
    // of what is typed.
    let moves = [Command::Up, Command::Down, Command::PageUp, Command::PageDown];
    let judges = !matches!(command.row().unwrap().takes, Takes::Anything | Takes::Nothing);
    let silent =
        judges || moves.contains(&command) || command.row().unwrap().over == Over::Everything;
    let rings = effects == [Effect::Bell] && notices(&after) == before;
    if rings && !silent && lasting(&after) == lasting(state) {
        return fail("only rings");
    }
    Ok(())
}

/// The same till, disturbed: covered, locked, with something typed, with a slow or full disk.
fn disturbed(state: &State) -> Vec<State> {
    let with = |change: &dyn Fn(&mut State)| {
        let mut state = state.clone();
        // A press or a key that waits would act as well.
        state.press = None;
        state.entry.held = None;
        change(&mut state);
        state.due_shown &= state.overlays.is_empty() && !state.too_small;
        state
    };
    let over = |overlay: Overlay| with(&move |state| state.overlays.cover(overlay.clone()));
    vec![
        with(&|_| ()),
        with(&|state| "15".clone_into(&mut state.entry.text)),
        with(&|state| state.saving = Some(state.now)),
        with(&|state| state.stopped = Some("full".to_owned())),
        with(&|state| state.server = ServerKind::Live),
        with(&|state| state.too_small = true),
        over(Overlay::Help(Help(0))),
        over(Overlay::History(History::default())),
        over(Overlay::Confirm(Command::Quit)),
        over(Overlay::Locked),
        over(Overlay::Pairing),
    ]
}

fn shown(state: &State, settings: &Settings) -> String {
    let (theme, profile) = (Theme::dark(), Profile::default());
    let view = View { settings, lang: Lang::En, theme: &theme, profile: &profile };
    as_text(state, &view, 200, 60)
}

/// Every entry of the legend names a command that works.
fn legend_is_true(state: &State, settings: &Settings) -> Result<(), String> {
    if !state.overlays.is_empty() || state.too_small || state.missing_end.is_some() {
        return Ok(());
    }
    let text = shown(state, settings);
    let rows: Vec<&str> = text.lines().rev().take(2).collect();
    for entry in rows.iter().flat_map(|row| row.split("   ")).map(str::trim) {
        let Some((key, label)) = entry.split_once(' ') else { continue };
        let named = |command: Command| Lang::En.label(command) == label;
        let command = match label {
            "pay" => Command::Total,
            "back" => Command::Clear,
            "break off" => Command::AbortPayment,
            "serve next" => Command::Park,
            _ if key == "→" => continue,
            _ => COMMANDS.iter().map(|row| row.command).find(|it| named(*it)).ok_or(entry)?,
        };
        if let Err(refusal) = allowed_after_typing(command, state, settings) {
            return Err(format!("the legend shows {entry:?}, refused by {refusal:?}\n{text}"));
        }
    }
    Ok(())
}

/// A row of the menu is grey and says why, or works when it is chosen.
fn menu_is_true(state: &State, settings: &Settings) -> Result<(), String> {
    let kept = |overlay: &&Overlay| matches!(overlay, Overlay::Pairing | Overlay::ConfirmReturn(_));
    let mut open = State { entry: Entry::default(), ..state.clone() };
    open.entry.multiplier = state.entry.multiplier;
    open.overlays = state.overlays.iter().filter(kept).cloned().collect();
    open.overlays.cover(Overlay::Menu(Menu(0)));
    if state.is_locked() || state.too_small || state.missing_end.is_some() {
        return Ok(());
    }
    let text = shown(&open, settings);
    for (row, command) in menu_commands("", settings).into_iter().enumerate() {
        let answer = allowed_in_menu(command, &open, settings);
        let why = answer.err().and_then(|refusal| refusal.message(command, &open));
        let words = match &why {
            Some(why) => Lang::En.message(why, settings),
            None => Lang::En.help(command).into_owned(),
        };
        let words: String = words.chars().take(40).collect();
        if !text.contains(&words) {
            return Err(format!("the menu does not say {words:?}\n{text}"));
        }
        let mut chosen = open.clone();
        chosen.overlays.close();
        chosen.overlays.cover(Overlay::Menu(Menu(row)));
        let (after, _) = pressed(Command::Post, &chosen, settings);
        let before = notices(&open);
        let new = |message: &Message| notices(&after).contains(&format!("{message:?}"));
        match (answer, why) {
            (Err(_), Some(why)) if !new(&why) && open.more_errors.len() < 40 => {
                return Err(format!("{command:?} does not say {why:?}"));
            }
            (Ok(()), _) => {
                let nowhere = Message::NotHere(command);
                if new(&nowhere) && !before.contains(&format!("{nowhere:?}")) {
                    return Err(format!("the menu offers {command:?}, which does nothing here"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn look(state: &State, settings: &Settings) -> Result<(), String> {
    // As many as a test has time for, each step among them.
    static SEEN: OnceLock<Mutex<BTreeMap<String, u32>>> = OnceLock::new();
    let kind = {
        let step = format!("{:?}", std::mem::discriminant(&state.sale.step));
        let over = state.overlays.last().map(std::mem::discriminant);
        let notice = state.notice.as_ref().map(|Notice { level, .. }| *level);
        format!("{step} {over:?} {notice:?} {}", state.sale.basket.is_empty())
    };
    let mut seen = SEEN.get_or_init(Default::default).lock().unwrap();
    let times = seen.entry(kind).or_default();
    *times += 1;
    if !times.is_power_of_two() || times.trailing_zeros() % 2 == 1 {
        return Ok(());
    }
    drop(seen);
    let over = state.overlays.len();
    for state in disturbed(state) {
        for row in COMMANDS {
            match allowed(row.command, &state, settings) {
                // Where nothing can be seen, Enter ends the line that is refused there.
                Err(_) if row.command == Command::Post => {}
                Err(refusal) => changes_nothing(refusal, row.command, &state, settings)?,
                Ok(()) => is_in_place(row.command, &state, settings)?,
            }
        }
        if state.overlays.len() == over {
            legend_is_true(&state, settings)?;
            menu_is_true(&state, settings)?;
        }
    }
    Ok(())
}

#[test]
fn at_random_tills_what_is_refused_changes_nothing_and_what_is_allowed_is_in_place() {
    for seed in 0..6 {
        let plan = Plan { look: Some(look), ..plan(seed, 10, Variant::Real) };
        let outcome = run(seed, plan, false);
        if let Some(violation) = outcome.violation {
            panic!("{}\n{}", violation.what, report(&violation, plan).lines().last().unwrap());
        }
    }
}

#[test]
fn a_role_that_is_missing_is_the_reason() {
    // No command needs a role yet: the answer itself is tested where the rows are.
    let message = Message::RoleMissing(Command::DiscardSale, kasse::till::Role::Supervisor);
    let settings = Settings::default();
    assert_eq!(Lang::En.message(&message, &settings), "\"void all\" needs a supervisor.");
    let german = Lang::De.message(&message, &settings);
    assert_eq!(german, "\"alles Storno\" ist der Kassenaufsicht vorbehalten.");
}

#[test]
fn the_methods_of_the_tender_are_offered_as_they_work() {
    let [_, _, tender, ..] = steps();
    let answer = |command| allowed(command, &tender.state, &tender.settings);
    assert!(matches!(&tender.state.sale.step, Step::Tender(it) if it.method == StartMethod::Cash));
    assert_eq!(answer(Command::Cashless), Ok(()));
    assert!(matches!(answer(Command::Loyalty), Err(Refusal::Remainder(_))));
    let menu = allowed_in_menu(Command::Total, &tender.state, &tender.settings);
    assert_eq!(menu, Err(Refusal::EnterNeverPays));
}
