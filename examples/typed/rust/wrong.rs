//! What the compiler refuses.

use crate::convex::app::messages::{ListRequest, SendRequest};

pub fn wrong() {
    let _ = SendRequest { text: "hello".into(), ..Default::default() }; // refused
    let _ = ListRequest { limit: Some("ten"), ..Default::default() }; // refused
    let _ = SendRequest { body: "hello".into(), ..Default::default() };
}
