//! What the pages show is what the program does.
//!
//! Of README, a block of ```` ```sh ```` is run line by line and must end well; one marked `background` is a server that serves
//! the rest; one marked `no-run` needs what a test has not. A block of ```` ```yaml NAME ```` is written to the file of that name.
//! The last line of a block of ```` ```text ```` is that of the command before it.
//!
//! Of the page of snapshots, a block of ```` ```json ```` is what a service answers from there on; a line of ```` ```sh ```` may end with
//! ` # exit 1`, and a block of ```` ```text ```` stands in what the command before it printed.
//!
//! Of every other page under `docs/`, in a folder of its own: a line after `$ ` in a block of ```` ```console ```` is run, and what stands
//! below it is what it prints (`…` stands for any lines, or for anything within a line; `# exit N` tells how it ends); one marked
//! `background` serves the rest; ```` ```json answer ```` is what the service at `http://127.0.0.1:8080` answers from there on; ```` ```yaml FILE ````
//! is written, and checked at the end; ```` ```yaml ```` is read. Of any other block, the commands and options that it names are there.
//!
//! Of the page of the language, the blocks of ```` ```yaml PATH ```` are the files of one suite; those marked `scenario` and
//! `steps` are scenarios of it, one marked `bare` is a suite by itself, and one marked `refused CODE` is refused for that
//! reason and for no other.
//!
//! Of the recipes for CI systems, every command that begins with the program's name is run in a project as they expect it.

mod blocks;
mod flags;
mod guide;
mod language;
mod readme;
mod recipes;
mod service;
mod snapshots;
mod stage;
