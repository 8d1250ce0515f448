//! Flags over environment over file over defaults, and the decisions that follow from them.

use super::layers::{Layers, Setting, Source, Sources};
use super::schema::fields;
use super::value::Raw;
use super::{Config, DEFAULTS, Problems, build};

/// A configuration without problems.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The decisions.
    pub config: Config,
    /// All keys with their values, in the order of the table.
    pub settings: Vec<Setting>,
}

/// Puts the layers over each other and checks all of them.
///
/// # Errors
/// Everything that is wrong in any layer, also where a higher layer hides it.
pub fn load(sources: &Sources) -> Result<Loaded, Problems> {
    let mut layers = Layers::default();
    layers.file(DEFAULTS, None);
    if let Some(file) = &sources.file {
        layers.file(&file.text, Some(&file.path));
        layers.guard_secrets(file);
    }
    // Whoever logs in to a kiosk may bring variables along: there the file alone decides.
    if !layers.is_kiosk() {
        layers.environment(&sources.env);
    }
    for (flag, text) in &sources.flags {
        if let Some(field) = fields().find(|field| field.flag == Some(flag)) {
            layers.set(field, &Raw::from_text(field.kind, text), Source::Flag(flag), None);
        }
    }
    let config = build::config(&mut layers, sources);
    let (mut settings, mut problems) = layers.into_parts();
    problems.sort();
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let settings = fields().filter_map(|field| settings.remove(&(field.section, field.key)));
    Ok(Loaded { config, settings: settings.collect() })
}
