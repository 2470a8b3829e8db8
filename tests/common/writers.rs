//! The commands that write, each in a tree where it has something to write.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Files, Sandbox, copy_folder, fixtures};

/// A command that writes, in a tree where it has something to write.
pub struct Case {
    pub tree: Sandbox,
    pub command: &'static [&'static str],
    pub old: Files,
    pub new: Files,
}

impl Case {
    fn new(tree: Sandbox, command: &'static [&'static str]) -> Self {
        let old = tree.files();
        let run = tree.run(command);
        assert_eq!(run.code, 0, "{}", run.told());
        let new = tree.files();
        assert!(changed(&old, &new).len() > 4, "too little to write");
        tree.restore(&old);
        assert!(tree.files() == old);
        Self {
            tree,
            command,
            old,
            new,
        }
    }

    pub fn build() -> Self {
        let tree = Sandbox::small();
        assert_eq!(tree.run(&["build"]).code, 0);
        reword(&tree);
        Self::new(tree, &["build"])
    }

    /// All documents but the table have one line more than when they were ingested.
    pub fn ingest() -> Self {
        let tree = Sandbox::small();
        copy_folder(&fixtures().join("documents"), &tree.path("documents"));
        for (id, name) in [
            ("items", "items.md"),
            ("outline", "outline.txt"),
            ("sections", "sections.md"),
            ("rows", "rows.html"),
            ("definitions", "definitions.html"),
        ] {
            let longer = format!("\n{}", tree.read(&format!("documents/{name}")));
            tree.replace_document(id, name, longer.as_bytes());
        }
        Self::new(tree, &["ingest", "--documents", "documents"])
    }

    pub fn release() -> Self {
        let tree = Sandbox::small();
        assert_eq!(tree.run(&["build"]).code, 0);
        reword(&tree);
        tree.git("", &["init", "--quiet"]);
        tree.commit("Start");
        Self::new(tree, &["release", "--date", "2026-12-01"])
    }

    /// Whether the tree is new; if it is neither that nor old, the test fails.
    pub fn is_new(&self, what: &str) -> bool {
        let found = self.tree.files();
        let empty = empty_folder(&self.tree.path(""));
        assert_eq!(empty, None, "{what}: an empty folder is left");
        let is_new = found == self.new;
        assert!(
            is_new || found == self.old,
            "{what}: neither old nor new; otherwise than old: {:?}, than new: {:?}",
            changed(&self.old, &found),
            changed(&self.new, &found)
        );
        is_new
    }
}

fn reword(tree: &Sandbox) {
    let file = "registry/meanings/4xx.yaml";
    tree.edit(file, "en: A token is wanted.", "en: A token is needed.");
}

/// The names of the files that are not the same.
pub fn changed(one: &Files, other: &Files) -> BTreeSet<String> {
    let only = |a: &Files, b: &Files| {
        let only = a.iter().filter(|file| !b.contains(file));
        only.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    [only(one, other), only(other, one)]
        .concat()
        .into_iter()
        .collect()
}

/// A folder without anything in it.
fn empty_folder(folder: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut entries = entries
        .map(|entry| entry.expect("an entry").path())
        .peekable();
    if entries.peek().is_none() {
        return Some(folder.to_owned());
    }
    let mut folders = entries.filter(|path| path.is_dir() && !path.ends_with(".git"));
    folders.find_map(|path| empty_folder(&path))
}

/// Where a file is kept while it is written.
pub fn beside(file: &str, what: &str) -> String {
    let (folder, name) = file
        .rfind('/')
        .map_or(("", file), |end| file.split_at(end + 1));
    format!("{folder}.{name}.{what}")
}
