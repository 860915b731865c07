//! From the arguments of a command to what it reads: files, folders, one draft or a stream of records on standard input.

use std::path::{Path, PathBuf};

use crate::cli::args::{Drafts, StdinFormat};
use crate::cli::config::Config;
use crate::cli::error::{Failure, InputError, tell};
use crate::cli::judge::{Input, encoding_note};
use crate::cli::{say, stdin, walk};

/// A thread's stack: parsers do not recurse with the input's depth, and this is only address space.
const STACK: usize = 8 << 20;

/// Where drafts come from.
pub(super) enum From {
    /// Records on standard input.
    Records,
    /// Files, folders, and `-` for one document on standard input.
    Paths(Vec<PathBuf>),
}

pub(super) fn source(arguments: &Drafts) -> Result<From, Failure> {
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    let about_stdin = arguments.stdin_format.is_some() || arguments.stdin_name.is_some();
    let paths = match (arguments.paths.is_empty(), about_stdin) {
        (true, true) => vec![PathBuf::from("-")],
        (true, false) => vec![PathBuf::from(".")],
        _ => arguments.paths.clone(),
    };
    let (how_many, others) = (paths.iter().filter(|path| is_stdin(path)).count(), paths.len());
    let usage = |what: &str, help: &str| Err(Failure::Usage { what: what.to_owned(), help: help.to_owned() });
    if how_many > 1 {
        return usage("standard input is named more than once", "Write `-` once.");
    }
    if about_stdin && how_many == 0 {
        return usage("--stdin-format and --stdin-name are for standard input", "Add `-` to the paths.");
    }
    if arguments.stdin_format == Some(StdinFormat::Jsonl) {
        if others > 1 {
            return usage("records on standard input cannot be mixed with files", "Run the program twice.");
        }
        return Ok(From::Records);
    }
    Ok(From::Paths(paths))
}

/// What the paths lead to, in their order, but for what the run itself `writes`. What cannot be read is told at once; the
/// second part says whether all could.
pub(super) fn gather(
    paths: &[PathBuf],
    arguments: &Drafts,
    config: &Config,
    writes: &[Option<&Path>],
    quiet: bool,
) -> Result<(Vec<Input>, bool), Failure> {
    let (mut inputs, mut all_read) = (Vec::new(), true);
    let written: Vec<PathBuf> = writes.iter().flatten().filter_map(|path| path.canonicalize().ok()).collect();
    let is_written = |input: &Input| {
        let path = match input {
            Input::File(draft) if !written.is_empty() => draft.path.canonicalize().ok(),
            _ => None,
        };
        path.is_some_and(|path| written.contains(&path))
    };
    let is_left_out = |input: &Input| {
        arguments.force_exclude && matches!(input, Input::File(draft) if config.exclude.matches(&draft.path, false))
    };
    let mut take = |found| match found {
        Ok(input) if is_written(&input) || is_left_out(&input) => {}
        Ok(input) => inputs.push(input),
        Err(error) => all_read &= unread(&error),
    };
    for some in paths.chunk_by(|a, b| a.as_os_str() != "-" && b.as_os_str() != "-") {
        if some[0].as_os_str() != "-" {
            walk::follow(some, config).into_iter().for_each(|found| take(found.map(Input::File)));
            continue;
        }
        take(stdin::draft(arguments)?.map(|(source, from)| {
            if let Some(from) = from.filter(|_| !quiet) {
                say(&encoding_note(source.name(), from));
            }
            Input::Text(source)
        }));
    }
    Ok((inputs, all_read))
}

/// Tells of an input that cannot be read; always `false`.
pub(super) fn unread(error: &InputError) -> bool {
    tell(error, error.help());
    false
}

/// Starts as many threads as the arguments ask for.
pub(super) fn start_threads(arguments: &Drafts) {
    let threads = arguments.jobs.map_or(0, std::num::NonZeroUsize::get);
    // A pool that is already there is as good.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build_global();
}
