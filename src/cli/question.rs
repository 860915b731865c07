//! Questions to a person at a terminal.

use std::io::{self, BufRead, IsTerminal, Write};

/// Whether there is somebody to ask.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// So often an answer that is none of the choices is asked for again.
const TRIES: usize = 3;

/// Asks for one of several choices, each a name with a few words about it; the answer is its number or its name. Nothing, an
/// end of input and too many answers that are no choice mean the first one. Gives the choice's index.
pub(super) fn choose(question: &str, choices: &[(&str, &str)]) -> usize {
    let mut out = io::stderr().lock();
    let wide = choices.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    // A person who cannot be shown the question gets the usual answer.
    let _ = writeln!(out, "{question}");
    for (at, (name, about)) in choices.iter().enumerate() {
        let _ = writeln!(out, "  {:>2}  {name:<wide$}  {about}", at + 1);
    }
    for _ in 0..TRIES {
        let _ = write!(out, "Number or name [1]: ").and_then(|()| out.flush());
        let mut line = String::new();
        match io::stdin().lock().read_line(&mut line) {
            Ok(1..) => {}
            _ => break,
        }
        match chosen(&line, choices) {
            Some(at) => return at,
            None => drop(writeln!(out, "That is none of them.")),
        }
    }
    let _ = writeln!(out);
    0
}

fn chosen(line: &str, choices: &[(&str, &str)]) -> Option<usize> {
    let answer = line.trim().to_lowercase();
    if answer.is_empty() {
        return Some(0);
    }
    let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let by_name = || choices.iter().position(|(name, _)| *name == answer);
    number.filter(|at| *at < choices.len()).or_else(by_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_answers() {
        let choices = [("editorial", ""), ("newsroom", "")];
        let of = |line: &str| chosen(line, &choices);
        assert_eq!((of("\n"), of(" 2 \r\n"), of("NewsRoom\n")), (Some(0), Some(1), Some(1)));
        assert_eq!((of("0"), of("3"), of("news"), of("-1")), (None, None, None, None));
    }
}
