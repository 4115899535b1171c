//! The stubs of all contracts.

include!(concat!(env!("OUT_DIR"), "/contracts.rs"));

#[path = "../../../../examples/typed/rust/worker.rs"]
pub mod worker;

#[cfg(feature = "wrong")]
#[path = "../../../../examples/typed/rust/wrong.rs"]
pub mod wrong;
