use crate::sandbox::credentials::{Credentials, REDIRECT_URI};

/// An application registered with the current sign-in (OAuth 2, OpenID Connect).
#[derive(Clone)]
pub(crate) struct OpenIdClient {
    pub(crate) id: String,
    /// `None` for an application that cannot keep one: it has a user interface.
    pub(crate) secret: Option<String>,
    /// Where a browser may be sent after the sign-in.
    pub(crate) redirect_uri: &'static str,
}

/// An application registered in Central, for the token service of the first generation.
#[derive(Clone)]
pub(crate) struct CentralApplication {
    /// `Application@Vendor`.
    pub(crate) name: String,
    /// What stands in place of the business unit in the client grant.
    pub(crate) application_id: String,
    /// Where a browser may be sent after the sign-in.
    pub(crate) redirect_uri: &'static str,
}

/// The applications that may ask this tenant for tokens.
#[derive(Clone)]
pub(crate) struct Applications {
    pub(crate) back_end: OpenIdClient,
    pub(crate) user_interface: OpenIdClient,
    pub(crate) central: CentralApplication,
}

impl Applications {
    /// The applications that `credentials` are for.
    pub(crate) fn of(credentials: &Credentials) -> Self {
        Self {
            back_end: OpenIdClient {
                id: credentials.back_end_id.clone(),
                secret: Some(credentials.back_end_secret.clone()),
                redirect_uri: REDIRECT_URI,
            },
            user_interface: OpenIdClient {
                id: credentials.user_interface_id.clone(),
                secret: None,
                redirect_uri: REDIRECT_URI,
            },
            central: CentralApplication {
                name: credentials.central_name.clone(),
                application_id: credentials.application_id.clone(),
                redirect_uri: REDIRECT_URI,
            },
        }
    }

    /// The client of this id.
    pub(crate) fn open_id_client(&self, is_it: impl Fn(&str) -> bool) -> Option<&OpenIdClient> {
        [&self.back_end, &self.user_interface].into_iter().find(|client| is_it(&client.id))
    }
}
