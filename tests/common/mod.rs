//! What the tests share.

#![allow(dead_code)]

pub mod modules;
pub mod registries;
pub mod rows;
pub mod shown;
pub mod texts;
pub mod words;
pub mod writers;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use http_status_registry::build;
use http_status_registry::model::{MeaningEntry, Registry};
use http_status_registry::tree::Tree;

/// The sources with a document in the small tree of the tests.
pub const SOURCES: [&str; 6] = [
    "definitions",
    "items",
    "outline",
    "records",
    "rows",
    "sections",
];

/// The checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The registry, built from the checkout.
pub fn registry() -> Registry {
    build(&Tree::open(root()).expect("the checkout"))
        .map(|built| built.registry)
        .unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// An export, as it stands in the checkout.
pub fn export(name: &str) -> String {
    fs::read_to_string(root().join("exports/v1").join(name)).expect("an export")
}

/// The registry's meanings with their codes, in order.
pub fn meanings(registry: &Registry) -> Vec<(u16, &MeaningEntry)> {
    let codes = registry.codes.iter();
    codes
        .flat_map(|code| {
            code.meanings
                .iter()
                .map(|meaning| (code.code.into(), meaning))
        })
        .collect()
}

/// The fixtures: a small tree, and the documents of its sources.
pub fn fixtures() -> PathBuf {
    root().join("tests/fixtures")
}

/// The folder of the real documents. They are other people's, so not every checkout has them:
/// without them a test says that it was skipped, and in CI it fails, unless an empty `DOCUMENTS`
/// says that this CI has none.
pub fn real_documents(test: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("DOCUMENTS") {
        Some(none) if none.is_empty() => {
            say_skipped(
                test,
                "the documents, and an empty DOCUMENTS says that there are none",
            );
            return None;
        }
        Some(folder) => PathBuf::from(folder),
        None => root().join("../shared/documents"),
    };
    if folder.is_dir() {
        return Some(folder);
    }
    skip(test, "the documents; name their folder in DOCUMENTS");
    None
}

/// Says that a test is skipped for want of something. CI must have everything.
pub fn skip(test: &str, needs: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "CI must have what {test} needs: {needs}"
    );
    say_skipped(test, needs);
}

/// Says that a test is skipped for want of something, in CI too.
pub fn say_skipped(test: &str, needs: &str) {
    // Not `eprintln!`, which the test harness swallows.
    let _ = writeln!(std::io::stderr(), "skipped: {test} needs {needs}");
}

/// Whether a tool that the test needs is there. If not, the test says that it was skipped, and in CI it fails.
pub fn has_tool(tool: &str, test: &str) -> bool {
    let version = match tool {
        "go" => "version",
        "unzip" => "-v",
        _ => "--version",
    };
    let version = Command::new(tool).arg(version).output();
    let found = version.is_ok_and(|output| output.status.success());
    if !found {
        skip(test, tool);
    }
    found
}

/// What a tool prints; nothing, and a word on stderr, if it is not installed. A script that ends in
/// 77 says that it lacks `needs`.
pub fn told(test: &str, needs: &str, command: &mut Command) -> Option<Vec<u8>> {
    let output = match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skip(test, &command.get_program().to_string_lossy());
            return None;
        }
        output => output.expect("a process"),
    };
    if output.status.code() == Some(77) {
        skip(test, needs);
        return None;
    }
    let told = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{told}{error}");
    Some(output.stdout)
}

/// Files with their bytes, by name.
pub type Files = Vec<(String, Vec<u8>)>;

/// A copy of a tree, in a folder that goes away with it.
pub struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// The small tree with its claims.
    pub fn small() -> Self {
        Self::copy(&fixtures().join("tree"), &["sources", "registry"])
    }

    /// The real tree.
    pub fn real() -> Self {
        let tree = Self::copy(&root(), &["sources", "registry", "exports"]);
        let changelog = fs::read(root().join("CHANGELOG.md"));
        tree.write("CHANGELOG.md", changelog.expect("the changelog"));
        tree
    }

    /// Nothing.
    pub fn empty() -> Self {
        Self::copy(Path::new(""), &[])
    }

    /// All that is in a folder.
    pub fn of(folder: &Path) -> Self {
        Self::copy(folder, &["."])
    }

    fn copy(from: &Path, folders: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in folders {
            copy_folder(&from.join(name), &folder.path().join(name));
        }
        Self { folder }
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        fs::write(path, content).expect("the file");
    }

    /// Replaces a text that stands in a file once.
    pub fn edit(&self, file: &str, old: &str, new: &str) {
        let content = self.read(file);
        assert_eq!(content.matches(old).count(), 1, "{old:?} in {file}");
        self.write(file, content.replacen(old, new, 1));
    }

    /// Puts a document in place of a source's, and its digest in the manifest.
    pub fn replace_document(&self, id: &str, name: &str, bytes: &[u8]) {
        self.write(&format!("documents/{name}"), bytes);
        let file = format!("sources/{id}/source.yaml");
        let manifest = self.read(&file);
        let digest = manifest
            .lines()
            .find_map(|line| line.trim().strip_prefix("sha256: "))
            .expect("a digest");
        self.edit(&file, digest, &http_status_registry::digest::sha256(bytes));
    }

    /// Takes out the locked claims of a source.
    pub fn forget_claims(&self, id: &str) {
        // They may be out already.
        let _ = fs::remove_file(self.path(&format!("sources/{id}/claims.csv")));
    }

    /// Runs the program in the tree.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    /// Runs the program in the tree, with variables in its environment.
    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        self.finish(command)
    }

    /// The program, to be run in the tree, with no proxies but those that a test sets.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_http-status-registry"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("CLICOLOR_FORCE");
        for proxy in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(proxy);
            command.env_remove(proxy.to_uppercase());
        }
        command
    }

    /// Runs such a program to its end.
    pub fn finish(&self, mut command: Command) -> Run {
        Run::new(command.output().expect("the program"), self.folder.path())
    }

    /// Runs git in a folder of the tree, as nobody in particular, and returns what it prints.
    pub fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.path(folder))
            .args([
                "-c",
                "user.name=Nobody",
                "-c",
                "user.email=nobody@example.org",
            ])
            .args(arguments)
            .output()
            .expect("git");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {told}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Commits all that is there.
    pub fn commit(&self, message: &str) {
        self.git("", &["add", "--all"]);
        self.git("", &["commit", "--quiet", "--message", message]);
    }

    /// Makes the tree hold these files and no others, but for git's own.
    pub fn restore(&self, files: &Files) {
        let there = self.files();
        for (name, _) in &there {
            if !files.iter().any(|(wanted, _)| wanted == name) {
                fs::remove_file(self.path(name)).expect("the file");
                // Folders that are empty go with their last file.
                let folders = Path::new(name).ancestors().skip(1);
                for folder in folders.filter(|folder| *folder != Path::new("")) {
                    if fs::remove_dir(self.folder.path().join(folder)).is_err() {
                        break;
                    }
                }
            }
        }
        for file in files.iter().filter(|file| !there.contains(file)) {
            // Not through a second name of the file.
            let _ = fs::remove_file(self.path(&file.0));
            self.write(&file.0, &file.1);
        }
    }

    /// Every file of the tree with its bytes, but none of git's own.
    pub fn files(&self) -> Files {
        let mut files = Vec::new();
        collect(self.folder.path(), self.folder.path(), &mut files);
        files.retain(|(name, _)| !name.starts_with(".git/"));
        files.sort();
        files
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let content = if let Ok(target) = fs::read_link(&path) {
            format!("link to {}", target.display()).into_bytes()
        } else if path.is_dir() {
            collect(root, &path, files);
            continue;
        } else {
            fs::read(&path).expect("a file")
        };
        let name = path.strip_prefix(root).expect("a path in the tree");
        files.push((name.display().to_string(), content));
    }
}

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, target).expect("the file");
        }
    }
}

/// What a run of the program ended in, without the temporary folder's name.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    fn new(output: Output, folder: &Path) -> Self {
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("UTF-8");
            text.replace(&folder.display().to_string(), "TREE")
        };
        Self {
            code: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// All of it, for a snapshot.
    pub fn told(&self) -> String {
        format!("{}{}exit code {}\n", self.out, self.err, self.code)
    }
}

/// Compares a text with the snapshot of this name in a folder of `tests/snapshots/`.
pub fn snapshot(folder: &str, name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/snapshots").join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

/// Fails if the folder of `tests/snapshots/` holds other snapshots than these.
pub fn no_other_snapshots(folder: &str, names: impl IntoIterator<Item = String>) {
    let mut expected: Vec<String> = names
        .into_iter()
        .map(|name| format!("{name}.snap"))
        .collect();
    expected.sort();
    expected.dedup();
    assert!(!expected.is_empty(), "nothing to take a snapshot of");
    let mut found: Vec<String> = fs::read_dir(root().join("tests/snapshots").join(folder))
        .expect("the snapshots")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .filter(|name| name.ends_with(".snap"))
        .collect();
    found.sort();
    assert_eq!(found, expected, "snapshots in tests/snapshots/{folder}");
}
