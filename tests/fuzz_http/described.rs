//! The operations to call, read from the description that the sandbox itself serves.

use serde_json::{Value, json};

/// One operation.
pub struct Operation {
    pub name: String,
    pub method: String,
    pub path: String,
    /// Names of what can stand in the query.
    pub query: Vec<String>,
    pub request: Option<Value>,
}

/// All of the description.
pub struct Api {
    pub operations: Vec<Operation>,
    document: Value,
}

impl Api {
    pub fn new(document: Value) -> Self {
        let mut operations = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let query = parameters.iter().filter(|parameter| parameter["in"] == "query");
                operations.push(Operation {
                    name: operation["operationId"].as_str().unwrap().to_owned(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    query: query.map(|it| it["name"].as_str().unwrap().to_owned()).collect(),
                    request: operation
                        .pointer("/requestBody/content/application~1json/schema")
                        .cloned(),
                });
            }
        }
        assert!(operations.len() > 20, "the description is too small");
        Self { operations, document }
    }

    /// The schema itself, where `schema` only refers to it.
    pub fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(place) => self.document.pointer(place.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }

    pub fn operation(&self, name: &str) -> &Operation {
        self.operations.iter().find(|operation| operation.name == name).unwrap()
    }
}

/// What has no schema can be anything.
pub fn anything() -> Value {
    json!({})
}
