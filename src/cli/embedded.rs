use crate::suite::Embedded;

/// The suites that are part of the program, by name: the files of `specs/`. A test compares the list with the folder.
pub static EMBEDDED_SUITES: &[(&str, Embedded)] = &[
    ("cxone", Embedded { origin: "embedded:cxone", files: CXONE }),
    ("oidc", Embedded { origin: "embedded:oidc", files: OIDC }),
];

/// Pairs each path within a suite's folder with the bytes of the file.
macro_rules! files {
    ($folder:literal: $($path:literal,)+) => {
        &[$(($path, include_bytes!(concat!("../../specs/", $folder, "/", $path)))),+]
    };
}

const CXONE: &[(&str, &[u8])] = files![
    "cxone":
    "flows/drain.yaml",
    "flows/join-session.yaml",
    "flows/see-state.yaml",
    "flows/set-state.yaml",
    "flows/start-session.yaml",
    "flows/until-ended.yaml",
    "requirements.yaml",
    "scenarios/auth/again.yaml",
    "scenarios/auth/bad-token.yaml",
    "scenarios/auth/client-403.yaml",
    "scenarios/auth/client-no-refresh.yaml",
    "scenarios/auth/discovery.yaml",
    "scenarios/auth/expired.yaml",
    "scenarios/auth/grants-legacy.yaml",
    "scenarios/auth/lifetime.yaml",
    "scenarios/auth/other-grants-legacy.yaml",
    "scenarios/auth/password-openid.yaml",
    "scenarios/auth/refresh-bogus.yaml",
    "scenarios/auth/refresh-late.yaml",
    "scenarios/auth/refresh.yaml",
    "scenarios/auth/wrong-application.yaml",
    "scenarios/auth/wrong-client-openid.yaml",
    "scenarios/auth/wrong-credentials-legacy.yaml",
    "scenarios/events/bad-timeout.yaml",
    "scenarios/events/new-id-quiet.yaml",
    "scenarios/events/new-id.yaml",
    "scenarios/events/no-loss.yaml",
    "scenarios/events/old-id.yaml",
    "scenarios/general/async-is-202.yaml",
    "scenarios/general/rejected-change.yaml",
    "scenarios/general/report-job.yaml",
    "scenarios/general/report-unknown.yaml",
    "scenarios/general/state-settles.yaml",
    "scenarios/general/sync-is-200.yaml",
    "scenarios/sessions/end-for-all.yaml",
    "scenarios/sessions/end-twice.yaml",
    "scenarios/sessions/end-unknown.yaml",
    "scenarios/sessions/join-distinct.yaml",
    "scenarios/sessions/join-nothing.yaml",
    "scenarios/sessions/joined-see-same.yaml",
    "scenarios/sessions/start-after-end.yaml",
    "scenarios/sessions/start-other-user.yaml",
    "scenarios/sessions/start-twice.yaml",
    "schemas/agents.json",
    "schemas/error.json",
    "schemas/event.json",
    "schemas/jwks.json",
    "schemas/next-event.json",
    "schemas/openid-configuration.json",
    "schemas/report-job-started.json",
    "schemas/report-job.json",
    "schemas/server-time.json",
    "schemas/session-started.json",
    "schemas/token-answer.json",
    "schemas/token-lifetime.json",
    "seed-faq.txt",
    "suite.yaml",
    "targets.yaml",
];

const OIDC: &[(&str, &[u8])] = files![
    "oidc":
    "flows/discover.yaml",
    "flows/keys.yaml",
    "requirements.yaml",
    "scenarios/authorization/no-challenge.yaml",
    "scenarios/authorization/response-type.yaml",
    "scenarios/authorization/silent.yaml",
    "scenarios/authorization/unknown-client.yaml",
    "scenarios/authorization/unregistered-redirect.yaml",
    "scenarios/discovery/challenges.yaml",
    "scenarios/discovery/configuration.yaml",
    "scenarios/discovery/https.yaml",
    "scenarios/discovery/keys.yaml",
    "scenarios/introspection/live.yaml",
    "scenarios/introspection/made-up.yaml",
    "scenarios/introspection/nobody.yaml",
    "scenarios/token/client-credentials.yaml",
    "scenarios/token/client.yaml",
    "scenarios/token/grant.yaml",
    "scenarios/userinfo/bad-token.yaml",
    "schemas/error-answer.json",
    "schemas/jwks.json",
    "schemas/openid-configuration.json",
    "schemas/token-answer.json",
    "suite.yaml",
];
