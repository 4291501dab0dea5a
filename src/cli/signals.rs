use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::event::CancelCause;
use crate::run::CancelHandle;

use super::Exit;
use super::failure::Failure;

/// The signals that stop a run, by number: hang-up, interrupt, quit, terminate.
const STOPPING: [i32; 4] = [1, 2, 3, 15];

/// Stops the run when a signal comes: the first lets it remove what it made, the second gives that up, the third ends the
/// process at once. Runs until it is aborted.
pub(super) async fn watch(handle: CancelHandle) {
    let mut watched: Vec<_> =
        STOPPING.iter().filter_map(|number| Some((*number, signal(SignalKind::from_raw(*number)).ok()?))).collect();
    let mut seen = 0;
    loop {
        let number = first(&mut watched).await;
        seen += 1;
        if seen > 2 {
            // Whoever asks three times does not want to wait.
            let _ = signal_hook::low_level::emulate_default_handler(number);
        }
        handle.cancel(CancelCause::Signal(number));
    }
}

/// How long what is stopped by [`insist`] may take to say so itself.
const LAST_WORDS: Duration = Duration::from_millis(800);

/// Stops, when a signal comes, what leaves nothing behind; soon after, the process dies of the signal, whatever it is doing.
/// It is watched for on a thread of its own, since the others may be busy for ever.
pub(super) fn insist(handle: CancelHandle) -> Result<(), Failure> {
    let failed = |error| Failure::internal(format!("signals cannot be watched: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let watch = move || {
        runtime.block_on(async {
            let number = any().await;
            handle.cancel(CancelCause::Signal(number));
            tokio::time::sleep(LAST_WORDS).await;
            let _ = signal_hook::low_level::emulate_default_handler(number);
        });
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(watch).map(drop).map_err(failed)
}

/// Waits for one of the stopping signals. It listens from the call on, so that whoever is told something after it may stop
/// the program at once. Needs a runtime around it.
pub(super) fn any() -> impl Future<Output = i32> {
    let mut watched: Vec<_> =
        STOPPING.iter().filter_map(|number| Some((*number, signal(SignalKind::from_raw(*number)).ok()?))).collect();
    async move { first(&mut watched).await }
}

async fn first(watched: &mut [(i32, tokio::signal::unix::Signal)]) -> i32 {
    std::future::poll_fn(|context| {
        for (number, signal) in watched.iter_mut() {
            if signal.poll_recv(context).is_ready() {
                return std::task::Poll::Ready(*number);
            }
        }
        std::task::Poll::Pending
    })
    .await
}

/// Where a signal stopped the program, it dies of that signal, so that whoever started it sees the truth.
pub(super) fn die_of(exit: Exit) {
    if let Exit::Signal(number) = exit {
        let _ = signal_hook::low_level::emulate_default_handler(number);
    }
}
