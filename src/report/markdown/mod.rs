//! A page in GitHub's Markdown, for the summary of a job's step or a comment on a pull request: verdict, requirements, what
//! did not pass, what did not run, waivers, and the text of each case that did not pass, folded.
//!
//! Everything that a suite or an endpoint wrote stands in `<code>` or `<pre>`, escaped: no markup of it is read, nothing is
//! linked, and nobody is mentioned. The page stays below the 1 MiB that GitHub takes for a step; what is left out is counted.

mod page;
mod reporter;
mod text;

pub use reporter::Markdown;
