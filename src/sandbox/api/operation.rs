use crate::sandbox::session::{Command, LegCommand, Linking};
use crate::sandbox::tokens::Scope;

/// What anyone may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicCall {
    OpenIdToken,
    LegacyToken,
    OpenIdConfiguration,
    CxoneConfiguration,
    Keys,
    Authorize,
    Logout,
    LegacyAuthenticate,
    Whoami,
    AccessKeyToken,
    AccessKeyRefresh,
    RegionalToken,
    RegionalRefresh,
}

/// What needs a user's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserCall {
    StartSession,
    JoinSession,
    EndSession,
    ChangeState,
    NextEvent,
    AgentPhone(LegCommand),
    DialPhone,
    SendTones,
    Handle(Command),
    Link(Linking),
    Dispose,
    SendChatText,
    AgentTyping,
    TransferChatToAgent,
    TransferChatToSkill,
    AddChat,
    CustomData,
    ContinueReskill,
    SubmitFeedback,
    Monitor,
    Supervise,
    LogAgentOut,
    ChangeStateOf,
    EndContact,
    ServerTime,
    Agents,
    Agent,
    AgentSettings,
    UserInfo,
    Skills,
    Skill,
    UnavailableCodes,
    TeamUnavailableCodes,
    Teams,
    Dispositions,
    HoursOfOperation,
    MediaTypes,
    AgentStateNames,
    ContactStateNames,
    PointsOfContact,
    BusinessUnit,
    AgentStates,
    StatesOfAgent,
    ActiveContacts,
    ContactStates,
    SkillsActivity,
    SkillActivity,
    CompletedContacts,
    Contact,
    ContactHistory,
    Reports,
    RunReport,
    ReportJobs,
    ReportJob,
    ReportFile,
    RunExtraction,
    Extractions,
    Extraction,
    ExtractionFile,
}

impl UserCall {
    /// The scope that a token needs, as the reference sorts its calls. The time of day is told to every user, and who
    /// they are. That data extraction needs the reporting scope is [INF].
    pub(crate) fn scope(self) -> Option<Scope> {
        match self {
            Self::StartSession
            | Self::JoinSession
            | Self::EndSession
            | Self::ChangeState
            | Self::NextEvent
            | Self::AgentPhone(_)
            | Self::DialPhone
            | Self::SendTones
            | Self::Handle(_)
            | Self::Link(_)
            | Self::Dispose
            | Self::SendChatText
            | Self::AgentTyping
            | Self::TransferChatToAgent
            | Self::TransferChatToSkill
            | Self::AddChat
            | Self::CustomData
            | Self::ContinueReskill
            | Self::SubmitFeedback
            | Self::Monitor
            | Self::Supervise => Some(Scope::Agent),
            Self::LogAgentOut
            | Self::ChangeStateOf
            | Self::EndContact
            | Self::Agents
            | Self::Agent
            | Self::AgentSettings
            | Self::Skills
            | Self::Skill
            | Self::UnavailableCodes
            | Self::TeamUnavailableCodes
            | Self::Teams
            | Self::Dispositions
            | Self::HoursOfOperation
            | Self::MediaTypes
            | Self::AgentStateNames
            | Self::ContactStateNames
            | Self::PointsOfContact
            | Self::BusinessUnit => Some(Scope::Admin),
            Self::AgentStates
            | Self::StatesOfAgent
            | Self::ActiveContacts
            | Self::ContactStates
            | Self::SkillsActivity
            | Self::SkillActivity => Some(Scope::RealTime),
            Self::CompletedContacts
            | Self::Contact
            | Self::ContactHistory
            | Self::Reports
            | Self::RunReport
            | Self::ReportJobs
            | Self::ReportJob
            | Self::ReportFile
            | Self::RunExtraction
            | Self::Extractions
            | Self::Extraction
            | Self::ExtractionFile => Some(Scope::Reporting),
            Self::ServerTime | Self::UserInfo => None,
        }
    }
}

/// What an application may call without a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatronCall {
    StartChat,
    PollChat,
    SendText,
    Typing,
    EndChat,
    ChatProfile,
    QueueCallback,
}

/// A call that the tenant knows, by who may make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Public(PublicCall),
    User(UserCall),
    Patron(PatronCall),
}

impl Operation {
    /// Whether asking takes something away from whoever asks next: such a call is not made by `HEAD`.
    pub(crate) fn takes_events(self) -> bool {
        matches!(self, Self::User(UserCall::NextEvent) | Self::Patron(PatronCall::PollChat))
    }
}
