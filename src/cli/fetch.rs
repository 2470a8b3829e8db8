use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use http_status_registry::diagnostic::Diagnostics;
use http_status_registry::fetch::{Cache, Event, Fetched, Limits, News, Options, fetch};
use http_status_registry::model::text;
use http_status_registry::tree::Tree;
use indicatif::{MultiProgress, ProgressBar};

use super::{DONE, FAILED, NO, print, report, tell};

#[derive(clap::Args)]
#[command(after_help = "\
A document that is refused is kept in the cache, and named. So are all others:
`ingest --documents DIR` finds them there.

Exit codes: 0 done; 1 with --check, something has changed upstream, or claims are stale; 2 a source
could not be fetched, and its files are as they were.")]
pub struct Arguments {
    /// Show what has changed upstream, but write nothing at all
    #[arg(long)]
    dry_run: bool,
    /// Write nothing in the checkout, and exit with 1 if anything has changed upstream or claims are stale
    #[arg(long)]
    check: bool,
    /// Take a document though it is older than the one before, or lacks much of it
    #[arg(long)]
    accept_loss: bool,
    /// Where documents are kept, instead of the user's own cache folder
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Certificates (PEM) of authorities to trust besides those of the web, such as a proxy's
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// How long a connection may take to be made
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    connect_timeout: Duration,
    /// How long the first byte of a response may take
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    first_byte_timeout: Duration,
    /// How long a source may take, with all attempts and the waits between them
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = seconds)]
    timeout: Duration,
    /// How often to try again what may pass
    #[arg(long, value_name = "NUMBER", default_value_t = 4)]
    retries: u32,
    /// The sources to fetch; all that have a `url` if none is named
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
}

/// A time in seconds, which may have a fraction.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| *seconds > 0.0);
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    // A day is forever, and can be added to any time.
    let time = time.filter(|time| time.as_secs() <= 24 * 60 * 60);
    time.ok_or_else(|| "a number of seconds up to a day is expected".into())
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    let writes = !arguments.dry_run && !arguments.check;
    let _lock = writes.then(|| tree.lock_fetches()).transpose()?;
    let options = Options {
        cache: Cache::open(arguments.cache.as_deref())?,
        keep: !arguments.dry_run,
        limits: Limits {
            connect: arguments.connect_timeout,
            first_byte: arguments.first_byte_timeout,
            total: arguments.timeout,
            retries: arguments.retries,
        },
        authorities: arguments.ca.clone(),
        accept_loss: arguments.accept_loss,
    };
    let progress = Progress::new();
    let fetched = fetch(tree, &arguments.sources, &options, &|id, event| {
        progress.tell(id, &event);
    });
    progress.end();
    let fetched = fetched?;
    if fetched.is_empty() {
        print("no source has a `url` to fetch from\n");
    }
    let (mut changed, mut failed) = (false, false);
    for source in fetched {
        let mut out = describe(&source);
        let written = source.news.and_then(|news| {
            let update = match news {
                News::Unchanged(update) => update,
                News::Changed { update, .. } => {
                    changed = true;
                    Some(update)
                }
            };
            print(&std::mem::take(&mut out));
            match update.filter(|_| writes) {
                Some(update) => update.write(tree),
                None => Ok(Vec::new()),
            }
        });
        match written {
            Ok(files) => {
                for file in files {
                    // Writing to a string cannot fail.
                    let _ = writeln!(out, "  wrote {file}");
                }
            }
            Err(errors) => {
                failed = true;
                print(&std::mem::take(&mut out));
                report(&errors);
            }
        }
        print(&out);
    }
    Ok(match (failed, changed && arguments.check) {
        (true, _) => FAILED,
        (false, true) => NO,
        (false, false) => DONE,
    })
}

fn describe(source: &Fetched) -> String {
    let mut out = String::new();
    let id = &source.id;
    // Writing to a string cannot fail.
    match &source.news {
        Err(_) => {
            let _ = writeln!(out, "{id}: not fetched; its files are as they were");
        }
        Ok(News::Unchanged(_)) => {
            let _ = writeln!(out, "{id}: unchanged");
        }
        Ok(News::Changed {
            is_new,
            changes,
            claims: (was, is),
            accepted,
            ..
        }) => {
            let what = if *is_new {
                "the document has changed"
            } else {
                "unchanged, but its claims are stale"
            };
            let _ = writeln!(out, "{id}: {what}; {was} → {is} claims");
            for loss in accepted {
                let _ = writeln!(out, "  accepted: it {}", text::printable(loss));
            }
            for change in changes {
                let _ = writeln!(out, "  {}", text::printable(&change.to_string()));
            }
            if changes.is_empty() && *is_new {
                let _ = writeln!(out, "  its claims are the same");
            }
        }
    }
    for note in &source.notes {
        let _ = writeln!(out, "  {}", text::printable(note));
    }
    out
}

/// What is going on: bars on a terminal that can redraw them, lines elsewhere.
struct Progress {
    bars: Option<MultiProgress>,
    sources: RefCell<BTreeMap<String, ProgressBar>>,
}

impl Progress {
    fn new() -> Self {
        let redraws = std::env::var_os("TERM").map_or(cfg!(windows), |term| term != "dumb");
        Self {
            bars: (redraws && std::io::stderr().is_terminal()).then(MultiProgress::new),
            sources: RefCell::default(),
        }
    }

    fn tell(&self, id: &str, event: &Event) {
        let told = match event {
            Event::Started(url) => format!("fetching {url}"),
            Event::Received(bytes) => format!("{bytes} bytes"),
            Event::Waiting { wait, why } => {
                format!("{why}; trying again in {:.1} s", wait.as_secs_f64())
            }
            Event::Done => "received".into(),
            Event::Failed => "failed".into(),
        };
        let told = format!("{id}: {}", text::printable(&told));
        match &self.bars {
            Some(bars) => {
                let mut sources = self.sources.borrow_mut();
                let bar = sources.entry(id.to_owned()).or_insert_with(|| {
                    let bar = bars.add(ProgressBar::new_spinner());
                    bar.enable_steady_tick(Duration::from_millis(100));
                    bar
                });
                match event {
                    Event::Done | Event::Failed => bar.finish_with_message(told),
                    _ => bar.set_message(told),
                }
            }
            None if matches!(event, Event::Received(_)) => {}
            None => tell(&told),
        }
    }

    /// Takes the bars away.
    fn end(&self) {
        for bar in self.sources.borrow().values() {
            bar.finish_and_clear();
        }
    }
}
