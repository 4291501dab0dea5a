use crate::diag::nearest;

/// Which file of a suite is what, by its path.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) suite: Vec<String>,
    pub(crate) requirements: Vec<String>,
    pub(crate) targets: Vec<String>,
    pub(crate) defects: Vec<String>,
    pub(crate) flows: Vec<String>,
    pub(crate) scenarios: Vec<String>,
    pub(crate) schemas: Vec<String>,
    pub(crate) snapshots: Vec<String>,
    /// YAML files that are none of these, and where they lie.
    pub(crate) stray: Vec<(String, Place)>,
}

/// Where a file lies that nothing reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a folder whose name is nearly this one.
    Near(&'static str),
    /// Somewhere else.
    Elsewhere,
}

/// Files of a suite's folder that are read by others, at other times.
const OTHERS: [&str; 2] = ["assize", "waivers"];

impl Layout {
    /// Sorts out the files of a suite. Without a `suite.yaml` every YAML file holds scenarios.
    pub(crate) fn of(paths: &[String]) -> Self {
        let mut layout = Self::default();
        let is_bare = paths.iter().all(|path| yaml_stem(path) != Some("suite"));
        for path in paths {
            let Some(stem) = yaml_stem(path) else {
                if is_in(path, "schemas") && ending(path).is_some_and(|(_, it)| it.eq_ignore_ascii_case("json")) {
                    layout.schemas.push(path.clone());
                } else if path.strip_prefix("snapshots/").is_some_and(|file| !file.contains('/'))
                    && ending(path).is_some_and(|(_, it)| it == "snap")
                {
                    layout.snapshots.push(path.clone());
                }
                continue;
            };
            let list = match stem {
                // The operator's own file lies where they run, which may be beside bare scenarios.
                stem if OTHERS.contains(&stem) => continue,
                _ if is_bare => &mut layout.scenarios,
                "suite" => &mut layout.suite,
                "requirements" => &mut layout.requirements,
                "targets" => &mut layout.targets,
                "defects" => &mut layout.defects,
                _ if is_in(path, "scenarios") => &mut layout.scenarios,
                _ if is_in(path, "flows") => &mut layout.flows,
                _ => {
                    layout.stray.push((path.clone(), Place::of(path)));
                    continue;
                }
            };
            list.push(path.clone());
        }
        layout
    }

    /// The id of a scenario that has none, from its path: `scenarios/a/b.yaml` is `a.b`.
    pub(crate) fn scenario_id(path: &str) -> String {
        let path = path.strip_prefix("scenarios/").unwrap_or(path);
        yaml_stem(path).unwrap_or(path).replace('/', ".")
    }

    /// The name of a schema: its path below `schemas/` without the ending.
    pub(crate) fn schema_name(path: &str) -> &str {
        let path = path.strip_prefix("schemas/").unwrap_or(path);
        ending(path).map_or(path, |(stem, _)| stem)
    }
}

impl Place {
    fn of(path: &str) -> Self {
        const FOLDERS: [&str; 3] = ["scenarios", "flows", "schemas"];
        let near = path.split_once('/').and_then(|(folder, _)| nearest(folder, &FOLDERS));
        FOLDERS.into_iter().find(|folder| near == Some(folder)).map_or(Self::Elsewhere, Self::Near)
    }
}

/// The path of a YAML file without its ending.
fn yaml_stem(path: &str) -> Option<&str> {
    let (stem, ending) = ending(path)?;
    ["yaml", "yml"].iter().any(|yaml| ending.eq_ignore_ascii_case(yaml)).then_some(stem)
}

/// A path without its ending, and the ending.
fn ending(path: &str) -> Option<(&str, &str)> {
    path.rsplit_once('.').filter(|(_, ending)| !ending.contains('/'))
}

fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(paths: &[&str]) -> Layout {
        Layout::of(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn every_file_of_a_suite_has_its_place() {
        let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        let found = layout(&[
            "README.md",
            "assize.yaml",
            "bodies/a.bin",
            "defects.yaml",
            "flows/start.yml",
            "login.yaml",
            "requirements.yaml",
            "scenario/c.yaml",
            "scenarios/a.YAML",
            "scenarios/b/c.yaml",
            "schemas/error.json",
            "snapshots/a.b.snap",
            "snapshots/a.b.snap.new",
            "snapshots/more/a.snap",
            "suite.yaml",
            "targets.yaml",
            "waivers.yaml",
        ]);
        assert_eq!(
            found,
            Layout {
                suite: owned(&["suite.yaml"]),
                requirements: owned(&["requirements.yaml"]),
                targets: owned(&["targets.yaml"]),
                defects: owned(&["defects.yaml"]),
                flows: owned(&["flows/start.yml"]),
                scenarios: owned(&["scenarios/a.YAML", "scenarios/b/c.yaml"]),
                schemas: owned(&["schemas/error.json"]),
                snapshots: owned(&["snapshots/a.b.snap"]),
                stray: vec![
                    ("login.yaml".to_owned(), Place::Elsewhere),
                    ("scenario/c.yaml".to_owned(), Place::Near("scenarios"))
                ],
            }
        );
    }

    #[test]
    fn without_a_suite_file_everything_is_a_scenario() {
        let found = layout(&["a.yaml", "assize.yaml", "b/targets.yml", "schemas/x.json"]);
        assert_eq!(found.scenarios, ["a.yaml", "b/targets.yml"]);
        assert_eq!(found.schemas, ["schemas/x.json"]);
        assert!(found.stray.is_empty());
    }

    #[test]
    fn ids_and_names_come_from_paths() {
        assert_eq!(Layout::scenario_id("scenarios/auth/again.yaml"), "auth.again");
        assert_eq!(Layout::scenario_id("hello.yml"), "hello");
        assert_eq!(Layout::schema_name("schemas/events/next.json"), "events/next");
    }
}
