//! The nodes of a page, and what is said of each.

use std::hash::{Hash, Hasher};

use html5ever::tree_builder::TreeSink;
use scraper::{ElementRef, HtmlTreeSink};

/// The key of a node in the tree. (`scraper` uses the type, but does not export its name.)
pub type NodeId = <HtmlTreeSink as TreeSink>::Handle;

/// A node of a page. (`scraper` uses the type, but does not export its name.)
pub type NodeRef<'a> = <ElementRef<'a> as std::ops::Deref>::Target;

/// Something about each of some nodes. Their keys count up from 1, so that they have a place in a row.
pub struct NodeMap<T>(Vec<Option<T>>);

impl<T> Default for NodeMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> NodeMap<T> {
    pub fn get(&self, node: NodeId) -> Option<&T> {
        self.0.get(number(node))?.as_ref()
    }

    pub fn contains(&self, node: NodeId) -> bool {
        self.get(node).is_some()
    }

    /// Says something about a node; returns what was said before.
    pub fn insert(&mut self, node: NodeId, value: T) -> Option<T> {
        let number = number(node);
        if number >= self.0.len() {
            self.0.resize_with(number + 1, || None);
        }
        self.0[number].replace(value)
    }

    pub fn get_mut(&mut self, node: NodeId) -> Option<&mut T> {
        self.0.get_mut(number(node))?.as_mut()
    }

    /// What is said about the node with a key.
    pub fn numbered(&mut self, key: u32) -> Option<&mut T> {
        self.0.get_mut(usize::try_from(key).ok()?)?.as_mut()
    }
}

/// A node's key, which it shows to nobody but a hasher.
pub fn number(node: NodeId) -> usize {
    let mut key = Key(0);
    node.hash(&mut key);
    key.0
}

/// Takes a single number as it is.
struct Key(usize);

impl Hasher for Key {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_usize(byte.into()));
    }

    fn write_usize(&mut self, key: usize) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0 as u64
    }
}
