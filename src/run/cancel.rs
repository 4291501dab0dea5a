use tokio::sync::watch;

use crate::event::CancelCause;

/// How far a run is being stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    /// Nothing new is started; what was made is removed.
    Begun(CancelCause),
    /// Removing is given up too.
    Abandoned(CancelCause),
}

/// Stops a run; see [`Cancel`].
#[derive(Clone, Debug)]
pub struct CancelHandle {
    state: watch::Sender<State>,
}

/// Tells whether the run is being stopped.
#[derive(Clone, Debug)]
pub struct Cancel {
    state: watch::Receiver<State>,
}

impl CancelHandle {
    /// A run that is not being stopped.
    #[must_use]
    pub fn new() -> (Self, Cancel) {
        let (sender, receiver) = watch::channel(State::Running);
        (Self { state: sender }, Cancel { state: receiver })
    }

    /// Stops the run: what was made is removed. When it is being stopped already, removing is given up.
    pub fn cancel(&self, cause: CancelCause) {
        self.state.send_modify(|state| {
            *state = match *state {
                State::Running => State::Begun(cause),
                State::Begun(first) | State::Abandoned(first) => State::Abandoned(first),
            };
        });
    }

    /// Stops the run unless it is being stopped already.
    pub fn begin(&self, cause: CancelCause) {
        self.state.send_if_modified(|state| {
            let is_running = *state == State::Running;
            if is_running {
                *state = State::Begun(cause);
            }
            is_running
        });
    }

    /// Gives up removing.
    pub fn abandon(&self) {
        self.state.send_modify(|state| {
            if let State::Begun(cause) = *state {
                *state = State::Abandoned(cause);
            }
        });
    }
}

impl Cancel {
    /// Why the run is being stopped, if it is.
    #[must_use]
    pub fn cause(&self) -> Option<CancelCause> {
        match *self.state.borrow() {
            State::Running => None,
            State::Begun(cause) | State::Abandoned(cause) => Some(cause),
        }
    }

    /// Whether removing was given up.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        matches!(*self.state.borrow(), State::Abandoned(_))
    }

    /// Waits until the run is being stopped.
    pub async fn begun(&self) -> CancelCause {
        let mut state = self.state.clone();
        let begun = state.wait_for(|state| *state != State::Running).await.map(|state| *state);
        match begun {
            Ok(State::Begun(cause) | State::Abandoned(cause)) => cause,
            // Nobody is left who could stop the run.
            Ok(State::Running) | Err(_) => std::future::pending().await,
        }
    }

    /// Waits until removing is given up.
    pub async fn abandoned(&self) {
        let mut state = self.state.clone();
        if state.wait_for(|state| matches!(state, State::Abandoned(_))).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
