//! The `assize` binary; see the library for how it is built.

fn main() -> std::process::ExitCode {
    assize::cli::main()
}
