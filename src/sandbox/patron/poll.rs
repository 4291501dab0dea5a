use std::time::Duration;

use super::ChatId;
use crate::sandbox::interaction::Message;
use crate::sandbox::tenant::Tenant;

/// How a patron's long poll ends.
#[derive(Debug)]
pub(crate) enum ChatPoll {
    /// With messages, and the chat's next id.
    Messages(Vec<Message>, String),
    /// Its time was up.
    NoMessages,
    /// The tenant is closing.
    Closing,
    /// There is no such chat, or it is over and everything has been read.
    Gone,
}

/// Waits for the next messages of a chat, up to `timeout` by the tenant's clock.
///
/// Any id of the chat is good: it gives what was written after it, the patron's own texts too. [INF]: the reference says
/// that the answer holds a new id, and nothing of older ones.
pub(crate) async fn next_messages(tenant: &Tenant, id: &str, timeout: Duration) -> ChatPoll {
    let Some(id) = tenant.chat_ids.read(id) else { return ChatPoll::Gone };
    let time_is_up = tenant.time.until(tenant.now().plus(timeout));
    tokio::pin!(time_is_up);
    let mut hold = None;
    let mut is_last_look = timeout.is_zero();
    loop {
        let news = {
            let mut desk = tenant.desk();
            let Some(contact) = desk.contact_mut(id.contact, tenant.now()) else { return ChatPoll::Gone };
            let conversation = &mut contact.conversation;
            let messages: Vec<Message> = conversation.since(id.position).cloned().collect();
            if !messages.is_empty() {
                let (serial, position) = (conversation.next_serial(), conversation.end());
                return ChatPoll::Messages(messages, tenant.chat_ids.write(ChatId { serial, position, ..id }));
            }
            if !conversation.is_open() {
                return ChatPoll::Gone;
            }
            conversation.news()
        };
        if is_last_look {
            return ChatPoll::NoMessages;
        }
        hold.get_or_insert_with(|| tenant.held.hold());
        let mut news = news;
        tokio::select! {
            () = tenant.closing.cancelled() => return ChatPoll::Closing,
            () = &mut time_is_up => is_last_look = true,
            _ = news.changed() => {}
        }
    }
}
