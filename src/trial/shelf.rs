use crate::diag::Place;
use crate::event::{SnapshotMetadata, SnapshotMode};
use crate::judge::{Snapshots, StandIns};
use crate::snapshot::{Name, Text};
use crate::suite::{Step, StepKind, Suite};
use crate::value::{Json, JsonPath};

use super::frame::Owner;
use super::scope::Names;
use super::trial::Trial;

/// What snapshots are compared with at a step.
pub(super) struct Shelf<'a> {
    pub(super) suite: &'a Suite,
    /// What names mean after the step's own captures.
    pub(super) names: Names<'a>,
    pub(super) mode: SnapshotMode,
}

impl Snapshots for Shelf<'_> {
    fn accepted(&self, name: &Name) -> Option<&Text> {
        self.suite.snapshots.get(name).map(|accepted| &accepted.text)
    }

    fn volatile(&self) -> &[JsonPath] {
        &self.suite.volatile
    }

    fn stand_ins(&self) -> StandIns {
        let mut all = StandIns::default();
        for (name, value) in self.names.set {
            match self.names.own.get(name) {
                None => all.capture(name, value),
                // The step has set it anew, and the answer may hold what it was before as well.
                Some(now) if now != value => all.capture(&format!("sent.{name}"), value),
                Some(_) => {}
            }
        }
        for (name, value) in self.names.own {
            all.capture(name, value);
        }
        for name in ["case", "run"] {
            let members = self.names.case.given(name).and_then(Json::as_object).unwrap_or_default();
            for (member, value) in members {
                all.give(&format!("{name}.{member}"), value);
            }
        }
        let endpoints = self.suite.provides.endpoints.keys().map(String::as_str);
        for url in std::iter::once("base_url").chain(endpoints).filter_map(|name| self.names.case.given(name)) {
            all.host(url);
        }
        all
    }

    fn mode(&self) -> SnapshotMode {
        self.mode
    }
}

impl Trial {
    /// What is kept beside the text of a snapshot that `step` compares with at `place`.
    pub(super) fn snapshot_metadata(&self, step: &Step, place: Option<&Place>) -> SnapshotMetadata {
        let description = match self.frames.last().map(|frame| &frame.owner) {
            Some(Owner::Scenario(scenario)) => scenario.title.clone(),
            Some(Owner::Flow(flow)) => flow.text.clone(),
            None => String::new(),
        };
        SnapshotMetadata {
            source: place.map(|place| self.path_within(&place.file)).unwrap_or_default(),
            line: place.map_or(0, |place| place.line),
            description,
            request: asked(step),
        }
    }

    /// The path within the suite of a file as it is shown: where the suite lies must not be seen in a snapshot.
    fn path_within(&self, shown: &str) -> String {
        let files = self.suite.manifest.iter().map(|file| file.path.as_str());
        let fits =
            files.filter(|path| shown.strip_suffix(path).is_some_and(|rest| rest.is_empty() || rest.ends_with('/')));
        fits.max_by_key(|path| path.len()).unwrap_or(shown).to_owned()
    }
}

/// What a step asks, as it stands in the suite.
fn asked(step: &Step) -> String {
    match &step.kind {
        StepKind::Request(request) => format!("{} {}", request.method, request.place.template().text()),
        StepKind::Token { device, .. } => format!("token {device}"),
        StepKind::Authorize { device, .. } => format!("authorize {device}"),
        StepKind::Together(_) | StepKind::Elapse(_) | StepKind::Use { .. } | StepKind::Judge => String::new(),
    }
}
