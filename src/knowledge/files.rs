//! The files of the built-in base.

/// Name and text of each file, by its place below `rules/`.
macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$((concat!("rules/", $path), include_str!(concat!("../../rules/", $path)))),*]
    };
}

pub(super) const FILES: &[(&str, &str)] = files![
    "facts/authorities.toml",
    "facts/sources.toml",
    "facts/conditions/infections.toml",
    "facts/conditions/cancer.toml",
    "facts/conditions/brain.toml",
    "facts/conditions/mind.toml",
    "facts/conditions/heart-and-lungs.toml",
    "facts/conditions/gut-liver-kidneys.toml",
    "facts/conditions/hormones-and-reproduction.toml",
    "facts/conditions/skin-and-senses.toml",
    "facts/conditions/bones-and-immunity.toml",
    "facts/conditions/blood-and-genes.toml",
    "facts/conditions/symptoms.toml",
    "facts/therapies/cells-and-genes.toml",
    "facts/therapies/immune.toml",
    "facts/therapies/cancer.toml",
    "facts/therapies/heart-and-hormones.toml",
    "facts/therapies/brain-and-mind.toml",
    "facts/therapies/infection.toml",
    "facts/therapies/everyday.toml",
    "facts/therapies/procedures-and-devices.toml",
    "facts/therapies/supplements.toml",
    "facts/therapies/diets-and-practices.toml",
    "facts/cures.toml",
    "facts/no-cure.toml",
    "facts/approvals/cells-and-genes.toml",
    "facts/approvals/multiple-sclerosis.toml",
    "facts/approvals/cancer.toml",
    "facts/approvals/immune.toml",
    "facts/approvals/brain-and-mind.toml",
    "facts/approvals/medicines.toml",
    "facts/investigational.toml",
    "facts/designations.toml",
    "facts/withdrawn.toml",
    "facts/boxed-warnings.toml",
    "lexicon/words.toml",
];
