use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::cli::failure::Failure;
use crate::cli::signals;

/// Why waiting has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// Something happened to a file.
    Stirred,
    /// Somebody asks to stop.
    Signal,
}

/// An editor that saves writes, renames and removes: that long after the last of it, it is over.
const QUIET: Duration = Duration::from_millis(80);
/// And that long after the first of it, it is over in any case.
const LONGEST: Duration = Duration::from_secs(2);

/// What is waited for: changes below some folders, and a signal.
pub(super) struct Bell {
    rings: Receiver<Woken>,
    watcher: RecommendedWatcher,
}

impl Bell {
    /// Listens for signals from here on, also while a run does.
    pub(super) fn new() -> Result<Self, Failure> {
        let (sender, rings) = channel();
        listen_for_signals(sender.clone())?;
        let ring = move |event: notify::Result<notify::Event>| {
            // That a file was read is no news: the run itself reads them. Whoever has gone needs no news.
            if event.is_ok_and(|event| !event.kind.is_access()) {
                let _ = sender.send(Woken::Stirred);
            }
        };
        let watcher = notify::recommended_watcher(ring).map_err(|error| failed(&error))?;
        Ok(Self { rings, watcher })
    }

    /// Listens for changes in this folder.
    pub(super) fn listen(&mut self, folder: &Path, depth: RecursiveMode) -> Result<(), Failure> {
        self.watcher.watch(folder, depth).map_err(|error| failed(&error))
    }

    /// Waits until something has happened, and whatever belongs to it is over.
    pub(super) fn wait(&self) -> Woken {
        // Without anybody who could ring there is nothing to wait for.
        if self.rings.recv() != Ok(Woken::Stirred) {
            return Woken::Signal;
        }
        let first = Instant::now();
        while first.elapsed() < LONGEST {
            match self.rings.recv_timeout(QUIET) {
                Ok(Woken::Stirred) => {}
                Ok(Woken::Signal) | Err(RecvTimeoutError::Disconnected) => return Woken::Signal,
                Err(RecvTimeoutError::Timeout) => break,
            }
        }
        Woken::Stirred
    }
}

fn failed(error: &notify::Error) -> Failure {
    Failure::usage(format!("files cannot be watched: {error}"))
}

/// Signals are told on a thread of their own, so that none is lost between two runs.
fn listen_for_signals(sender: Sender<Woken>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::internal(format!("signals cannot be watched: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (ready, is_ready) = channel();
    let listen = move || {
        runtime.block_on(async {
            let mut asked = std::pin::pin!(signals::any());
            // What is not polled once does not listen yet.
            let at_once = std::future::poll_fn(|context| std::task::Poll::Ready(asked.as_mut().poll(context))).await;
            let _ = ready.send(());
            if at_once.is_pending() {
                asked.await;
            }
            let _ = sender.send(Woken::Signal);
        });
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listen).map_err(failed)?;
    is_ready.recv().map_err(Failure::internal)
}
