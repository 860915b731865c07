//! Writes a made-up archive, for runs of the whole program: `cargo run --release --example archive -- FOLDER MEGABYTES`.

#[path = "../benches/archive/mod.rs"]
mod archive;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(megabytes)) = (arguments.next().map(PathBuf::from), arguments.next()) else {
        return Err("usage: archive FOLDER MEGABYTES".into());
    };
    let articles = archive::articles(megabytes.parse::<usize>()? * 1_000_000);
    for (number, article) in articles.iter().enumerate() {
        let shelf = folder.join(format!("{:03}", number / 500));
        fs::create_dir_all(&shelf)?;
        fs::write(shelf.join(format!("{number:06}.md")), article)?;
    }
    Ok(())
}
