//! The modules of a crate and every path that their code names, read with a parser.
//!
//! Code under `#[cfg(test)]` is left out. Paths inside macro calls and in the texts of attributes
//! (`#[serde(with = "super::lenient")]`) count like any other.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemMod, ItemUse, Macro, Stmt, UseTree, Visibility};

/// The sources of a crate by their path below `src`: `till/mod.rs`.
pub type Sources = BTreeMap<String, String>;
/// A path of names from the crate's root: `["till", "State"]`.
pub type Names = Vec<String>;

/// Something that a file names.
#[derive(Debug, Clone)]
pub struct Named {
    /// From the crate's root.
    pub path: Names,
    pub line: usize,
}

/// A module: a file, or an inline module of one.
#[derive(Debug, Default)]
pub struct Module {
    /// Below `src`.
    pub file: String,
    /// What `use` makes known here, by the name it has here.
    imports: BTreeMap<String, Names>,
    /// Modules whose names a glob makes known here.
    globs: Vec<Names>,
    /// The names of its items.
    items: BTreeSet<String>,
    /// Everything that it names, imports included.
    pub named: Vec<Named>,
}

/// All modules of a crate by their path.
#[derive(Debug, Default)]
pub struct Tree(pub BTreeMap<Names, Module>);

impl Tree {
    /// Reads the modules that `lib.rs` declares, their modules and so on.
    pub fn read(sources: &Sources) -> Self {
        let mut tree = Self::default();
        tree.add(sources, Names::new(), "lib.rs".to_owned());
        let modules: BTreeSet<Names> = tree.0.keys().cloned().collect();
        for (path, module) in &mut tree.0 {
            let imports = module.imports.clone();
            module.named.retain_mut(|named| {
                absolute(&mut named.path, path, &imports, &modules, &module.items)
            });
            let is_local = |names: &mut Names| {
                absolute(names, path, &BTreeMap::new(), &modules, &module.items)
            };
            module.imports.retain(|_, names| is_local(names));
            module.globs.retain_mut(|names| is_local(names));
        }
        tree
    }

    fn add(&mut self, sources: &Sources, path: Names, file: String) {
        let text = sources.get(&file).unwrap_or_else(|| panic!("{file} is missing"));
        let parsed = syn::parse_file(text).unwrap_or_else(|why| panic!("{file}: {why}"));
        let module = Module { file, items: items_of(&parsed.items), ..Module::default() };
        let modules = BTreeMap::from([(path.clone(), module)]);
        let mut reader = Reader { modules, at: path, files: Vec::new() };
        reader.visit_file(&parsed);
        self.0.extend(reader.modules);
        for child in reader.files {
            let below = child.join("/");
            let flat = format!("{below}.rs");
            let file = if sources.contains_key(&flat) { flat } else { format!("{below}/mod.rs") };
            self.add(sources, child, file);
        }
    }

    /// The file of the module that `path` names something of.
    pub fn file_of(&self, path: &[String]) -> &str {
        &self.0[self.longest(path).0].file
    }

    /// The module that defines what `path` names, seen through re-exports.
    pub fn home(&self, path: &[String]) -> &Names {
        let mut seen = BTreeSet::new();
        self.find(path, &mut seen).unwrap_or_else(|| self.longest(path).0)
    }

    /// The longest beginning of `path` that is a module, and how many names it has.
    fn longest(&self, path: &[String]) -> (&Names, usize) {
        let known = |n: &usize| self.0.get_key_value(&path[..*n]);
        let length = (0..=path.len()).rev().find(|n| known(n).is_some()).unwrap();
        (known(&length).unwrap().0, length)
    }

    fn find(&self, path: &[String], seen: &mut BTreeSet<Names>) -> Option<&Names> {
        if !seen.insert(path.to_vec()) {
            return None;
        }
        let (home, length) = self.longest(path);
        let Some((name, rest)) = path[length..].split_first() else {
            return Some(home);
        };
        let module = &self.0[home];
        if module.items.contains(name) {
            return Some(home);
        }
        let import = module.imports.get(name).map(|target| [target, rest].concat());
        let globs = module.globs.iter().map(|target| [target.as_slice(), &path[length..]].concat());
        import.into_iter().chain(globs).find_map(|path| self.find(&path, seen))
    }
}

/// Writes `names`, used in module `at`, from the crate's root; false for names of other crates.
fn absolute(
    names: &mut Names,
    at: &[String],
    imports: &BTreeMap<String, Names>,
    modules: &BTreeSet<Names>,
    items: &BTreeSet<String>,
) -> bool {
    let first = names[0].as_str();
    if first == "crate" {
        names.remove(0);
        return true;
    }
    if first == "self" || first == "super" {
        let ups = names.iter().take_while(|name| *name == "super").count();
        let skipped = names.iter().take_while(|name| *name == "super" || *name == "self").count();
        let base = &at[..at.len() - ups];
        names.splice(..skipped, base.iter().cloned());
        return true;
    }
    let child = [at, &[first.to_owned()]].concat();
    if modules.contains(&child) || items.contains(first) {
        names.splice(..0, at.iter().cloned());
        return true;
    }
    let Some(mut target) = imports.get(first).cloned() else { return false };
    let is_local = absolute(&mut target, at, &BTreeMap::new(), modules, items);
    names.splice(..1, target);
    is_local
}

/// Whether code with these attributes is compiled for tests only.
pub fn is_test(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        let says = |word: &str| match &attr.meta {
            syn::Meta::List(list) => {
                list.tokens.to_string().split(|c: char| !c.is_alphanumeric()).any(|w| w == word)
            }
            _ => false,
        };
        attr.path().is_ident("test") || attr.path().is_ident("cfg") && says("test") && !says("not")
    })
}

/// Collects what one file names.
struct Reader {
    modules: BTreeMap<Names, Module>,
    at: Names,
    /// Modules with files of their own.
    files: Vec<Names>,
}

impl Reader {
    fn module(&mut self) -> &mut Module {
        self.modules.get_mut(&self.at).unwrap()
    }

    fn names(&mut self, path: Names, span: Span) {
        if path.len() > 1 {
            self.module().named.push(Named { path, line: span.start().line });
        }
    }

    /// Every leaf of a `use`.
    fn leaf(&mut self, before: &[String], tree: &UseTree, is_import: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        let (path, name, span) = match tree {
            UseTree::Path(path) => return self.leaf(&with(&path.ident), &path.tree, is_import),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.leaf(before, tree, is_import);
                }
                return;
            }
            UseTree::Glob(glob) => {
                let span = glob.star_token.spans[0];
                self.module().named.push(Named { path: before.to_vec(), line: span.start().line });
                self.module().globs.push(before.to_vec());
                return;
            }
            UseTree::Name(name) if name.ident == "self" => {
                (before.to_vec(), before.last().unwrap().clone(), name.ident.span())
            }
            UseTree::Name(name) => (with(&name.ident), name.ident.to_string(), name.ident.span()),
            UseTree::Rename(rename) => {
                (with(&rename.ident), rename.rename.to_string(), rename.ident.span())
            }
        };
        self.module().named.push(Named { path: path.clone(), line: span.start().line });
        if is_import {
            self.module().imports.insert(name, path);
        }
    }

    /// Paths in the tokens of a macro call: names joined by `::`.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Option<(Names, Span)> = None;
        let mut colons = 0;
        for token in tokens {
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(ident) => match &mut path {
                    Some((names, _)) if colons == 2 => names.push(ident.to_string()),
                    path => {
                        if let Some((names, span)) = path.take() {
                            self.names(names, span);
                        }
                        *path = Some((vec![ident.to_string()], ident.span()));
                    }
                },
                other => {
                    if let Some((names, span)) = path.take() {
                        self.names(names, span);
                    }
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
            colons = 0;
        }
        if let Some((names, span)) = path {
            self.names(names, span);
        }
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

fn name(item: &Item) -> Option<&syn::Ident> {
    match item {
        Item::Const(it) => Some(&it.ident),
        Item::Enum(it) => Some(&it.ident),
        Item::Fn(it) => Some(&it.sig.ident),
        Item::Static(it) => Some(&it.ident),
        Item::Struct(it) => Some(&it.ident),
        Item::Trait(it) => Some(&it.ident),
        Item::Type(it) => Some(&it.ident),
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let is_left_out = matches!(item, ImplItem::Fn(it) if is_test(&it.attrs))
            || matches!(item, ImplItem::Const(it) if is_test(&it.attrs));
        if !is_left_out {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        if !matches!(stmt, Stmt::Local(local) if is_test(&local.attrs)) {
            visit::visit_stmt(self, stmt);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let path = [self.at.as_slice(), &[module.ident.to_string()]].concat();
        let Some((_, items)) = &module.content else {
            self.files.push(path);
            return;
        };
        let (file, items_of) = (self.module().file.clone(), items_of(items));
        let module = Module { file, items: items_of, ..Module::default() };
        self.modules.insert(path.clone(), module);
        let outer = std::mem::replace(&mut self.at, path);
        for item in items {
            self.visit_item(item);
        }
        self.at = outer;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.leaf(&[], &item.tree, true);
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.names(names, path.segments[0].ident.span());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attr: &'ast Attribute) {
        let syn::Meta::List(list) = &attr.meta else { return };
        for token in list.tokens.clone() {
            let TokenTree::Literal(literal) = token else { continue };
            let span = literal.span();
            let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else { continue };
            if let Ok(path) = syn::parse_str::<syn::Path>(&text.value()) {
                self.names(path.segments.iter().map(|part| part.ident.to_string()).collect(), span);
            }
        }
    }
}

/// The names of the items directly in a file or inline module.
fn items_of(items: &[Item]) -> BTreeSet<String> {
    let kept = items.iter().filter(|item| !is_test(attributes(item)));
    kept.filter_map(name).map(ToString::to_string).collect()
}
