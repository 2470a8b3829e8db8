//! Killed at any moment, `build`, `ingest` and `release` leave a tree that the next run finds old or new.

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use common::root;
use common::writers::{Case, beside, changed};
use http_status_registry::tree::Tree;
use regex::Regex;

/// The variable that has the program stop before a step.
const HALT: &str = "HTTP_STATUS_REGISTRY_HALT_AT";

/// The variable that has a step fail as on a full disk.
const FAIL: &str = "HTTP_STATUS_REGISTRY_FAIL_AT";

/// The variable that says what it fails as.
const FAIL_AS: &str = "HTTP_STATUS_REGISTRY_FAIL_AS";

/// A command that reads.
const LOOKUP: &[&str] = &["lookup", "404"];

/// What tests do to the program while it writes.
impl Case {
    fn start(&self, command: &[&str], step: usize) -> Child {
        let mut command = self.tree.command(command);
        let command = command.env(HALT, step.to_string()).stdout(Stdio::null());
        command.stderr(Stdio::piped()).spawn().expect("the program")
    }

    /// Runs a command up to a step, kills it there and returns what the step would have been;
    /// nothing if it ended before.
    fn kill_at(&self, command: &[&str], step: usize) -> Option<String> {
        let mut child = self.start(command, step);
        let step = halted(&mut child);
        child.kill().expect("a kill");
        let code = child.wait().expect("an end").code();
        // A process that was killed has no exit code.
        assert_eq!(code, step.is_none().then_some(0), "{command:?}: {step:?}");
        step
    }

    /// Opens the tree, as every command does first, and returns what that tells.
    fn open(&self, what: &str) -> String {
        let tree = Tree::open(self.tree.path(""));
        let tree = tree.unwrap_or_else(|errors| panic!("{what}: {errors:?}"));
        let told = tree.recovered().iter().map(|note| note.message.clone());
        told.collect()
    }

    /// Runs a command to its end.
    fn run(&self, command: &[&str], what: &str) {
        let run = self.tree.run(command);
        assert_eq!(run.code, 0, "{what}: {}", run.told());
    }
}

/// The step before which a process stops; nothing if it comes to its end.
fn halted(child: &mut Child) -> Option<String> {
    let stderr = BufReader::new(child.stderr.take().expect("stderr"));
    let mut lines = stderr.lines().map(|line| line.expect("UTF-8"));
    lines.find_map(|line| {
        let (_, step) = line.strip_prefix("halted before step ")?.split_once(": ")?;
        Some(step.to_owned())
    })
}

/// Kills a command before each of its steps, and then what takes that back before each of its own.
fn kill_at_every_step(case: &Case) {
    let mut steps = Vec::new();
    let mut new = Vec::new();
    loop {
        let number = steps.len() + 1;
        let Some(step) = case.kill_at(case.command, number) else {
            assert!(case.is_new("the end"));
            break;
        };
        let journal = case.tree.path(".pending").exists();
        let told = case.open(&step);
        let is_new = case.is_new(&step);
        let wanted = match (journal, is_new) {
            (false, _) => "",
            (true, false) => "a run stopped while it wrote; all that it had written is taken back",
            (true, true) => {
                "a run had written all its files, and not cleared up behind it; they stay"
            }
        };
        assert_eq!(told, wanted, "{step}");
        let next = if is_new { LOOKUP } else { case.command };
        case.run(next, &step);
        assert!(case.is_new(&step), "{step}: {next:?} comes next");
        case.tree.restore(&case.old);
        steps.push(step);
        new.push(is_new);
    }
    // Once new, always new.
    assert!(new.is_sorted(), "{new:?}");
    let count = |name: &str| steps.iter().filter(|step| step.starts_with(name)).count();
    let files = changed(&case.old, &case.new);
    for file in &files {
        for (step, name) in [
            ("create", beside(file, "new")),
            ("write", beside(file, "new")),
            ("write the rest of", beside(file, "new")),
            ("sync", beside(file, "new")),
            ("rename to", file.clone()),
        ] {
            let step = format!("{step} ./{name}");
            assert!(steps.contains(&step), "{step} is not in {steps:#?}");
        }
    }
    let old = case.old.iter().filter(|(name, _)| files.contains(name));
    let old = old.count();
    assert_eq!(count("link"), old);
    assert_eq!(count("permit"), old, "what is new has no permissions yet");
    syncs_are_in_order(case, &steps);
    assert_eq!(count("rename to"), files.len() + 2, "the journal, twice");
    assert_eq!(count("remove"), old + 1, "the journal");

    // Before the journal says that all is written, and after.
    let last = steps
        .iter()
        .rposition(|step| step == "rename to ./.pending");
    let last = last.expect("the journal") + 1;
    for (killed_at, is_new) in [(last, false), (last + 1, true)] {
        let mut steps = Vec::new();
        loop {
            case.tree.restore(&case.old);
            assert!(case.kill_at(case.command, killed_at).is_some());
            let step = case.kill_at(LOOKUP, steps.len() + 1);
            let what = format!("{step:?} of the next run");
            case.open(&what);
            assert_eq!(case.is_new(&what), is_new, "{what}");
            let Some(step) = step else {
                break;
            };
            steps.push(step);
        }
        assert!(steps.len() >= old, "only {} steps", steps.len());
        if is_new {
            continue;
        }
        // What is put back lasts before what it is put back from is gone.
        let is_rest = |step: &String| step.starts_with("remove") && step.contains("/.");
        let rest = steps.iter().position(is_rest).expect("a step");
        for file in &files {
            let is_back = |step: &String| step.ends_with(&format!(" ./{file}"));
            let back = steps.iter().position(is_back).expect("a step");
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            let sync = format!("sync ./{folder}");
            assert!(
                steps[back..rest].contains(&sync),
                "{sync} is not in {steps:#?}"
            );
        }
    }
}

/// Fails unless all that a step relies on lasts before it: `sync` and `rename to`, each with a name in the
/// tree, in their order.
fn syncs_are_in_order(case: &Case, steps: &[String]) {
    let steps: Vec<_> = steps
        .iter()
        .map(|step| step.replacen(" ./", " ", 1))
        .map(|step| step.trim_end_matches(['/', ' ']).to_owned())
        .collect();
    let places = |wanted: &str| {
        let places = steps.iter().enumerate().filter(|(_, step)| *step == wanted);
        places.map(|(place, _)| place).collect::<Vec<_>>()
    };
    // Whether it is somewhere behind one place and before another.
    let is_between = |name: &str, after: usize, before: usize| {
        let wanted = format!("sync {name}");
        let places = places(wanted.trim_end());
        let found = places.iter().any(|place| (after..before).contains(place));
        assert!(found, "{wanted} is not in {:#?}", &steps[after..before]);
    };
    let logs = places("rename to .pending");
    let [begun, done] = logs[..] else {
        panic!("{logs:?} in {steps:#?}");
    };
    let files = changed(&case.old, &case.new);
    let moved = files
        .iter()
        .map(|file| places(&format!("rename to {file}")));
    let moved: BTreeSet<_> = moved.flatten().collect();
    assert_eq!(moved.len(), files.len(), "{steps:#?}");
    let first = *moved.first().expect("a file");
    let last = *moved.last().expect("a file");
    let staged = files.iter().map(|file| beside(file, "new"));
    let staged = staged.flat_map(|file| places(&format!("sync {file}")));
    let staged: BTreeSet<_> = staged.filter(|place| *place < first).collect();
    let first_staged = *staged.first().expect("a file that lasts");
    let last_staged = *staged.last().expect("a file that lasts");
    // The journal before all else.
    is_between("..pending.new", 0, begun);
    is_between("", begun, first_staged);
    for file in &files {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        is_between(&beside(file, "new"), begun, first);
        is_between(folder, last_staged, first);
        is_between(folder, last, done);
        // A folder that is new lasts by the one that it is in.
        let begin = format!("{folder}/");
        if !case.old.iter().any(|(old, _)| old.starts_with(&begin)) && !folder.is_empty() {
            let outer = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
            is_between(outer, begun, first);
        }
    }
    // That all is written, before what could take it back is gone.
    is_between("..pending.new", last, done);
    is_between("", done, steps.len());
}

/// The steps are what they are called.
#[cfg(target_os = "linux")]
#[test]
fn what_is_written_is_synced_in_order() {
    if !common::has_tool("strace", "what_is_written_is_synced_in_order") {
        return;
    }
    for case in [Case::build(), Case::release()] {
        for links in [true, false] {
            case.tree.restore(&case.old);
            let trace = tempfile::NamedTempFile::new().expect("a file");
            let inner = case.tree.command(case.command);
            let mut traced = std::process::Command::new("strace");
            traced.args(["-f", "-y", "-qq", "-e", "signal=none", "-o"]);
            traced.arg(trace.path());
            traced.args(["-e", "trace=fsync,fdatasync,/^rename,/^link"]);
            if !links {
                traced.args(["-e", "inject=/^link:error=EPERM"]);
            }
            let root = case.tree.path("").canonicalize().expect("the tree");
            traced.arg(inner.get_program()).args(inner.get_args());
            let run = case.tree.finish({
                traced.current_dir(&root);
                traced
            });
            assert_eq!(run.code, 0, "{}", run.told());
            assert!(case.is_new("traced"));
            let trace = std::fs::read_to_string(trace.path()).expect("the trace");
            let root = root.display().to_string();
            let steps = trace.lines().filter_map(|line| {
                let (call, rest) = line.split_once('(')?;
                if call.ends_with("sync") {
                    let path = rest.split_once('<')?.1.split_once('>')?.0;
                    let name = path.strip_prefix(&root)?.trim_start_matches('/');
                    return Some(format!("sync {name}"));
                }
                let is_rename = call.contains("rename");
                let to = rest.rsplit('"').nth(1).filter(|_| is_rename)?;
                Some(format!("rename to {to}"))
            });
            let steps: Vec<_> = steps.collect();
            syncs_are_in_order(&case, &steps);
            let copies = steps.iter().filter(|step| step.ends_with(".old")).count();
            let files = changed(&case.old, &case.new);
            let old = case.old.iter().filter(|(name, _)| files.contains(name));
            assert_eq!(copies, if links { 0 } else { old.count() }, "{steps:#?}");
        }
    }
}

#[test]
fn build_is_killed_at_every_step() {
    kill_at_every_step(&Case::build());
}

#[test]
fn ingest_is_killed_at_every_step() {
    kill_at_every_step(&Case::ingest());
}

#[test]
fn release_is_killed_at_every_step() {
    kill_at_every_step(&Case::release());
}

/// Whichever step fails, all or nothing is written, and the exit code tells which.
#[test]
fn a_step_that_fails_changes_nothing() {
    // It writes new files and replaces others.
    let case = Case::release();
    let (mut done, mut failed) = (0, 0);
    for step in 1.. {
        let number = step.to_string();
        case.tree.restore(&case.old);
        let run = case.tree.run_with(case.command, &[(FAIL, &number)]);
        let told = run.told();
        if !told.contains("failing at step") {
            break;
        }
        if run.code == 0 {
            // What could not be removed, the next run removes.
            case.open(&told);
            done += 1;
        } else {
            assert!(told.contains("error: cannot write: "), "{told}");
            assert!(told.contains("help: free some disk space"), "{told}");
            assert!(told.contains("\n1 error; nothing was written\n"), "{told}");
            failed += 1;
        }
        assert_eq!(case.is_new(&told), run.code == 0, "{told}");
        if told.contains(": link ") {
            // A copy stands in for it: killed before each of its steps, or failing there.
            let of_copy = ["create", "write", "write the rest of", "permit", "sync"];
            for (wanted, next) in of_copy.into_iter().zip(step + 1..) {
                case.tree.restore(&case.old);
                let mut copying = case.tree.command(case.command);
                copying.env(FAIL, &number).env(HALT, next.to_string());
                let mut child = copying.stderr(Stdio::piped()).spawn().expect("the program");
                let halted = halted(&mut child).expect("a step");
                assert!(halted.starts_with(&format!("{wanted} ./")), "{halted}");
                assert!(halted.ends_with(".old"), "{halted}");
                child.kill().expect("a kill");
                child.wait().expect("an end");
                case.open(&halted);
                assert!(!case.is_new(&halted), "{halted}");
                let both = format!("{number},{next}");
                let run = case.tree.run_with(case.command, &[(FAIL, &both)]);
                let told = run.told();
                assert!(
                    run.err.ends_with("\n1 error; nothing was written\n"),
                    "{told}"
                );
                assert!(!case.is_new(&told), "{told}");
            }
        }
    }
    let files = changed(&case.old, &case.new).len();
    // Second names may fail, for there are copies, and so may what comes after the writing.
    assert!(done > files, "{done} of {files} files");
    assert!(failed > 4 * files, "{failed} of {files} files");
}

/// From some moment on the disk is full or read-only. A full one still lets the old files be put back; on the
/// other one, what was written has to stay for a while. The last line says so, and each file that stays is named.
#[test]
fn a_disk_that_becomes_full_or_read_only_is_told() {
    const NOTHING: &str = "nothing was written";
    const BESIDE: &str = "nothing was written but what the next command removes";
    const NEW: &str = "some files are new until the next command puts the old ones back";
    let is_place = |name: &&String| !name.split('/').any(|part| part.starts_with('.'));
    for case in [Case::build(), Case::ingest(), Case::release()] {
        for (how, why, help, wanted_lines) in [
            (
                "full",
                "no storage space",
                "free some disk space",
                &[NOTHING][..],
            ),
            (
                "read-only",
                "read-only filesystem or storage medium",
                "work in a checkout on a disk that can be written to",
                &[NOTHING, BESIDE, NEW],
            ),
        ] {
            let mut last_lines = BTreeSet::new();
            let mut most = 0;
            for step in 1.. {
                case.tree.restore(&case.old);
                let variables = [(FAIL, &*format!("{step}-")), (FAIL_AS, how)];
                let run = case.tree.run_with(case.command, &variables);
                let told = run.told();
                if !told.contains("failing at step") {
                    break;
                }
                if run.code == 0 {
                    case.open(&told);
                    assert!(case.is_new(&told), "{told}");
                    continue;
                }
                assert!(
                    told.contains(&format!("error: cannot write: {why}\n")),
                    "{told}"
                );
                assert!(told.contains(&format!("\n  help: {help}")), "{told}");
                let touched = changed(&case.old, &case.tree.files());
                let new: Vec<_> = touched.iter().filter(is_place).collect();
                let wanted = match (touched.len(), new.len()) {
                    (0, _) => NOTHING,
                    (_, 0) => BESIDE,
                    _ => NEW,
                };
                let last = run.err.lines().last().expect("a line");
                let (_, last) = last.split_once("; ").expect("a count");
                assert_eq!(last, wanted, "{told}");
                last_lines.insert(last.to_owned());
                for name in &new {
                    let error = format!("cannot put back the old file: {why}\n  --> {name}\n");
                    assert!(told.contains(&error), "{name}: {told}");
                }
                most = most.max(new.len());
                let next = case.open(&told);
                assert!(!case.is_new(&told), "{told}");
                let note = "a run stopped while it wrote; all that it had written is taken back";
                let journal = touched.contains(".pending");
                assert_eq!(next, if journal { note } else { "" }, "{told}");
            }
            let wanted_lines = wanted_lines.iter().map(|&line| line.to_owned());
            assert_eq!(last_lines, wanted_lines.collect(), "{how}");
            let files = changed(&case.old, &case.new).len();
            assert_eq!(most, if how == "full" { 0 } else { files });
        }
    }
}

#[test]
fn a_thousand_kills_at_random_moments() {
    const KILLS: u32 = 1000;
    // Most of the time goes by while the disk works.
    let workers = std::thread::available_parallelism().map_or(1, usize::from) * 2;
    let workers = u32::try_from(workers.min(8)).expect("a small number");
    let counts: Vec<[u32; 3]> = std::thread::scope(|scope| {
        let workers = (0..workers).map(|worker| {
            scope.spawn(move || {
                let kills = (KILLS * (worker + 1) / workers) - (KILLS * worker / workers);
                soak(kills, u64::from(worker))
            })
        });
        let workers: Vec<_> = workers.collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended.map(|counts| counts.expect("no panic")).collect()
    });
    let total = |index: usize| counts.iter().map(|counts| counts[index]).sum::<u32>();
    let [old, amid, new] = [total(0), total(1), total(2)];
    assert_eq!(old + amid + new, KILLS);
    // Before anything was written, while it was, and after.
    assert!(old > 10 && amid > 10 && new > 10, "{old}, {amid}, {new}");
}

/// Kills commands at random moments, and counts what was found: old, half done, new.
fn soak(kills: u32, seed: u64) -> [u32; 3] {
    let cases = [Case::build(), Case::ingest(), Case::release()];
    let mut random = seed;
    let mut random = move || {
        // Knuth's, of MMIX; the upper bits are the better ones.
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(random >> 32).expect("32 bits")) / f64::from(u32::MAX)
    };
    let start = |case: &Case| {
        case.tree.restore(&case.old);
        let mut command = case.tree.command(case.command);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the program")
    };
    let whole = cases.each_ref().map(|case| {
        let begin = Instant::now();
        assert!(start(case).wait().expect("an end").success());
        begin.elapsed()
    });
    let mut counts = [0; 3];
    for (number, case) in (0..kills).zip((0..cases.len()).cycle()) {
        let (case, whole) = (&cases[case], whole[case]);
        let mut child = start(case);
        let moment = whole.mul_f64(1.2 * random());
        std::thread::sleep(moment);
        child.kill().expect("a kill");
        child.wait().expect("an end");
        let what = format!("{:?}, killed after {moment:?} ({number})", case.command);
        let amid = case.tree.path(".pending").exists();
        case.open(&what);
        let is_new = case.is_new(&what);
        if number % 10 == 0 {
            case.run(if is_new { LOOKUP } else { case.command }, &what);
            assert!(case.is_new(&what), "{what}: the next run");
        }
        counts[if amid { 1 } else { 2 * usize::from(is_new) }] += 1;
    }
    counts
}

/// A build that was killed when every file was in its place, but before it said so.
fn killed_build() -> Case {
    let case = Case::build();
    let done = |step: usize| {
        case.tree.restore(&case.old);
        let halted = case.kill_at(case.command, step).expect("a step");
        let moved = changed(&case.old, &case.new);
        let found = case.tree.files();
        let is_new = |name: &String| {
            let new = case.new.iter().find(|(own, _)| own == name);
            new.is_some_and(|file| found.contains(file))
        };
        assert!(!halted.starts_with("remove"), "all is done already");
        moved.iter().all(is_new)
    };
    (1..).find(|step| done(*step)).expect("a step");
    case
}

/// What the next command says of it, without what it is for.
fn told(case: &Case) -> String {
    let run = case.tree.run(LOOKUP);
    format!("{}exit code {}\n", run.err, run.code)
}

#[test]
fn what_has_changed_since_a_kill_stays() {
    let case = killed_build();
    let killed = case.tree.files();
    let found = |name: &str| case.tree.read(&format!("exports/v1/{name}"));

    // As `git checkout exports` leaves it.
    for file in &case.old {
        case.tree.write(&file.0, &file.1);
    }
    insta::assert_snapshot!(told(&case), @r#"
    warning: a run stopped while it wrote; all that it had written is taken back
    exit code 0
    "#);
    assert!(case.tree.files() == case.old);

    // Somebody has edited one file, and removed another one.
    case.tree.restore(&killed);
    case.tree
        .write("exports/v1/http-status-codes.csv", "mine\n");
    std::fs::remove_file(case.tree.path("exports/v1/http-status-codes.ts")).expect("the export");
    insta::assert_snapshot!(told(&case), @r#"
    warning: a run stopped while it wrote; all that it had written is taken back, but for what something else has changed since: exports/v1/http-status-codes.csv, exports/v1/http-status-codes.ts
      help: look at these files, for example with `git diff`
    exit code 0
    "#);
    assert_eq!(found("http-status-codes.csv"), "mine\n");
    let left = [
        "exports/v1/http-status-codes.csv".to_owned(),
        "exports/v1/http-status-codes.ts".to_owned(),
    ];
    assert_eq!(changed(&case.old, &case.tree.files()), BTreeSet::from(left));

    // The old file that was kept is gone, or is another one.
    case.tree.restore(&killed);
    case.tree
        .write("exports/v1/.http-status-codes.csv.old", "other\n");
    std::fs::remove_file(case.tree.path("exports/v1/.SHA256SUMS.old")).expect("the old file");
    insta::assert_snapshot!(told(&case), @r#"
    warning: a run stopped while it wrote; all that it had written is taken back, but for what something else has changed since: exports/v1/http-status-codes.csv, exports/v1/SHA256SUMS
      help: look at these files, for example with `git diff`
    exit code 0
    "#);
    assert_ne!(found("http-status-codes.csv"), "other\n");
    // Building again mends it all.
    assert_eq!(case.tree.run(&["build"]).code, 0);
    assert!(case.tree.files() == case.new);
}

#[test]
fn what_has_changed_since_a_kill_at_the_end_is_told() {
    let case = Case::build();
    let is_done = |step: usize| {
        case.tree.restore(&case.old);
        let halted = case.kill_at(case.command, step).expect("a step");
        halted.starts_with("remove")
    };
    (1..).find(|step| is_done(*step)).expect("a step");
    let killed = case.tree.files();

    // As `git checkout exports` leaves it.
    for file in &case.old {
        case.tree.write(&file.0, &file.1);
    }
    insta::assert_snapshot!(told(&case), @r"
    warning: a run had written all its files, and not cleared up behind it; they stay, but for what something else has changed since: exports/v1/http-status-codes.csv, exports/v1/http-status-codes.json, exports/v1/http-status-codes.ts, exports/v1/http-status-codes.yaml, exports/v1/http_status_codes.go, exports/v1/http_status_codes.py, exports/v1/http_status_codes.rs, exports/v1/SHA256SUMS
      help: look at these files, for example with `git diff`
    exit code 0
    ");
    assert!(case.tree.files() == case.old);

    // Somebody has removed a file.
    case.tree.restore(&killed);
    std::fs::remove_file(case.tree.path("exports/v1/http-status-codes.ts")).expect("the export");
    insta::assert_snapshot!(told(&case), @r"
    warning: a run had written all its files, and not cleared up behind it; they stay, but for what something else has changed since: exports/v1/http-status-codes.ts
      help: look at these files, for example with `git diff`
    exit code 0
    ");
    let left = ["exports/v1/http-status-codes.ts".to_owned()];
    assert_eq!(changed(&case.new, &case.tree.files()), BTreeSet::from(left));
}

/// What a run has read is no longer so when another one is killed before it writes.
#[test]
fn a_run_that_was_overtaken_by_a_kill_writes_nothing() {
    let case = Case::build();
    let tree = Tree::open(case.tree.path("")).expect("a checkout");
    let step = case.kill_at(case.command, 8);
    assert!(step.is_some());
    let killed = case.tree.files();
    let errors = tree.write(&[("exports/v1/codes.svg".to_owned(), "mine")]);
    let errors = errors.expect_err("an error");
    insta::assert_snapshot!(errors[0].message, @"another run stopped while it wrote here");
    assert!(case.tree.files() == killed);
    case.run(LOOKUP, "the next run");
    assert!(!case.is_new("the next run"));
}

#[test]
fn a_run_waits_for_another_one_and_says_for_which() {
    let case = Case::build();
    let mut writing = case.start(case.command, 20);
    assert!(halted(&mut writing).is_some());
    // Somebody else who locks the folder is no run of this program.
    let other = Case::build();
    let locked = std::fs::File::open(other.tree.path("registry")).expect("the folder");
    locked.lock().expect("a lock");
    let waiting = [(&case, LOOKUP), (&other, other.command)];
    let waiting = waiting.map(|(case, command)| case.start(command, 0));
    let told = waiting.map(|child| {
        let output = child.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).expect("UTF-8")
    });
    writing.kill().expect("a kill");
    writing.wait().expect("an end");
    let who = format!("process {} ", writing.id());
    insta::assert_snapshot!(told[0].replace(&who, "process N "), @r#"
    error: process N is writing here; waited 10 s for its end
      --> registry
      help: run this again later; if that process never ends, end it: what it has written so far is then taken back

    1 error; nothing was written
    "#);
    insta::assert_snapshot!(told[1], @r#"
    error: another process has locked this folder; waited 10 s for its end
      --> registry
      help: run this again later; if that process never ends, end it: what it has written so far is then taken back

    1 error; nothing was written
    "#);
    assert!(other.tree.files() == other.old);
    // The lock of a process ends with it.
    case.run(case.command, "the next run");
    assert!(case.is_new("the next run"));

    // One that ends soon is waited for.
    let child = other.start(other.command, 0);
    std::thread::sleep(Duration::from_millis(300));
    assert!(other.tree.files() == other.old);
    drop(locked);
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success(), "{output:?}");
    assert!(other.is_new("the one that waited"));
}

/// A call that changes the disk, or makes a change last, but for those that write to what is open.
const CHANGE: &str = r"fs::(write|rename|remove_|create_dir|copy|hard_link|soft_link|set_permissions)|\bFile::create|\bcreate_new\(|File::options|OpenOptions|DirBuilder|\.set_(len|permissions|times|modified)\(|\bsync_(all|data)\(|\bsymlink(_file|_dir)?\(";

/// Whatever changes a checkout passes a step where the tests above kill it.
#[test]
fn only_the_steps_change_the_disk() {
    let change = Regex::new(CHANGE).expect("a pattern");
    fn look(change: &Regex, folder: &std::path::Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                look(change, &path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            if change.is_match(&text) {
                let name = path.strip_prefix(root()).expect("a path");
                found.insert(name.display().to_string().replace('\\', "/"));
            }
        }
    }
    let mut found = BTreeSet::new();
    look(&change, &root().join("src"), &mut found);
    // The cache lies outside; a lock is a file only where folders have none.
    let others = ["src/fetch/cache.rs", "src/tree/lock.rs"];
    let wanted = others.into_iter().chain(["src/tree/disk.rs"]);
    assert_eq!(found, wanted.map(str::to_owned).collect());

    // Each has a step of its own, as the function that the step is given.
    let change = Regex::new(&format!(r"{CHANGE}|\.write(_all|_fmt)?\(")).expect("a pattern");
    let text = std::fs::read_to_string(root().join("src/tree/disk.rs")).expect("the source");
    let mut parts = text.split(" step(");
    let before = parts.next().expect("a part");
    assert!(!change.is_match(before), "{before}");
    let mut steps = 0;
    for part in parts {
        let end = part.find([';', '{', '}']).unwrap_or(part.len());
        let (step, rest) = part.split_at(end);
        let (_, function) = step.split_once("|| ").expect("a function");
        assert_eq!(change.find_iter(function).count(), 1, "{step}");
        assert!(!change.is_match(rest), "no step: {rest}");
        steps += 1;
    }
    assert!(steps > 9, "{steps} steps");
}
