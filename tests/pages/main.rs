//! What the pages show is what the program does.
//!
//! Of README, a block of ```` ```sh ```` is run line by line and must end well; one marked `background` is a server that serves
//! the rest; one marked `no-run` needs what a test has not. A block of ```` ```yaml NAME ```` is written to the file of that name.
//! The last line of a block of ```` ```text ```` is that of the command before it.
//!
//! Of the page of snapshots, a block of ```` ```json ```` is what a service answers from there on; a line of ```` ```sh ```` may end with
//! ` # exit 1`, and a block of ```` ```text ```` stands in what the command before it printed.
//!
//! Of the page of the language, the blocks of ```` ```yaml PATH ```` are the files of one suite; those marked `scenario` and
//! `steps` are scenarios of it, one marked `bare` is a suite by itself, and one marked `refused CODE` is refused for that
//! reason and for no other.
//!
//! Of the recipes for CI systems, every command that begins with the program's name is run in a project as they expect it.

mod blocks;
mod language;
mod readme;
mod recipes;
mod snapshots;
