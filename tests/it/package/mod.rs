//! The repository itself: README, dependencies, packages, the vendor's SDK.

mod dependencies;
mod php_sdk;
mod readme;
mod shipping;
