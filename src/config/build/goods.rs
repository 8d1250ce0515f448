//! Departments, quick keys and reasons.

use crate::config::layers::Layers;
use crate::hint::{did_you_mean, nearest};
use crate::money::Percent;
use crate::shop::{Department, Vat, VatClasses};
use crate::till::{QUICK_KEYS, Quick, Reasons};

/// `Backwaren:7`: the groups that are sold without an article.
pub(super) fn departments(layers: &mut Layers, classes: &VatClasses) -> Vec<Department> {
    let mut departments: Vec<Department> = Vec::new();
    for line in layers.lines("sale", "departments") {
        let read = department(&line, classes).and_then(|new| {
            let twice = departments.iter().any(|known| is_called(known, &new.name));
            if twice { Err(format!("there are two departments {:?}", new.name)) } else { Ok(new) }
        });
        match read {
            Ok(new) => departments.push(new),
            Err(problem) => layers.complain_of_value("sale", "departments", problem),
        }
    }
    departments
}

fn department(line: &str, classes: &VatClasses) -> Result<Department, String> {
    let Some((name, vat)) = line.rsplit_once(':') else {
        return Err(format!("{line:?} is not a name, a colon and a VAT rate: \"Bread:7\""));
    };
    let (name, vat) = (name.trim(), vat.trim());
    if name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{line:?}: a department needs a name that is no number"));
    }
    let vat = match (Percent::parse(vat), classes.named(vat)) {
        (Some(rate), _) => Vat::Rate(rate),
        (None, Some(class)) => Vat::Class(class.to_owned()),
        (None, None) => {
            let hint = did_you_mean(nearest(vat, classes.names()));
            return Err(format!("{line:?}: {vat:?} is no VAT rate and no VAT class{hint}"));
        }
    };
    Ok(Department { name: name.to_owned(), vat })
}

/// Digits name an article; anything else a department, or else an article.
pub(super) fn quick(layers: &mut Layers, departments: &[Department]) -> Vec<Quick> {
    let lines = layers.lines("quick", "keys");
    if lines.len() > QUICK_KEYS {
        let problem = format!("there are {} keys, and {QUICK_KEYS} at most", lines.len());
        layers.complain_of_value("quick", "keys", problem);
    }
    let mut keys = Vec::new();
    for line in lines {
        let name = line.trim();
        let is_number = !name.is_empty()
            && name.len() <= 20
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        match departments.iter().find(|department| is_called(department, name)) {
            Some(department) => keys.push(Quick::Department(department.clone())),
            None if is_number => keys.push(Quick::Article(name.to_owned())),
            None => {
                let names = departments.iter().map(|department| department.name.as_str());
                let hint = did_you_mean(nearest(name, names));
                let problem = format!("{name:?} is no department and no article's number{hint}");
                layers.complain_of_value("quick", "keys", problem);
            }
        }
    }
    keys
}

pub(super) fn reasons(layers: &mut Layers) -> Reasons {
    let mut list = |section, key| {
        let mut lines = layers.lines(section, key);
        lines.retain(|line| !line.is_empty());
        lines
    };
    Reasons {
        discounts: list("discount", "reasons"),
        prices: list("sale", "override_reasons"),
        returns: list("sale", "return_reasons"),
    }
}

fn is_called(department: &Department, name: &str) -> bool {
    department.name.to_lowercase() == name.to_lowercase()
}
