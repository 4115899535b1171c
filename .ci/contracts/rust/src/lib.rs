//! The stubs of all contracts.

include!(concat!(env!("OUT_DIR"), "/contracts.rs"));
