//! What keeps a vendored copy as it is, and what keeps it up to date: tried with git.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::common::{copy_folder, export, has_tool, root};
use crate::{blocks, page};

const REPOSITORY: &str = "https://github.com/http-status-registry/http-status-registry";
const COPIED: &str = "http_status_codes.py";

/// Has git look for the registry's repository in a folder, and for no settings but these.
pub fn rewritten(command: &mut Command, registry: &Path) {
    let settings = [
        ("protocol.file.allow", "always"),
        ("user.name", "Somebody"),
        ("user.email", "somebody@example.com"),
        (
            &format!("url.file://{}.insteadOf", registry.display()),
            REPOSITORY,
        ),
    ];
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_COUNT", settings.len().to_string());
    for (index, (key, value)) in settings.into_iter().enumerate() {
        command
            .env(format!("GIT_CONFIG_KEY_{index}"), key)
            .env(format!("GIT_CONFIG_VALUE_{index}"), value);
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    rewritten(&mut git, folder);
    let output = git
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("git");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {error}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(
        folder,
        &[
            "commit",
            "--quiet",
            "--allow-empty",
            "--message",
            "A commit",
        ],
    );
}

/// A repository in which each of these versions holds the exports, or something else in the file that is copied.
pub fn published(versions: &[(&str, Option<&str>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let exports = folder.path().join("exports/v1");
    git(folder.path(), &["init", "--quiet"]);
    for (version, content) in versions {
        copy_folder(&root().join("exports/v1"), &exports);
        if let Some(content) = content {
            fs::write(exports.join(COPIED), content).expect("a file");
        }
        commit(folder.path());
        git(folder.path(), &["tag", version]);
    }
    folder
}

/// The workflow of the page.
fn workflow() -> serde_yaml::Value {
    let shown = blocks(&page("docs/vendoring.md"), "yaml");
    assert_eq!(shown.len(), 1);
    serde_yaml::from_str(&shown[0]).expect("YAML")
}

#[test]
fn the_workflow_may_do_no_more_than_it_must() {
    let workflow = workflow();
    let permissions: BTreeMap<String, String> =
        serde_yaml::from_value(workflow["permissions"].clone()).expect("permissions");
    let needed = [("contents", "write"), ("pull-requests", "write")];
    assert!(
        permissions
            .iter()
            .map(|(what, how)| (&**what, &**how))
            .eq(needed)
    );
    let update = &workflow["jobs"]["update"];
    assert!(update.get("permissions").is_none());
    let pinned = regex::Regex::new("^actions/checkout@[0-9a-f]{40}$").expect("a pattern");
    for step in update["steps"].as_sequence().expect("steps") {
        if let Some(action) = step.get("uses") {
            assert!(
                pinned.is_match(action.as_str().expect("an action")),
                "{action:?}"
            );
        }
    }
}

/// A project that vendors a file: its repository, and a place for what the workflow does.
struct Project(tempfile::TempDir);

impl Project {
    fn new(copy: &str) -> Self {
        let project = Self(tempfile::tempdir().expect("a folder"));
        let folder = project.0.path();
        let origin = folder.join("origin");
        fs::create_dir_all(origin.join("src")).expect("a folder");
        fs::write(origin.join("src").join(COPIED), copy).expect("a file");
        git(&origin, &["init", "--quiet"]);
        commit(&origin);
        // It says what it is asked for, and does nothing.
        fs::create_dir(folder.join("bin")).expect("a folder");
        let gh = folder.join("bin/gh");
        fs::write(
            &gh,
            "#!/bin/sh\nprintf '%s\\n' \"$@\" >> \"$RUNNER_TEMP/asked\"\n",
        )
        .expect("gh");
        let made = Command::new("chmod").arg("+x").arg(gh).status();
        assert!(made.expect("chmod").success());
        project
    }

    /// Runs the workflow's script, as GitHub does, on a fresh clone. Returns how it went, and what it asked of `gh`.
    fn update(&self, registry: &Path) -> (Output, String) {
        let run = tempfile::tempdir().expect("a folder");
        let origin = self.0.path().join("origin").display().to_string();
        git(run.path(), &["clone", "--quiet", &origin, "clone"]);
        let workflow = workflow();
        let update = &workflow["jobs"]["update"];
        let steps = update["steps"].as_sequence().expect("steps");
        let scripts: Vec<&str> = steps
            .iter()
            .filter_map(|step| step.get("run")?.as_str())
            .collect();
        assert_eq!(scripts.len(), 1);
        let path = std::env::var("PATH").expect("a path");
        let mut bash = Command::new("bash");
        rewritten(&mut bash, registry);
        for (name, value) in update["env"].as_mapping().expect("an environment") {
            bash.env(
                name.as_str().expect("a name"),
                value.as_str().expect("a value"),
            );
        }
        let output = bash
            .args(["-e", "-c", scripts[0]])
            .env(
                "PATH",
                format!("{}:{path}", self.0.path().join("bin").display()),
            )
            .env("RUNNER_TEMP", run.path())
            .current_dir(run.path().join("clone"))
            .output()
            .expect("bash");
        let asked = fs::read_to_string(run.path().join("asked")).unwrap_or_default();
        (output, asked)
    }

    fn branches(&self) -> String {
        let format = "--format=%(refname:short)";
        git(
            &self.0.path().join("origin"),
            &["branch", "--list", format, "http-status-codes-*"],
        )
    }
}

#[test]
fn the_workflow_opens_one_pull_request_for_a_new_version() {
    if !has_tool("git", "the workflow") {
        return;
    }
    let project = Project::new("old\n");
    let registry = published(&[("v1.9.0", Some("old\n")), ("v1.10.0", None)]);
    let (output, asked) = project.update(registry.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(project.branches(), "http-status-codes-v1.10.0\n");
    assert!(
        asked.starts_with("pr\ncreate\n--head\nhttp-status-codes-v1.10.0\n"),
        "{asked}"
    );
    assert!(
        asked.contains(&format!("{REPOSITORY}/blob/v1.10.0/CHANGELOG.md")),
        "{asked}"
    );
    let proposed = format!("http-status-codes-v1.10.0:src/{COPIED}");
    let proposed = git(&project.0.path().join("origin"), &["show", &proposed]);
    assert_eq!(proposed, export(COPIED));

    // The second time there is nothing to add.
    let (output, asked) = project.update(registry.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        (project.branches(), asked),
        ("http-status-codes-v1.10.0\n".to_owned(), String::new())
    );
}

#[test]
fn the_workflow_is_silent_unless_the_copy_changes() {
    if !has_tool("git", "the workflow") {
        return;
    }
    let project = Project::new(&export(COPIED));
    let (output, asked) = project.update(published(&[("v1.0.0", None)]).path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!((project.branches(), asked), Default::default());
    // A registry without versions is a fault.
    let (output, asked) = project.update(published(&[]).path());
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no version was found"));
    assert_eq!((project.branches(), asked), Default::default());
}

#[test]
fn the_attributes_keep_the_line_ends() {
    if !has_tool("git", "the_attributes_keep_the_line_ends") {
        return;
    }
    let attributes = blocks(&page("docs/vendoring.md"), "gitattributes").concat();
    for attributes in ["", &attributes] {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, copy) = (folder.path(), folder.path().join(COPIED));
        git(path, &["init", "--quiet"]);
        git(path, &["config", "core.autocrlf", "true"]);
        fs::write(path.join(".gitattributes"), attributes).expect("a file");
        fs::write(&copy, export(COPIED)).expect("a file");
        commit(path);
        fs::remove_file(&copy).expect("the copy");
        git(path, &["checkout", "--", COPIED]);
        let is_kept = fs::read_to_string(&copy).expect("the copy") == export(COPIED);
        assert_eq!(is_kept, !attributes.is_empty());
        let generated = git(path, &["check-attr", "linguist-generated", COPIED]);
        assert_eq!(generated.ends_with(": set\n"), is_kept);
    }
}
