//! The sandbox as programs meet it: over real connections.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod chats;
#[cfg(test)]
mod contacts;
#[cfg(test)]
mod control;
#[cfg(test)]
mod crowd;
mod defects;
#[cfg(test)]
mod extraction;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod inactivity;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod live_reads;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod patron;
#[cfg(test)]
mod polls;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod regional;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod signed_in;
#[cfg(test)]
mod supervision;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod wants;
#[cfg(test)]
mod wire;
