use std::collections::HashMap;
use std::time::Duration;

use super::{Challenge, GrantNumber};
use crate::clock::{Rng, Timestamp};
use crate::sandbox::defects::{Defect, Switches};
use crate::sandbox::tenant::{AgentId, Entropy};

/// How long an authorization code can be exchanged (RFC 6749 §4.1.2: ten minutes at most).
const CODE_LIFETIME: Duration = Duration::from_mins(10);
/// When this many codes are remembered, those that have expired are forgotten.
const MANY: usize = 10_000;

/// Who signed in, for whom, and what must be proven by whoever exchanges the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedIn {
    /// Who.
    pub(crate) agent: AgentId,
    /// When they filled in the page.
    pub(crate) at: Timestamp,
    /// The client that asked.
    pub(crate) client: String,
    /// Where the code was sent.
    pub(crate) redirect_uri: String,
    /// Whose secret the client must know.
    pub(crate) challenge: Option<Challenge>,
    /// What the id token must repeat.
    pub(crate) nonce: Option<String>,
}

/// What a client sends with a code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof<'a> {
    /// Who it is.
    pub(crate) client: &'a str,
    /// Where it says that the code came.
    pub(crate) redirect_uri: &'a str,
    /// The secret of its challenge.
    pub(crate) verifier: Option<&'a str>,
}

/// Why a code gives nothing (RFC 6749 §5.2, RFC 7636 §4.6). All of these are `invalid_grant`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CodeRefusal {
    /// It was never issued, or to another client.
    #[error("The code is invalid")]
    Unknown,
    /// Its time is over.
    #[error("The code has expired")]
    Expired,
    /// It has been exchanged before, for the tokens of this grant: they must not work any longer (RFC 6749 §4.1.2).
    #[error("The code has been used already")]
    Used(GrantNumber),
    /// It was sent elsewhere.
    #[error("The code was not sent to this redirect_uri")]
    OtherRedirect,
    /// The verifier is not the one of the challenge, or one of the two is missing.
    #[error("The code_verifier does not match the code_challenge")]
    WrongVerifier,
}

struct Code {
    signed_in: SignedIn,
    expires: Timestamp,
    used_for: Option<GrantNumber>,
}

/// Every authorization code that is remembered.
pub(crate) struct Codes {
    known: HashMap<String, Code>,
    rng: Rng,
    defects: Switches,
}

impl Codes {
    /// Nobody has signed in yet.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self { known: HashMap::new(), rng: entropy.stream("codes"), defects: Switches::default() }
    }

    /// The same with the tenant's defects.
    pub(crate) fn with(self, defects: Switches) -> Self {
        Self { defects, ..self }
    }

    /// A new code. Clients put it into forms without encoding it: nothing in it needs that.
    pub(crate) fn issue(&mut self, signed_in: SignedIn, now: Timestamp) -> String {
        if self.known.len() >= MANY {
            self.known.retain(|_, code| code.expires > now);
        }
        let text = self.rng.hex(32);
        self.known.insert(text.clone(), Code { signed_in, expires: now.plus(CODE_LIFETIME), used_for: None });
        text
    }

    /// Exchanges a code for the right to issue the tokens of `grant`. A refused attempt does not use it up.
    pub(crate) fn redeem(
        &mut self,
        code: &str,
        proof: Proof<'_>,
        grant: GrantNumber,
        now: Timestamp,
    ) -> Result<SignedIn, CodeRefusal> {
        let code = self.known.get_mut(code).filter(|code| code.signed_in.client == proof.client);
        let code = code.ok_or(CodeRefusal::Unknown)?;
        if let Some(used_for) = code.used_for.filter(|_| !self.defects.has(Defect::CodeWorksTwice)) {
            return Err(CodeRefusal::Used(used_for));
        }
        if code.expires <= now && !self.defects.has(Defect::CodeNeverExpires) {
            return Err(CodeRefusal::Expired);
        }
        if code.signed_in.redirect_uri != proof.redirect_uri && !self.defects.has(Defect::CodeOtherRedirect) {
            return Err(CodeRefusal::OtherRedirect);
        }
        let is_proven = match (&code.signed_in.challenge, proof.verifier) {
            (Some(challenge), Some(verifier)) => {
                challenge.is_met_by(verifier) || self.defects.has(Defect::CodeWrongVerifier)
            }
            (Some(_), None) if self.defects.has(Defect::CodeWithoutVerifier) => true,
            (None, None) => true,
            // A verifier without a challenge: somebody has taken the challenge out of the request.
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !is_proven {
            return Err(CodeRefusal::WrongVerifier);
        }
        code.used_for = Some(grant);
        Ok(code.signed_in.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const PROOF: Proof<'static> = Proof {
        client: "ui",
        redirect_uri: "https://a.example/",
        verifier: Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    };

    fn signed_in(at: Timestamp) -> SignedIn {
        SignedIn {
            agent: AgentId(1),
            at,
            client: "ui".to_owned(),
            redirect_uri: "https://a.example/".to_owned(),
            challenge: Challenge::read(Some(CHALLENGE), Some("S256")).unwrap(),
            nonce: None,
        }
    }

    fn fresh() -> (Codes, Timestamp, String) {
        let mut codes = Codes::new(&Entropy::from_seed(1));
        let now = Timestamp::from_millis(1_000_000);
        let code = codes.issue(signed_in(now), now);
        (codes, now, code)
    }

    #[test]
    fn a_code_works_once_and_remembers_for_what() {
        let (mut codes, now, code) = fresh();
        assert_eq!(codes.redeem(&code, PROOF, GrantNumber(7), now), Ok(signed_in(now)));
        let again = codes.redeem(&code, PROOF, GrantNumber(8), now);
        assert_eq!(again, Err(CodeRefusal::Used(GrantNumber(7))));
    }

    #[test]
    fn a_code_works_for_ten_minutes() {
        let (mut codes, now, code) = fresh();
        let over = codes.redeem(&code, PROOF, GrantNumber(1), now.plus(CODE_LIFETIME));
        assert_eq!(over, Err(CodeRefusal::Expired));
        let nearly = now.plus(Duration::from_millis(599_999));
        assert!(codes.redeem(&code, PROOF, GrantNumber(1), nearly).is_ok());
    }

    #[test]
    fn a_code_is_worth_nothing_to_others() {
        let (mut codes, now, code) = fresh();
        let cases = [
            (Proof { client: "other", ..PROOF }, CodeRefusal::Unknown),
            (Proof { redirect_uri: "https://a.example/x", ..PROOF }, CodeRefusal::OtherRedirect),
            (Proof { verifier: Some("wrong"), ..PROOF }, CodeRefusal::WrongVerifier),
            (Proof { verifier: None, ..PROOF }, CodeRefusal::WrongVerifier),
        ];
        for (proof, refusal) in cases {
            assert_eq!(codes.redeem(&code, proof, GrantNumber(1), now), Err(refusal));
        }
        assert_eq!(codes.redeem("made-up", PROOF, GrantNumber(1), now), Err(CodeRefusal::Unknown));
        let without = codes.issue(SignedIn { challenge: None, ..signed_in(now) }, now);
        assert_eq!(codes.redeem(&without, PROOF, GrantNumber(1), now), Err(CodeRefusal::WrongVerifier));
    }

    #[test]
    fn thousands_of_codes_do_not_pile_up() {
        let (mut codes, now, _) = fresh();
        for n in 0..30_000 {
            codes.issue(signed_in(now), now.plus(Duration::from_secs(n)));
        }
        assert!(codes.known.len() <= MANY);
    }
}
