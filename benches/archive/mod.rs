//! A made-up archive of health articles: the same bytes for the same size, on every machine.

/// Sentences that a careful editor would pass, as most of an archive is.
const CAREFUL: &[&str] = &[
    "There is no cure for multiple sclerosis, but several medicines slow it down.",
    "Talk to your doctor before you change the dose of any medicine.",
    "The trial followed 1,204 adults with type 2 diabetes for five years at 38 clinics.",
    "About 3 in 100 people who took the tablet had a stroke, against 5 in 100 who did not.",
    "Most people recover within two weeks and need no treatment at all.",
    "Symptoms include fever, cough, tiredness and a loss of taste or smell.",
    "Researchers do not know yet whether the effect lasts longer than a year.",
    "The nurse will check your blood pressure and ask about allergies.",
    "Side effects were mild in most volunteers, although two people left the study.",
    "A biopsy takes about twenty minutes, and you can go home the same day.",
    "Doctors usually diagnose the condition with a scan and a blood test.",
    "It's not clear why some families are affected more often than others (see Table 2).",
    "Children under five, older adults and pregnant women are at greater risk.",
    "The vaccine lowers the chance of severe illness; it does not prevent every infection.",
    "Dr. Okafor, who was not involved in the study, said the findings need to be repeated.",
    "Physiotherapy can help you keep your joints moving and your muscles strong.",
    "Eat plenty of fruit and vegetables, drink water, and try to sleep well.",
    "The agency said it would review the data, approx. 400 pages, by the end of June.",
    "If the pain gets worse or you have trouble breathing, call an ambulance.",
    "Insulin has been used since 1922 and is made today by modified bacteria.",
];

/// Sentences that rules speak on: about one in twenty.
const CARELESS: &[&str] = &[
    "This miracle herb cures arthritis for good.",
    "The wildly promising drug is a game-changer for people with lupus.",
    "Daily tea cuts the risk of cancer by 46%.",
    "The injection is completely safe and has no side effects.",
    "Diabetics should stop taking their tablets and try this juice.",
];

/// Words of any health text, for the long tail.
const FILLER: &[&str] = &[
    "kidney",
    "artery",
    "clinic",
    "weekly",
    "muscle",
    "gradual",
    "therapy",
    "nurse",
    "family",
    "sample",
    "hospital",
    "chronic",
    "tissue",
    "sugar",
    "walking",
    "memory",
    "screening",
    "lungs",
    "normal",
    "swelling",
    "infection",
    "specialist",
    "appointment",
    "recovery",
    "morning",
    "prescription",
];

/// A small deterministic generator (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

/// One Markdown article of about 4,400 bytes; `number` decides what is in it.
pub fn article(number: usize) -> String {
    let mut dice = Dice(number as u64 * 977 + 13);
    let mut text = format!(
        "---\ntitle: Living with a {} condition\nauthor: A. Writer\ndate: 2026-03-14\n---\n\n# What to know\n\n",
        dice.pick(FILLER)
    );
    while text.len() < 4_300 {
        match dice.roll(12) {
            0 => text.push_str(&format!("\n## About the {} {}\n\n", dice.pick(FILLER), dice.pick(FILLER))),
            1 => {
                for _ in 0..4 {
                    text.push_str(&format!(
                        "- the {} **{}** and [{}](#about)\n",
                        dice.pick(FILLER),
                        dice.pick(FILLER),
                        dice.pick(FILLER)
                    ));
                }
                text.push('\n');
            }
            2 => text.push_str("| Dose | Result |\n|---|---|\n| 5 mg | 12% |\n| 10 mg | 14% |\n\n"),
            _ => {
                for _ in 0..3 + dice.roll(3) {
                    text.push_str(if dice.roll(20) == 0 { dice.pick(CARELESS) } else { dice.pick(CAREFUL) });
                    text.push(' ');
                    let (a, b, c) = (dice.pick(FILLER), dice.pick(FILLER), dice.pick(FILLER));
                    text.push_str(&format!("The {a} team looked at the {b} of the {c} again &amp; again.\n"));
                }
                text.push('\n');
            }
        }
    }
    text
}

/// Articles of about `bytes` in all.
pub fn articles(bytes: usize) -> Vec<String> {
    let mut made = 0;
    let mut all = Vec::new();
    while made < bytes {
        let article = article(all.len());
        made += article.len();
        all.push(article);
    }
    all
}
