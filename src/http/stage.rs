use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::event::Phase;

tokio::task_local! {
    static STAGE: Stage;
}

/// Whether a connection is being made for an exchange, as told from within the client that makes it.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage {
    connecting: Arc<AtomicBool>,
}

impl Stage {
    /// Runs `exchange`; connections that are made within it note themselves here.
    pub(super) async fn watch<F: Future>(&self, exchange: F) -> F::Output {
        STAGE.scope(self.clone(), exchange).await
    }

    /// The phase of an exchange that is in `phase` as far as it knows itself.
    pub(super) fn within(&self, phase: Phase) -> Phase {
        if phase == Phase::Headers && self.connecting.load(Ordering::Relaxed) { Phase::Connect } else { phase }
    }
}

/// Makes a connection, and notes that with the exchange that waits for it.
pub(super) async fn noted<F: Future>(connection: F) -> F::Output {
    // A connection that nobody waits for any more is finished elsewhere, outside of every exchange.
    let stage = STAGE.try_with(Stage::clone).unwrap_or_default();
    stage.connecting.store(true, Ordering::Relaxed);
    let made = connection.await;
    stage.connecting.store(false, Ordering::Relaxed);
    made
}
