//! The description of the API in the words of `OpenAPI` 3.1, made from the tables of operations.
//!
//! Owns the translation alone: what is missing here is missing in a row.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::transform_subschemas;
use serde_json::{Map, Value, json};

use crate::sandbox::http::operation::{Guard, Handler, Operation};
use crate::sandbox::http::response::SERVER_NAME;
use crate::sandbox::http::schema::Schema;
use crate::wire::{ErrorBody, OAuthError};

/// Where named types are defined.
const DEFINITIONS: &str = "/components/schemas";

/// The description of all operations in `tables`.
pub(super) fn document(tables: &[&[Operation]]) -> Value {
    // What is written always has all its fields, what is read may leave out some: types that
    // occur in both directions look different in each. Only what is written gets names.
    let mut written = with(|settings| settings.definitions_path = DEFINITIONS.into())
        .for_serialize()
        .into_generator();
    let mut read = with(|settings| settings.inline_subschemas = true).into_generator();
    let mut paths = Map::new();
    for operation in tables.iter().flat_map(|table| table.iter()) {
        let row = row(operation, &mut written, &mut read);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.to_ascii_lowercase(), row);
        }
    }
    let mut schemas = written.take_definitions(true);
    for schema in schemas.values_mut() {
        if let Ok(schema) = <&mut schemars::Schema>::try_from(schema) {
            tidy(schema);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Smart Transactions, as the sandbox serves them",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!(
                "{SERVER_NAME}. Fixed parts of paths match in any case. Every refusal has the \
                 body of ErrorBody, those of /oauth/token that of OAuthError; the reason phrase is \
                 the exception's name. Paths below /sandbox answer this machine alone and need no \
                 token; a Host or Origin header that names another machine is refused with 403."
            ),
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn with(change: impl FnOnce(&mut SchemaSettings)) -> SchemaSettings {
    SchemaSettings::draft2020_12().with(|settings| {
        settings.meta_schema = None;
        change(settings);
    })
}

/// Removes the values with which the program itself fills gaps.
fn tidy(schema: &mut schemars::Schema) {
    transform_subschemas(&mut tidy, schema);
    schema.remove("default");
}

/// The schema of a body, tidied.
fn tidied(schema: Schema, generator: &mut SchemaGenerator) -> Value {
    let mut schema = schema.json(generator);
    if let Ok(schema) = <&mut schemars::Schema>::try_from(&mut schema) {
        tidy(schema);
    }
    schema
}

fn row(operation: &Operation, written: &mut SchemaGenerator, read: &mut SchemaGenerator) -> Value {
    let refusal = match operation.handler {
        Handler::Token => Schema::of::<OAuthError>(),
        Handler::Sync(_) | Handler::Async(_) => Schema::of::<ErrorBody>(),
    };
    let mut row = json!({
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [tag(operation.path)],
        "security": match operation.guard {
            Guard::Token => json!([{ "bearer": [] }]),
            Guard::Public | Guard::Local => json!([]),
        },
        "parameters": parameters(operation),
        "responses": {
            "200": content("The answer.", &tidied(operation.response, written)),
            "default": content("A refusal.", &tidied(refusal, written)),
        },
    });
    if let (Some(request), Some(row)) = (operation.request, row.as_object_mut()) {
        let schema = tidied(request.schema, read);
        let forms: &[&str] = match operation.handler {
            Handler::Token => &["application/json", "application/x-www-form-urlencoded"],
            Handler::Sync(_) | Handler::Async(_) => &["application/json"],
        };
        let content: Map<String, Value> =
            forms.iter().map(|form| ((*form).to_owned(), json!({ "schema": schema }))).collect();
        let body = json!({ "required": request.required, "content": content });
        row.insert("requestBody".to_owned(), body);
    }
    row
}

fn content(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let open =
        operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let path = open.map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    let query = operation.query.iter().map(|param| {
        json!({ "name": param.name, "in": "query", "description": param.summary,
                "schema": { "type": param.kind } })
    });
    path.chain(query).collect()
}

/// `Smart/Transactions` of `/api/v2/Smart/Transactions/{id}`; the first part of other paths.
fn tag(path: &str) -> String {
    match path.strip_prefix("/api/v2/") {
        Some(rest) => rest.split('/').take(2).collect::<Vec<_>>().join("/"),
        None => path.split('/').find(|part| !part.is_empty()).unwrap_or_default().to_owned(),
    }
}
