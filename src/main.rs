//! The program: see `http-status-registry --help`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
