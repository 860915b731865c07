//! "Did you mean …?"

/// The name that is most likely meant by what was written, if one is near enough.
pub fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let written = written.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&written, &name.to_lowercase());
    let scored = names.into_iter().map(|name| (likeness(name), name));
    let (best, name) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best > 0.8).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["cure-claim", "hype", "CAV101"];
        assert_eq!(nearest("cure-clam", names), Some("cure-claim"));
        assert_eq!(nearest("Hpye", names), Some("hype"));
        assert_eq!(nearest("astronomy", names), None);
        assert_eq!(nearest("x", []), None);
    }
}
