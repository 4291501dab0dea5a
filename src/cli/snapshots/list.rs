use serde_json::{Value, json};

use crate::cli::Exit;
use crate::cli::args::Format;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::cli::words::counted;
use crate::report::Role;
use crate::snapshot::{Difference, Held, Metadata, Name, suspicions};

use super::prune::orphans;
use super::shelf::{Shelf, failed};

/// What is to be said of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Accepted,
    New,
    Differs,
    Orphan,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::New => "new",
            Self::Differs => "differs",
            Self::Orphan => "orphan",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Accepted => Role::Plain,
            Self::New => Role::Good,
            Self::Differs => Role::Bad,
            Self::Orphan => Role::Odd,
        }
    }
}

struct Entry {
    name: Name,
    held: Held,
    state: State,
    /// Of one that waits; otherwise of the one that was accepted.
    metadata: Metadata,
    /// What cannot be seen from its name.
    remark: String,
}

/// `assize snapshots list`.
pub(super) fn execute(shelves: &[Shelf], format: Format, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut told = Vec::new();
    for shelf in shelves {
        let entries = entries(shelf, terminal)?;
        match format {
            Format::Human => tell(shelf, &entries, terminal),
            Format::Json => told.extend(entries.iter().map(|entry| plain(shelf, entry))),
        }
    }
    if format == Format::Json {
        let text =
            serde_json::to_string_pretty(&json!({ "format": 1, "snapshots": told })).map_err(Failure::internal)?;
        terminal.say(&format!("{text}\n"));
    }
    Ok(Exit::Pass)
}

fn entries(shelf: &Shelf, terminal: &mut Terminal) -> Result<Vec<Entry>, Failure> {
    let held = shelf.store.held().map_err(|error| failed(&error))?;
    let orphans = orphans(shelf, terminal)?;
    Ok(held
        .into_iter()
        .map(|(name, held)| {
            let state = match held {
                _ if orphans.iter().any(|(orphan, _)| *orphan == name) => State::Orphan,
                Held { pending: false, .. } => State::Accepted,
                Held { accepted: true, .. } => State::Differs,
                Held { accepted: false, .. } => State::New,
            };
            let (metadata, remark) = look(shelf, &name, held);
            Entry { name, held, state, metadata, remark }
        })
        .collect())
}

fn look(shelf: &Shelf, name: &Name, held: Held) -> (Metadata, String) {
    let accepted = shelf.store.read_accepted(name);
    if !held.pending {
        return match accepted {
            Ok(accepted) => (accepted.map(|it| it.metadata).unwrap_or_default(), String::new()),
            Err(error) => (Metadata::default(), error.to_string()),
        };
    }
    match (shelf.store.read_pending(name), accepted) {
        (Ok(pending), _) if !suspicions(&pending.to_file()).is_empty() => {
            (pending.metadata, "may hold a secret: cannot be accepted".to_owned())
        }
        (Ok(pending), Ok(Some(accepted))) => {
            let changed = Difference::between(&accepted.text, &pending.text).changed();
            (pending.metadata, counted(changed, "line").replace("line", "changed line"))
        }
        (Ok(pending), Ok(None)) => {
            let lines = pending.text.as_str().lines().count();
            (pending.metadata, counted(lines, "line"))
        }
        (Err(error), _) | (Ok(_), Err(error)) => (Metadata::default(), error.to_string()),
    }
}

fn tell(shelf: &Shelf, entries: &[Entry], terminal: &mut Terminal) {
    let count = |state: State| entries.iter().filter(|entry| entry.state == state).count();
    let waiting = count(State::New) + count(State::Differs);
    let mut text = format!(
        "{}: {} accepted, {waiting} waiting, {}\n",
        shelf.suite,
        entries.iter().filter(|entry| entry.held.accepted && entry.state != State::Orphan).count(),
        counted(count(State::Orphan), "orphan")
    );
    let told: Vec<&Entry> =
        entries.iter().filter(|entry| entry.state != State::Accepted || !entry.remark.is_empty()).collect();
    let widest = told.iter().map(|entry| entry.name.as_str().chars().count()).max().unwrap_or(0);
    for entry in told {
        let word = terminal.paint().dress(entry.state.role(), &format!("{:8}", entry.state.as_str()));
        let place = shelf.place_of(&entry.metadata);
        let line = format!("  {word} {:widest$}  {place}  {}", entry.name.as_str(), entry.remark);
        text.push_str(crate::diag::visible(line.trim_end()).as_ref());
        text.push('\n');
    }
    terminal.say(&text);
}

fn plain(shelf: &Shelf, entry: &Entry) -> Value {
    json!({
        "suite": shelf.suite,
        "name": entry.name.as_str(),
        "state": entry.state.as_str(),
        "accepted": entry.held.accepted.then(|| shelf.path(&entry.name.file())),
        "pending": entry.held.pending.then(|| shelf.path(&entry.name.pending_file())),
        "source": entry.metadata.source,
        "line": entry.metadata.line,
        "description": entry.metadata.description,
        "remark": entry.remark,
    })
}
