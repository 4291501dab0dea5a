/// Where in the tenant a defect acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seat {
    /// Starting, joining and ending sessions.
    Sessions,
    /// What is told, to whom, and by which id.
    Events,
    /// Who may make a call.
    Access,
    /// Tokens: how long they live, what renews them.
    Tokens,
    /// Which requests are given a token.
    Grants,
    /// The sign-in page, its code and the id token.
    SignIn,
    /// The answer, when all else is done.
    Answers,
    /// The bytes of the answer.
    Wire,
}

impl Seat {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Events => "events",
            Self::Access => "access",
            Self::Tokens => "tokens",
            Self::Grants => "grants",
            Self::SignIn => "sign-in",
            Self::Answers => "answers",
            Self::Wire => "wire",
        }
    }
}

macro_rules! defects {
    ($($variant:ident $seat:ident $name:literal: $text:literal;)+) => {
        /// A fault that a tenant can be given: a promise that it then breaks, and no other where that can be.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Defect {
            $(#[doc = $text] $variant,)+
        }

        impl Defect {
            /// All of them, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name, in kebab-case.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it does, as a sentence.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// Where it acts.
            #[must_use]
            pub fn seat(self) -> Seat {
                match self {
                    $(Self::$variant => Seat::$seat,)+
                }
            }
        }
    };
}

defects! {
    SecondStart202 Sessions "second-start-202": "A second start is answered by 202 and an id of the session there is.";
    SecondStartKillsFirst Sessions "second-start-kills-first": "A second start is refused, and ends the first session.";
    StartRaceBoth202 Sessions "start-race-both-202": "Two starts at the same moment both succeed.";
    OtherUser409 Sessions "other-user-409": "Nobody may start a session while anybody has one.";
    StartAfterEnd409 Sessions "start-after-end-409": "Who has ended a session may not start another one.";
    RejectedStart202 Answers "rejected-start-202": "A start that cannot be carried out is answered by 202.";
    RejectedStartStarts Sessions "rejected-start-starts": "A start that is refused by 400 starts a session all the same.";
    JoinRepeatsId Sessions "join-repeats-id": "Whoever joins is given the id of the one who started.";
    ThirdJoinRepeatsSecondId Sessions "third-join-repeats-second-id": "The second who joins is given the id of the first who did.";
    JoinNothing202 Sessions "join-nothing-202": "Joining is accepted where there never was a session.";
    JoinAfterEnd202 Sessions "join-after-end-202": "Joining is accepted after the session has ended.";
    EndLeavesJoiners Sessions "end-leaves-joiners": "A session ends only for the one who ends it.";
    EndNotToldToJoiners Sessions "end-not-told-to-joiners": "Those who joined are not told that the session has ended.";
    EndTwice202 Answers "end-twice-202": "Ending a session that has ended is answered by 202.";
    EndTwice404 Answers "end-twice-404": "Ending a session that has ended is answered by 404.";
    EndedSessionSilent Answers "ended-session-silent": "A poll of a session that has ended is answered by 304.";
    EndedSessionChanges Answers "ended-session-changes": "A change of state in a session that has ended is answered by 202.";
    UnknownSession409 Answers "unknown-session-409": "A session that never was is a conflict instead of not found.";
    ChangeNotTold Events "change-not-told": "No event tells of a change of state.";
    ChangeToldWrongState Events "change-told-wrong-state": "The event of a change names the other state.";
    ReasonNotTold Events "reason-not-told": "The event of a change leaves out the reason.";
    RejectedChange202 Answers "rejected-change-202": "A change that cannot be made is answered by 202.";
    RejectedChangeTold Events "rejected-change-told": "A change that is refused is told by an event.";
    SameIdEveryPoll Events "same-id-every-poll": "Answers with events repeat the id that was asked with.";
    IdOf304Lost Events "id-of-304-lost": "The id of a poll that found nothing is not known any more.";
    OldIdNotRefreshed Events "old-id-not-refreshed": "An old id is not answered by everything that is so.";
    NewestIdRepeats Events "newest-id-repeats": "The newest id is answered by what has been given already.";
    EventLost Events "event-lost": "Of two changes between two polls only the second is told.";
    EventDoubled Events "event-doubled": "Every change is told twice.";
    EventWithoutType Answers "event-without-type": "Events do not say of what type they are.";
    Quiet200 Answers "quiet-200": "A poll that finds nothing is answered by 200 and an empty list.";
    JoinerSeesNothing Events "joiner-sees-nothing": "Those who joined are told nothing after their first answer.";
    JoinerOrderReversed Events "joiner-order-reversed": "Those who joined are told the events of an answer in the wrong order.";
    JoinerWithoutHistory Events "joiner-without-history": "Those who join are not told what is so.";
    TimeoutIgnored Events "timeout-ignored": "Polls are not held.";
    PollNotWoken Events "poll-not-woken": "A poll that is held is not answered before its time is up.";
    BadTimeout200 Events "bad-timeout-200": "A poll with a timeout that makes no sense is answered at once.";
    ExpiredTokenAccepted Access "expired-token-accepted": "A token that has expired is accepted.";
    NoTokenAccepted Access "no-token-accepted": "A call without a token is answered.";
    GarbageTokenAccepted Access "garbage-token-accepted": "A token that was never issued is accepted.";
    ClientToken200 Access "client-token-200": "A client token is accepted where a user is needed.";
    ClientToken401 Access "client-token-401": "A client token where a user is needed is refused by 401.";
    ChallengeMissing Answers "challenge-missing": "A 401 does not say how to sign in.";
    TokenExpiresEarly Tokens "token-expires-early": "A token lives a minute less than its answer says.";
    LifetimeHalf Tokens "lifetime-half": "Tokens live half an hour, and say so.";
    LifetimeMissing Answers "lifetime-missing": "Token answers do not say how long the token lives.";
    LifetimeZero Answers "lifetime-zero": "Token answers say that the token lives 0 seconds.";
    LifetimeString Answers "lifetime-string": "Token answers tell the lifetime as a text.";
    AgainSameToken Tokens "again-same-token": "Who signs in again is given the same token.";
    RefreshFails Tokens "refresh-fails": "No refresh token works.";
    RefreshLateFails Tokens "refresh-late-fails": "A refresh token expires with its access token.";
    RefreshSameToken Tokens "refresh-same-token": "A refresh token is answered by the access token there was.";
    ReplacedRefreshAccepted Tokens "replaced-refresh-accepted": "A refresh token that was replaced works on.";
    BogusRefreshAccepted Tokens "bogus-refresh-accepted": "A refresh token that was never issued works.";
    ClientRefreshIssued Answers "client-refresh-issued": "The client grant issues a refresh token.";
    TokenTypeWrong Answers "token-type-wrong": "Token answers name a type that nobody asked for.";
    BaseUriMissing Answers "base-uri-missing": "Token answers of the first generation do not say where the API is.";
    WrongApplication200 Grants "wrong-application-200": "A wrong application or vendor name is given a token.";
    WrongApplication403 Answers "wrong-application-403": "A wrong application or vendor name is refused by 403.";
    WrongApplicationSilent Answers "wrong-application-silent": "The refusal of a wrong application does not say what is wrong.";
    WrongSecretAccepted Grants "wrong-secret-accepted": "An application with a wrong secret is given a token.";
    WrongClientAccepted Grants "wrong-client-accepted": "A client id that is not known is given a token.";
    WrongPasswordAccepted Grants "wrong-password-accepted": "A user with a wrong password is given a token or a code.";
    BananaGrantAccepted Grants "banana-grant-accepted": "The token service of the first generation takes a grant that does not exist.";
    CodeGrantAccepted Grants "code-grant-accepted": "The token service of the first generation takes the authorization code grant.";
    DiscoveryMissingMember Answers "discovery-missing-member": "The configuration of the sign-in lacks a member that it must have.";
    DiscoveryWrongIssuer Answers "discovery-wrong-issuer": "The configuration of the sign-in names another issuer.";
    JwksEmpty Answers "jwks-empty": "The set of public keys is empty.";
    JwksPrivate Answers "jwks-private": "The set of public keys holds a private part.";
    IdTokenWrongKey SignIn "id-token-wrong-key": "The signature of id tokens is not by the published key.";
    IdTokenWrongIssuer SignIn "id-token-wrong-issuer": "Id tokens name another issuer.";
    IdTokenWrongAudience SignIn "id-token-wrong-audience": "Id tokens are for another client.";
    IdTokenWrongNonce SignIn "id-token-wrong-nonce": "Id tokens repeat another nonce.";
    IdTokenExpired SignIn "id-token-expired": "Id tokens have expired when they are issued.";
    CodeWorksTwice SignIn "code-works-twice": "An authorization code can be exchanged twice.";
    CodeWithoutVerifier SignIn "code-without-verifier": "A code is exchanged without the verifier of its challenge.";
    CodeWrongVerifier SignIn "code-wrong-verifier": "A code is exchanged with any verifier.";
    CodeOtherRedirect SignIn "code-other-redirect": "A code is exchanged for another address than it was sent to.";
    CodeNeverExpires SignIn "code-never-expires": "An authorization code does not expire.";
    AnyResponseType SignIn "any-response-type": "A code is given whatever response type is asked for.";
    RedirectToStranger SignIn "redirect-to-stranger": "A browser is sent to an address that is not registered.";
    StateLost SignIn "state-lost": "The state does not come back from the sign-in.";
    ImplicitNoToken SignIn "implicit-no-token": "The implicit grant hands over no token.";
    Sync202 Answers "sync-202": "A list that is there at once is answered by 202.";
    SyncEmpty Answers "sync-empty": "A list that is there at once is answered by 200 and no body.";
    Async200 Answers "async-200": "Asynchronous requests are answered by 200.";
    End200 Answers "end-200": "The end of a session is answered by 200.";
    StartWithoutId Answers "start-without-id": "A start is answered by 202 and no body.";
    FieldMissing Answers "field-missing": "The answer to a start or a join lacks `sessionId`.";
    FieldRenamed Answers "field-renamed": "The answer to a start or a join says `SessionID` for `sessionId`.";
    FieldNull Answers "field-null": "The `sessionId` of a start or a join is null.";
    FieldRetyped Answers "field-retyped": "The `sessionId` of a start or a join is a number.";
    ReportNeverSettles Answers "report-never-settles": "A report job runs for ever.";
    ReportNoFile Answers "report-no-file": "The file of a report job is not there.";
    ReportUnknown200 Answers "report-unknown-200": "A report or job that does not exist is answered by 200.";
    ErrorWithoutText Answers "error-without-text": "The body of a refusal says nothing.";
    WrongContentType Answers "wrong-content-type": "JSON is labelled as plain text.";
    BodyOn304 Wire "body-on-304": "A poll that finds nothing is answered by 304 and a body.";
    BodyCut Wire "body-cut": "The connection ends in the middle of the list of agents.";
    LengthTooLarge Wire "length-too-large": "The list of agents is shorter than its length says.";
    LengthTooSmall Wire "length-too-small": "The list of agents is longer than its length says.";
    LengthTwice Wire "length-twice": "The list of agents tells its length twice.";
    LengthsDiffer Wire "lengths-differ": "The list of agents tells two lengths.";
    LengthAndChunked Wire "length-and-chunked": "The list of agents is chunked and tells its length.";
    ChunkSizeBroken Wire "chunk-size-broken": "A chunk of the list of agents has a size that is no number.";
    ChunksUnended Wire "chunks-unended": "The last chunk of the list of agents does not come.";
    NoAnswer Wire "no-answer": "The connection ends where the list of agents should come.";
    HeaderGarbage Wire "header-garbage": "A line before the list of agents is no header field.";
    HeaderFolded Wire "header-folded": "A header field before the list of agents goes on in a second line.";
    HeaderBareLf Wire "header-bare-lf": "The lines before the list of agents end in LF alone.";
    TypeTwice Wire "type-twice": "The list of agents says of which type it is twice, differently.";
    StrayBytes Wire "stray-bytes": "Bytes that belong to nothing follow the list of agents.";
}

impl Defect {
    /// The defect of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|defect| defect.name() == name)
    }
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_defect_has_a_name_of_its_own_in_kebab_case_and_a_sentence() {
        let names: BTreeSet<&str> = Defect::ALL.iter().map(|defect| defect.name()).collect();
        assert_eq!(names.len(), Defect::ALL.len());
        for defect in Defect::ALL {
            let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(defect.name().chars().all(is_kebab), "{defect}");
            assert!(defect.text().ends_with('.') && defect.text().len() <= 100, "{defect}");
            assert_eq!(Defect::named(defect.name()), Some(*defect));
        }
    }
}
