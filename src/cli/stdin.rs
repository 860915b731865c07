//! Standard input: one document, or a stream of records in JSON Lines.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::cli::args::{Drafts, StdinFormat};
use crate::cli::error::{Failure, InputError};
use crate::cli::read;
use crate::source::{Format, SourceFile};

/// Its name unless another is given.
const NAME: &str = "<stdin>";

/// Reads all of standard input as one draft. The text is one of its own, the second part is what to note about it.
pub(super) fn draft(arguments: &Drafts) -> Result<Result<(SourceFile, Option<&'static str>), InputError>, Failure> {
    let name = arguments.stdin_name.as_deref().unwrap_or(NAME);
    let by_name = || Format::of_path(Path::new(name)).unwrap_or(Format::Markdown);
    let format = arguments.stdin_format.and_then(StdinFormat::of_document).unwrap_or_else(by_name);
    let mut bytes = Vec::new();
    let input = io::stdin().lock();
    input.take(SourceFile::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(Failure::Stdin)?;
    let decoded = read::decode(name, bytes);
    Ok(decoded.map(|decoded| (SourceFile::new(name, decoded.text, format), decoded.from)))
}

/// A line of the input. Other keys are left alone.
#[derive(Deserialize)]
pub(super) struct Record {
    pub(super) id: Value,
    text: String,
    #[serde(default)]
    format: Option<String>,
    /// A phrase of the text, for `claims`.
    #[serde(default)]
    pub(super) focus: Option<String>,
}

impl Record {
    /// The record's text as a source; its name is the record's `id`.
    pub(super) fn source(&self) -> SourceFile {
        let format = self.format.as_deref().and_then(Format::of_name).unwrap_or(Format::Text);
        let name = self.id.as_str().map_or_else(|| self.id.to_string(), str::to_owned);
        SourceFile::new(name, self.text.as_str(), format)
    }
}

/// The answer to a line that is no record.
#[derive(Serialize)]
struct BadLine {
    id: Value,
    line: u64,
    error: String,
}

/// Answers records: one JSON text for each, in their order.
pub(super) type Answer<'a> = dyn FnMut(Vec<Record>) -> io::Result<Vec<Box<RawValue>>> + 'a;

/// Bytes read at once: what has arrived is answered before more is waited for.
const BUFFER: usize = 1 << 20;
/// Records that are judged together at most.
const TOGETHER: usize = 512;

/// Answers every record of `input` on `out`, in order, as it comes. Tells whether every line could be read.
pub(super) fn records(input: impl Read, out: &mut impl Write, answer: &mut Answer<'_>) -> Result<bool, Failure> {
    let mut lines = Lines { input: BufReader::with_capacity(BUFFER, input), number: 0 };
    let mut all_read = true;
    loop {
        let mut batch = Vec::new();
        while batch.len() < TOGETHER {
            match lines.next().map_err(Failure::Stdin)? {
                Some(line) => batch.push(line),
                None => break,
            }
            if !lines.another_is_here() {
                break;
            }
        }
        if batch.is_empty() {
            return Ok(all_read);
        }
        all_read &= batch.iter().all(|(_, record)| record.is_ok());
        match write_answers(batch, out, answer) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(all_read),
            Err(error) => return Err(Failure::Write(error)),
        }
    }
}

fn write_answers(
    batch: Vec<(u64, Result<Record, String>)>,
    out: &mut impl Write,
    answer: &mut Answer<'_>,
) -> io::Result<()> {
    let mut records = Vec::with_capacity(batch.len());
    let mut bad = Vec::with_capacity(batch.len());
    for (line, record) in batch {
        bad.push(match record {
            Ok(record) => {
                records.push(record);
                None
            }
            Err(error) => Some(BadLine { id: Value::Null, line, error }),
        });
    }
    let mut answers = answer(records)?.into_iter();
    for bad in bad {
        match bad {
            Some(bad) => serde_json::to_writer(&mut *out, &bad)?,
            None => serde_json::to_writer(&mut *out, &answers.next())?,
        }
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Numbered lines as records; blank lines are passed over.
struct Lines<R> {
    input: BufReader<R>,
    number: u64,
}

impl<R: Read> Lines<R> {
    fn next(&mut self) -> io::Result<Option<(u64, Result<Record, String>)>> {
        loop {
            let mut line = Vec::new();
            let most = SourceFile::MAX_BYTES as u64;
            let length = self.input.by_ref().take(most).read_until(b'\n', &mut line)?;
            if length == 0 {
                return Ok(None);
            }
            self.number += 1;
            if length as u64 == most && line.last() != Some(&b'\n') {
                self.input.skip_until(b'\n')?;
                return Ok(Some((self.number, Err("the line is longer than 4 GiB".to_owned()))));
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some((self.number, record(&line, self.number == 1))));
            }
        }
    }

    /// Whether the next line can be read without waiting for whoever writes it.
    fn another_is_here(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }
}

fn record(line: &[u8], is_first: bool) -> Result<Record, String> {
    let line = if is_first { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
    let record: Record = serde_json::from_slice(line).map_err(|error| reason(&error))?;
    if !(record.id.is_string() || record.id.is_number()) {
        return Err("`id` must be a string or a number".to_owned());
    }
    match record.format.as_deref() {
        Some(format) if Format::of_name(format).is_none() => {
            Err(format!("there is no format “{format}”; there are markdown, html and text"))
        }
        _ => Ok(record),
    }
}

/// serde's reason without the line, which is always the first of its own text.
fn reason(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn lengths(records: Vec<Record>) -> io::Result<Vec<Box<RawValue>>> {
        let answer = |record: &Record| {
            let answer = serde_json::json!({ "id": record.id, "length": record.source().text().len() });
            Ok(serde_json::value::to_raw_value(&answer)?)
        };
        records.iter().map(answer).collect()
    }

    fn answers(input: &[u8]) -> (Vec<Value>, bool) {
        let mut out = Vec::new();
        let all_read = records(input, &mut out, &mut lengths).unwrap();
        let lines = String::from_utf8(out).unwrap();
        (lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), all_read)
    }

    #[test]
    fn each_record_is_answered_in_order_with_its_id_as_given() {
        let input = b"\xEF\xBB\xBF{\"id\":\"a\",\"text\":\"One.\"}\n\n{\"id\":7,\"text\":\"Two.\",\"format\":\"html\",\"focus\":\"x\",\"more\":1}\r\n{\"text\":\"Three.\",\"id\":1.5}";
        let (lines, all_read) = answers(input);
        let ids: Vec<&Value> = lines.iter().map(|line| &line["id"]).collect();
        assert_eq!(ids, [&Value::from("a"), &Value::from(7), &Value::from(1.5)]);
        assert_eq!(lines.iter().map(|line| line["length"].as_u64().unwrap()).collect::<Vec<_>>(), [4, 4, 6]);
        assert!(all_read);
    }

    #[test]
    fn a_bad_line_is_answered_and_the_stream_goes_on() {
        let input = b"{\"id\":\"a\",\"text\":\n{\"id\":null,\"text\":\"\"}\n\xFF\n[1]\n{\"id\":1,\"text\":\"x\",\"format\":\"docx\"}\n{\"id\":2}\n{\"id\":3,\"text\":\"fine\"}\n";
        let (lines, all_read) = answers(input);
        assert_eq!(lines.len(), 7);
        for (at, line) in lines[..6].iter().enumerate() {
            assert_eq!((&line["id"], &line["line"]), (&Value::Null, &Value::from(at + 1)));
            assert!(line["error"].as_str().is_some_and(|error| !error.is_empty()), "{line}");
        }
        assert_eq!(lines[6]["id"], 3);
        assert!(!all_read);
    }

    #[test]
    fn a_record_is_answered_before_the_next_one_is_waited_for() {
        use std::sync::mpsc;
        /// Gives one line at a time, and only when the one before it has been answered.
        struct Slow(mpsc::Receiver<()>, u32);
        impl Read for Slow {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                if self.1 > 0 {
                    self.0.try_recv().map_err(|_| io::Error::other("the last line was not answered"))?;
                }
                if self.1 == 3 {
                    return Ok(0);
                }
                self.1 += 1;
                let line = format!("{{\"id\":{},\"text\":\"x\"}}\n", self.1);
                into[..line.len()].copy_from_slice(line.as_bytes());
                Ok(line.len())
            }
        }
        struct Heard(mpsc::Sender<()>);
        impl Write for Heard {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                self.0.send(()).map_err(io::Error::other)
            }
        }
        let (said, heard) = mpsc::channel();
        let mut answered = 0;
        let mut count = |records: Vec<Record>| {
            answered += records.len();
            lengths(records)
        };
        records(Slow(heard, 0), &mut Heard(said), &mut count).unwrap();
        assert_eq!(answered, 3);
    }
}
