//! Checks frames of the sync protocol with the crate convex_sync_types, whose types Convex's own server and clients use.
//!
//!     frames check FILE     checks that every frame of FILE parses, and that the crate writes the same
//!     frames print          prints a frame of every kind, as the crate writes them
//!     frames current FILE   checks that FILE is what `print` prints
//!
//! A line is `{"from":"client"|"server","frame":{…}}`.

mod sample;

use std::{collections::BTreeMap, env, fs};

use anyhow::{Context, Result, bail, ensure};
use convex_sync_types::{ClientMessage, ServerMessage};
use serde_json::Value as Json;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["check", file] => check(&fs::read_to_string(file)?),
        ["print"] => {
            print!("{}", sample::lines()?);
            Ok(())
        }
        ["current", file] => {
            let lines = sample::lines()?;
            ensure!(fs::read_to_string(file)? == lines, "{file} is old: write it again with `frames print`");
            println!("{} frames in {file}, as this version of the crate writes them", lines.lines().count());
            Ok(())
        }
        _ => bail!("usage: frames check FILE | print | current FILE"),
    }
}

fn check(text: &str) -> Result<()> {
    let mut counts = BTreeMap::new();
    let mut failures = 0;
    for (i, line) in text.lines().enumerate() {
        match check_line(line) {
            Ok(kind) => *counts.entry(kind).or_insert(0) += 1,
            Err(error) => {
                failures += 1;
                eprintln!("line {}: {error}\n{}", i + 1, shortened(line));
            }
        }
    }
    for (kind, n) in &counts {
        println!("{n:6} {kind}");
    }
    ensure!(failures == 0, "{failures} frames fail");
    ensure!(!counts.is_empty(), "no frames");
    println!("{} frames, all as the crate writes them", counts.values().sum::<usize>());
    Ok(())
}

/// Returns the sender and the kind of a frame.
fn check_line(line: &str) -> Result<String> {
    let line: Json = serde_json::from_str(line)?;
    let frame = &line["frame"];
    let from = line["from"].as_str().context("no sender")?;
    let rewritten: Json = match from {
        "client" => ClientMessage::try_from(frame.clone())?.try_into()?,
        "server" => ServerMessage::<convex::Value>::try_from(frame.clone())?.into(),
        _ => bail!("unknown sender {from}"),
    };
    let (sent, written) = (normal(frame.clone()), normal(rewritten));
    ensure!(sent == written, "sent    {}\nwritten {}", shortened(&sent.to_string()), shortened(&written.to_string()));
    Ok(format!("{from} {}", frame["type"].as_str().context("no type")?))
}

/// Fields that may be null or absent; the crate leaves some out and writes some as null.
const OPTIONAL: [&str; 5] = ["maxObservedTimestamp", "clientTs", "componentPath", "clientClockSkew", "serverTs"];

fn normal(mut frame: Json) -> Json {
    let fields = frame.as_object_mut().into_iter();
    for fields in fields {
        fields.retain(|name, value| !(value.is_null() && OPTIONAL.contains(&name.as_str())));
        if let Some(Json::Array(list)) = fields.get_mut("modifications") {
            *list = std::mem::take(list).into_iter().map(normal).collect();
        }
    }
    frame
}

fn shortened(text: &str) -> String {
    text.chars().take(2000).collect()
}
