//! The program as people and CI jobs meet it: the real binary, its exit code, what it prints and what it writes.

#[cfg(test)]
mod another_process;
#[cfg(test)]
mod bare;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod broken_tenant;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod byte_server;
#[cfg(test)]
mod carets;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod combined;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod diff;
#[cfg(test)]
mod doubted;
#[cfg(test)]
mod endpoints;
#[cfg(test)]
mod exit_codes;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod golden;
mod help;
#[cfg(test)]
mod html;
#[cfg(test)]
mod init;
#[cfg(test)]
mod junit;
#[cfg(test)]
mod last_failed;
#[cfg(test)]
mod locks;
#[cfg(test)]
mod matrix;

mod newcomer;

mod notes;
#[cfg(test)]
mod outputs;
#[cfg(test)]
mod prove;
#[cfg(test)]
mod removals;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod retries;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod selection;
#[cfg(test)]
mod server;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod sharding;
#[cfg(test)]
mod shuffle;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod snapshots_everywhere;
#[cfg(test)]
mod survivors;
#[cfg(test)]
mod tenant;
#[cfg(test)]
mod together;
#[cfg(test)]
mod undo_lists;
#[cfg(test)]
mod verbose;
#[cfg(test)]
mod waivers;
#[cfg(test)]
mod watch;
