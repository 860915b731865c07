//! Draws what a program writes on a terminal, for the documentation. The picture in the README is made by
//!
//! ```console
//! $ cargo run -- lint --isolated --offline --color always --select CAV101,CAV141 \
//!       fixtures/articles/forum-post.txt fixtures/articles/early-trial.md |
//!       cargo run --example picture > docs/finding.svg
//! ```

use std::error::Error;
use std::io::{Read, Write};

use anstyle::{Color, RgbColor};
use anstyle_svg::{Palette, Term};

/// The sixteen colours of a terminal, each with a contrast of five and more to [`GROUND`].
const COLOURS: [RgbColor; 16] = [
    RgbColor(110, 118, 129),
    RgbColor(255, 123, 114),
    RgbColor(86, 211, 100),
    RgbColor(227, 179, 65),
    RgbColor(121, 192, 255),
    RgbColor(210, 168, 255),
    RgbColor(86, 212, 221),
    RgbColor(201, 209, 217),
    RgbColor(139, 148, 158),
    RgbColor(255, 161, 152),
    RgbColor(126, 231, 135),
    RgbColor(242, 204, 96),
    RgbColor(165, 214, 255),
    RgbColor(226, 197, 255),
    RgbColor(118, 227, 234),
    RgbColor(240, 246, 252),
];
/// A dark ground of its own: the picture can be read on a light page and on a dark one.
const GROUND: RgbColor = RgbColor(13, 17, 23);
const INK: RgbColor = RgbColor(230, 237, 243);

fn main() -> Result<(), Box<dyn Error>> {
    let mut written = String::new();
    std::io::stdin().read_to_string(&mut written)?;
    let terminal = Term::new().palette(Palette(COLOURS)).bg_color(Color::Rgb(GROUND)).fg_color(Color::Rgb(INK));
    std::io::stdout().write_all(terminal.render_svg(written.trim_end()).as_bytes())?;
    Ok(())
}
