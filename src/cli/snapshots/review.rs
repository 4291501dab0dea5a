use std::io::{self, IsTerminal as _};

use console::{Key, Term};

use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::diag::visible;
use crate::report::{Role, draw_difference};
use crate::snapshot::{Difference, Name, StoreError, Text};

use super::shelf::{Shelf, chosen};

/// More lines of one snapshot than this are not looked at by anybody.
const MOST_LINES: usize = 2000;

const KEYS: &str = "a accept   r reject   s skip   A accept all the rest   q quit   ? help";
const HELP: &str = "\
\x20 a  accept: this is how the answer is to be from now on; the file is to be committed
  r  reject: the answer is wrong; what was accepted stays, and the next run fails again
  s  skip: decide later; it goes on waiting
  A  accept this one and all the rest
  q  quit: the rest goes on waiting
";

/// What somebody decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Accept,
    Reject,
    Skip,
    AcceptRest,
    Quit,
    Help,
}

impl Decision {
    /// What is said when it was carried out.
    fn done(self) -> &'static str {
        match self {
            Self::Accept | Self::AcceptRest => "accepted",
            Self::Reject => "rejected",
            Self::Skip | Self::Quit | Self::Help => "skipped",
        }
    }

    /// What a key means; nothing where it has no meaning.
    fn of(key: &Key) -> Option<Self> {
        if *key == Key::Escape {
            return Some(Self::Quit);
        }
        let Key::Char(letter) = key else { return None };
        match letter {
            'a' => Some(Self::Accept),
            'r' => Some(Self::Reject),
            's' => Some(Self::Skip),
            'A' => Some(Self::AcceptRest),
            'q' => Some(Self::Quit),
            '?' | 'h' => Some(Self::Help),
            _ => None,
        }
    }
}

#[derive(Debug, Default)]
struct Tally {
    accepted: usize,
    rejected: usize,
    skipped: usize,
    refused: usize,
}

/// `assize snapshots review`.
pub(super) fn execute(shelves: &[Shelf], terminal: &mut Terminal) -> Result<Exit, Failure> {
    let waiting = chosen(shelves, &[])?;
    if waiting.is_empty() {
        terminal.say("nothing waits to be looked at\n");
        return Ok(Exit::Pass);
    }
    let waits =
        if waiting.len() == 1 { "1 snapshot waits".to_owned() } else { format!("{} snapshots wait", waiting.len()) };
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::usage(format!(
            "{waits} to be looked at, and `review` asks at a terminal; without one, `assize snapshots list` tells of \
             them, `accept NAME` and `reject NAME` decide"
        )));
    }
    let mut tally = Tally::default();
    let mut keys = Keys { term: Term::stdout(), rest: None };
    for (index, (shelf, name)) in waiting.iter().enumerate() {
        let Some(drawn) = draw(shelf, name, (index + 1, waiting.len()), terminal) else {
            // It was decided on elsewhere in the meantime.
            continue;
        };
        terminal.say(&drawn);
        let decision = keys.ask(terminal).map_err(|error| Failure::io(format!("no key could be read: {error}")))?;
        let done = match decision {
            Decision::Accept | Decision::AcceptRest => shelf.store.accept(name).map(|_| &mut tally.accepted),
            Decision::Reject => shelf.store.reject(name).map(|_| &mut tally.rejected),
            Decision::Skip | Decision::Help => Ok(&mut tally.skipped),
            Decision::Quit => {
                tally.skipped += waiting.len() - index;
                break;
            }
        };
        match done {
            Ok(count) => {
                *count += 1;
                terminal.say(&format!("  → {}\n", decision.done()));
            }
            Err(error) => {
                terminal.complain(&format!("error: {}\n", visible(&error.to_string())));
                tally.refused += 1;
            }
        }
    }
    let refused = if tally.refused > 0 { format!(", {} refused", tally.refused) } else { String::new() };
    terminal.say(&format!(
        "\n{} accepted, {} rejected, {} skipped{refused}\n",
        tally.accepted, tally.rejected, tally.skipped
    ));
    Ok(if tally.refused > 0 { Exit::Usage } else { Exit::Pass })
}

/// Where decisions come from.
struct Keys {
    term: Term,
    /// What was decided for all the rest.
    rest: Option<Decision>,
}

impl Keys {
    fn ask(&mut self, terminal: &mut Terminal) -> io::Result<Decision> {
        if let Some(decision) = self.rest {
            return Ok(decision);
        }
        terminal.say(&format!("  {KEYS}\n"));
        loop {
            match Decision::of(&self.term.read_key()?) {
                Some(Decision::Help) => terminal.say(HELP),
                Some(decision) => {
                    self.rest = (decision == Decision::AcceptRest).then_some(decision);
                    return Ok(decision);
                }
                None => {}
            }
        }
    }
}

/// One snapshot: which it is, where its step stands, what differs.
fn draw(shelf: &Shelf, name: &Name, (number, of): (usize, usize), terminal: &Terminal) -> Option<String> {
    let paint = terminal.paint();
    let head = |text: &str| paint.dress(Role::Strong, &visible(text));
    let pending = match shelf.store.read_pending(name) {
        Ok(pending) => pending,
        Err(StoreError::NothingWaits(_)) => return None,
        Err(error) => return Some(format!("\n{}\n  {}\n\n", head(name.as_str()), visible(&error.to_string()))),
    };
    let (accepted, state) = match shelf.store.read_accepted(name) {
        Ok(Some(accepted)) => (accepted.text, "differs from what was accepted"),
        Ok(None) => (Text::new(""), "new"),
        Err(error) => return Some(format!("\n{}\n  {}\n\n", head(name.as_str()), visible(&error.to_string()))),
    };
    let rule = paint.dress(Role::Frame, &format!("── {number} of {of} "));
    let mut out = format!("\n{rule}{} ({state})\n", head(name.as_str()));
    let metadata = &pending.metadata;
    let request = metadata.info.get("request").cloned().unwrap_or_default();
    for line in [metadata.description.clone().unwrap_or_default(), request, shelf.place_of(metadata)] {
        if !line.is_empty() {
            out.push_str("   ");
            out.push_str(&visible(&line));
            out.push('\n');
        }
    }
    out.push('\n');
    out.push_str(&draw_difference(paint, &Difference::between(&accepted, &pending.text), 2, MOST_LINES));
    out.push('\n');
    Some(out)
}
