//! A release build loads the files under `rules/` once and keeps what came out of it; see `src/compiled.rs`. What is
//! wrong in them ends the build.
//!
//! The files are read by the program's own code: its pure floors are modules of this script too. Builds with debug
//! assertions leave all of it out, so that a change costs no second compilation.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(not(debug_assertions))]
    {
        ahead::compile()?;
        println!("cargo::rustc-env=CAVEAT_BUILD={:08x}", ahead::number()?);
        println!("cargo::rustc-cfg=compiled");
    }
    Ok(())
}

#[cfg(not(debug_assertions))]
macro_rules! floors {
    ($($name:ident: $path:literal),* $(,)?) => {
        $(
            #[allow(dead_code, missing_docs, unused_imports)]
            #[path = $path]
            mod $name;
        )*
    };
}

#[cfg(not(debug_assertions))]
floors! {
    assertion: "src/assertion.rs",
    claims: "src/claims/mod.rs",
    compiled: "src/compiled.rs",
    cues: "src/cues/mod.rs",
    document: "src/document/mod.rs",
    evidence: "src/evidence/mod.rs",
    figures: "src/figures/mod.rs",
    finding: "src/finding.rs",
    imported: "src/imported/mod.rs",
    knowledge: "src/knowledge/mod.rs",
    language: "src/language/mod.rs",
    pattern: "src/pattern/mod.rs",
    prose: "src/prose.rs",
    reading: "src/reading.rs",
    rules: "src/rules/mod.rs",
    settings: "src/settings.rs",
    source: "src/source.rs",
    spanned: "src/spanned.rs",
    suggest: "src/suggest.rs",
    surroundings: "src/surroundings/mod.rs",
    verdicts: "src/verdicts/mod.rs",
}

#[cfg(not(debug_assertions))]
mod ahead {
    use std::error::Error;
    use std::path::PathBuf;

    use crate::compiled::{KNOWLEDGE, RULES, to_bytes};
    use crate::knowledge::Knowledge;
    use crate::rules::RuleSet;

    /// Writes down the fact base and the rules.
    pub(super) fn compile() -> Result<(), Box<dyn Error>> {
        println!("cargo::rerun-if-changed=rules");
        println!("cargo::rerun-if-changed=src");
        let folder = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names no folder")?);
        let knowledge = Knowledge::load(&Knowledge::builtin_files());
        let knowledge = knowledge.map_err(|errors| lines(errors.iter().map(ToString::to_string)))?;
        std::fs::write(folder.join(KNOWLEDGE), to_bytes(&knowledge)?)?;
        let mut rules = RuleSet::without_rules();
        rules.load(&RuleSet::builtin_packs()).map_err(|errors| {
            let told = |pack: &str, message: &str| format!("{pack}: {message}");
            lines(errors.iter().flat_map(|(pack, found)| found.iter().map(|f| told(pack.name(), &f.message))))
        })?;
        std::fs::write(folder.join(RULES), to_bytes(&rules)?)?;
        Ok(())
    }

    /// A number of all that the program is made from: findings of another program are not taken for its own.
    pub(super) fn number() -> Result<u32, Box<dyn Error>> {
        println!("cargo::rerun-if-changed=Cargo.lock");
        let mut files = vec![PathBuf::from("Cargo.lock"), PathBuf::from("Cargo.toml")];
        let mut folders = vec![PathBuf::from("src"), PathBuf::from("rules")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        let mut number = crc32fast::Hasher::new();
        for file in files.iter().filter(|file| file.exists()) {
            number.update(&std::fs::read(file)?);
        }
        Ok(number.finalize())
    }

    fn lines(of: impl Iterator<Item = String>) -> String {
        of.collect::<Vec<_>>().join("\n")
    }
}
