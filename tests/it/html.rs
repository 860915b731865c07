//! The HTML report in a browser: what people see, press and hear.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::cli;

/// Drafts of ours with findings of many kinds.
fn drafts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report")
}

fn lint(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let mut command = cli::caveat(folder);
    command.args(["lint", "--isolated", "--offline", "--today", "2026-11-01", "--format"]).args(arguments);
    let output = command.output().unwrap();
    assert_ne!(output.status.code(), Some(2), "{}", cli::text(&output.stderr));
    output.stdout
}

/// A report over some paths of a folder, open in a browser.
struct Report {
    browser: Browser,
    folder: tempfile::TempDir,
}

impl Report {
    fn of(drafts: &Path, paths: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("report.html");
        std::fs::write(&page, lint(drafts, &[&["html"], paths].concat())).unwrap();
        let browser = Browser::start();
        browser.open(&page);
        Self { browser, folder }
    }

    /// The findings that can be seen, as "article-number".
    fn shown(&self) -> Vec<String> {
        let ids = self
            .browser
            .run("return [...document.querySelectorAll('.note')].filter(n => n.offsetParent).map(n => n.id)");
        serde_json::from_value(ids).unwrap()
    }

    /// The id of what has the focus.
    fn focus(&self) -> String {
        self.browser.text("return document.activeElement.id")
    }

    /// Nothing was refused and nothing went wrong.
    fn is_calm(&self) {
        assert_eq!(self.browser.log(), [] as [&str; 0]);
    }
}

fn findings(folder: &Path, paths: &[&str]) -> Vec<Value> {
    let report: Value = serde_json::from_slice(&lint(folder, &[&["json"], paths].concat())).unwrap();
    report["findings"].as_array().unwrap().clone()
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn marks_stand_at_the_words_that_findings_mean() {
    for draft in ["cell-therapy.md", "tea.md", "sleep.html"] {
        let report = Report::of(&drafts(), &[draft]);
        let source = std::fs::read_to_string(drafts().join(draft)).unwrap();
        let findings = findings(&drafts(), &[draft]);
        assert!(findings.len() > 3);
        for (at, finding) in findings.iter().enumerate() {
            let number = at + 1;
            let marked = report.browser.text(&format!(
                "return [...document.querySelectorAll('#a1 mark[data-n~=\"{number}\"]')].map(m => m.textContent).join('')"
            ));
            let offset = |end: &str| finding[end]["offset"].as_u64().unwrap() as usize;
            let words = &source[offset("start")..offset("end")];
            assert_eq!(without_space(&marked), without_space(words), "{draft}: finding {number}");
            let note = report.browser.text(&format!("return document.getElementById('a1-f{number}').textContent"));
            for part in ["message", "rule", "code"] {
                assert!(note.contains(finding[part].as_str().unwrap()), "{note} lacks its {part}");
            }
            let label = report.browser.text(&format!("return document.getElementById('a1-m{number}').ariaLabel"));
            assert_eq!(label, format!("Finding {number}, {}", finding["severity"].as_str().unwrap()));
        }
        report.is_calm();
    }
}

#[test]
fn decided_claims_carry_their_verdict_in_the_text() {
    let report = Report::of(&drafts(), &["cell-therapy.md"]);
    let mut command = cli::caveat(&drafts());
    command.args(["claims", "--isolated", "--offline", "--today", "2026-11-01", "--format", "json", "cell-therapy.md"]);
    let claims = cli::json(&command.output().unwrap());
    let sentences = claims["files"][0]["sentences"].as_array().unwrap().iter();
    let all: Vec<&Value> = sentences.flat_map(|sentence| sentence["claims"].as_array().unwrap()).collect();
    let source = std::fs::read_to_string(drafts().join("cell-therapy.md")).unwrap();
    let mut decided = 0;
    for (at, claim) in all.iter().enumerate() {
        let (number, verdict) = (at + 1, claim["verdict"].as_str().unwrap());
        let entry = report.browser.text(&format!("return document.getElementById('a1-c{number}').textContent"));
        assert!(entry.contains(verdict) && entry.contains(claim["text"].as_str().unwrap()), "{entry}");
        if matches!(verdict, "unchecked" | "unverifiable") {
            continue;
        }
        decided += 1;
        // What stands before the sign in its paragraph ends in the last words of the claim.
        let before = report.browser.text(&format!(
            "const sign = document.getElementById('a1-v{number}'); const range = document.createRange();
             range.setStart(sign.closest('.para'), 0); range.setEndBefore(sign);
             const copy = range.cloneContents(); copy.querySelectorAll('.ref, .sign').forEach(e => e.remove());
             return copy.textContent"
        ));
        let end = claim["end"].as_u64().unwrap() as usize;
        assert!(without_space(&source[..end]).ends_with(&without_space(&before)), "{before} does not end in {claim}");
        let label = report.browser.text(&format!("return document.getElementById('a1-v{number}').ariaLabel"));
        assert_eq!(label, format!("Claim, {verdict}"));
    }
    assert!(decided > 3 && decided < all.len(), "{decided} of {}", all.len());
    assert_eq!(report.browser.number("return document.querySelectorAll('.sign').length"), decided as f64);
    report.is_calm();
}

#[test]
fn notes_stand_beside_their_words_and_not_on_each_other() {
    let report = Report::of(&drafts(), &["cell-therapy.md"]);
    let boxes = |selector: &str| -> Vec<(f64, f64, f64)> {
        let script = "return [...document.querySelectorAll('SELECTOR')].map(e => e.getBoundingClientRect()).map(b => [b.left, b.top, b.bottom])";
        serde_json::from_value(report.browser.run(&script.replace("SELECTOR", selector))).unwrap()
    };
    report.browser.until("return [...document.querySelectorAll('.note')].every(n => n.style.top)");
    let (notes, refs) = (boxes(".note"), boxes(".ref"));
    let text_ends = report.browser.number(
        "return Math.max(...[...document.querySelectorAll('.sheet p.para')].map(p => p.getBoundingClientRect().right))",
    );
    assert!(notes.iter().all(|(left, ..)| *left >= text_ends), "a note covers the text");
    assert!(notes.windows(2).all(|pair| pair[0].2 <= pair[1].1), "notes cover each other");
    assert!((notes[0].1 - refs[0].1).abs() < 40.0, "the first note is not beside its words");
    // The chosen note is brought to its words, however many stand above it.
    report.browser.click("#a1-m11");
    let (notes, refs) = (boxes(".note"), boxes(".ref"));
    assert!((notes[10].1 - refs[10].1).abs() < 40.0, "{:?} is not beside {:?}", notes[10], refs[10]);
    assert!(notes.windows(2).all(|pair| pair[0].2 <= pair[1].1), "notes cover each other");
    // Pointing at a note shows its words, and pointing at words their note.
    let near = |selector: &str| {
        let point = format!(
            "document.querySelector('{selector}').dispatchEvent(new PointerEvent('pointerover', {{bubbles: true}}))"
        );
        report.browser.run(&point);
        report.browser.run("return [...document.querySelectorAll('.near')].map(e => e.id || e.dataset.n)")
    };
    assert_eq!(near("#a1-f2"), json!(["2", "a1-f2"]));
    assert_eq!(near("mark[data-n=\"3\"]"), json!(["3", "a1-f3"]));
    assert_eq!(near("h1"), json!([]));
    // On a narrow page they stand below their paragraph.
    report.browser.size(500, 900);
    report.browser.until(
        "return [...document.querySelectorAll('.block')].every(b => b.querySelector('.notes').getBoundingClientRect().top >= b.firstElementChild.getBoundingClientRect().bottom - 8)",
    );
    report.is_calm();
}

#[test]
fn filters_hide_and_show() {
    let report = Report::of(&drafts(), &["."]);
    let (browser, all) = (&report.browser, findings(&drafts(), &["."]));
    let count = |wanted: &dyn Fn(&Value) -> bool| all.iter().filter(|finding| wanted(finding)).count();
    assert_eq!(report.shown().len(), all.len());
    browser.click("#tools label.w");
    assert_eq!(report.shown().len(), count(&|f| f["severity"] != "warning"));
    assert_eq!(browser.number("return document.querySelectorAll('mark.w').length"), 0.0);
    let told = browser.text("return document.querySelector('output').value");
    assert_eq!(told, format!("{} of {} shown", report.shown().len(), all.len()));
    browser.click("#tools label.w");
    browser.run("const s = document.querySelector('select'); s.value = 'cure'; s.dispatchEvent(new Event('input', {bubbles: true}))");
    let in_pack = |f: &Value| f["rule"].as_str().unwrap().starts_with("cure/");
    assert_eq!(report.shown().len(), count(&in_pack));
    browser.write("input[type=search]", "Cures MS");
    assert_eq!(report.shown().len(), count(&|f| in_pack(f) && f["message"].as_str().unwrap().contains("cures MS")));
    // Articles in which nothing is left go, in the text and in the table.
    assert_eq!(
        browser.number("return [...document.querySelectorAll('.draft')].filter(d => d.offsetParent).length"),
        1.0
    );
    assert_eq!(
        browser
            .number("return [...document.querySelectorAll('.articles tbody tr')].filter(d => d.offsetParent).length"),
        1.0
    );
    browser.write("input[type=search]", "zzz");
    assert_eq!(report.shown().len(), 0);
    browser.press("n");
    report.is_calm();
}

#[test]
fn keys_go_from_finding_to_finding() {
    let report = Report::of(&drafts(), &["cell-therapy.md", "tea.md"]);
    let (browser, count) = (&report.browser, report.shown().len());
    let first_of_second = findings(&drafts(), &["cell-therapy.md"]).len();
    for (key, focus) in [
        ("n", "a1-f1"),
        ("j", "a1-f2"),
        ("p", "a1-f1"),
        ("k", &format!("a2-f{}", count - first_of_second)),
        ("n", "a1-f1"),
    ] {
        browser.press(key);
        assert_eq!(report.focus(), focus, "after {key}");
        let seen = browser
            .run("const b = document.activeElement.getBoundingClientRect(); return b.top >= 0 && b.top < innerHeight");
        assert_eq!(seen, true, "{focus} is not in sight");
    }
    assert_eq!(browser.text("return document.querySelector('output').value"), format!("1 of {count}"));
    assert_eq!(browser.number("return document.querySelectorAll('.note.on, .ref.on').length"), 2.0);
    // What is hidden is passed over.
    browser.click("#tools label.w");
    browser.press("n");
    let is_no_warning = browser
        .run("return !document.activeElement.classList.contains('w') && document.activeElement.matches('.note')");
    assert_eq!(is_no_warning, true, "{}", report.focus());
    // Enter opens why, at the note itself.
    browser.press("\u{E007}");
    let why = browser.text("return document.activeElement.querySelector('.reason').textContent");
    assert!(why.len() > 80, "{why}");
    browser.press("\u{E00C}");
    assert_eq!(browser.number("return document.querySelectorAll('.on').length"), 0.0);
    // Letters are letters in a field, and keys again outside.
    browser.press("/");
    browser.press("n");
    assert_eq!(browser.text("return document.querySelector('input[type=search]').value"), "n");
    browser.run("document.activeElement.blur()");
    browser.press("?");
    assert_eq!(browser.run("return document.getElementById('keys').open"), true);
    browser.click("dialog input");
    browser.press("\u{E00C}");
    browser.press("n");
    assert_eq!(browser.number("return document.querySelectorAll('.on').length"), 0.0, "letters were switched off");
    // An address may name a finding.
    browser.run("location.hash = '#a1-f5'; location.reload()");
    assert_eq!(report.focus(), "a1-f5");
    report.is_calm();
}

const HOSTILE: &str = "---\ntitle: \"</title></style><script>window.pwned = 1</script>\"\nauthor: '\"><img src=x onerror=window.pwned=2>'\n---\n\n\
# </h3><script>window.pwned = 3</script>\n\n\
This herb cures <script>window.pwned=4</script> MS and <img src=x onerror=\"window.pwned=5\"> \"><svg onload=window.pwned=6> cures diabetes.\n\n\
[a miracle](javascript:window.pwned=7) and [another miracle cure](data:text/html,<script>window.pwned=8</script>)\n\n\
</style></script><style>body { display: none }</style> {script} {articles} {title}\n\n\
<!-- </main> --><iframe src=\"https://example.org\"></iframe>\n\n\
`<base href=https://example.org>` It is a miracle\u{202E}cure\u{0}.\n";

#[test]
fn hostile_text_stays_text() {
    let name = "<img src=x onerror=window.pwned=9>.md";
    let folder = cli::folder(&[(name, HOSTILE), ("b.txt", HOSTILE), ("c.html", HOSTILE), ("d.md", HOSTILE)]);
    let report = Report::of(folder.path(), &["."]);
    let browser = &report.browser;
    assert_eq!(browser.run("return typeof window.pwned"), "undefined");
    let counts = browser.run("return ['script', 'style', 'img', 'iframe', 'base', 'title', 'main', 'object'].map(n => document.querySelectorAll(n).length)");
    assert_eq!(counts, json!([1, 1, 0, 0, 0, 1, 1, 0]));
    let addresses = browser.run("return [...document.querySelectorAll('a')].map(a => a.getAttribute('href')).filter(h => !/^(https?:\\/\\/|#)/.test(h))");
    assert_eq!(addresses, json!([]));
    let handlers = browser.run("return [...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on') || n === 'srcdoc' || n === 'src')");
    assert_eq!(handlers, json!([]));
    let text = browser.text("return document.getElementById('a1').textContent");
    for written in [
        "<script>window.pwned = 1</script>",
        "<img src=x onerror=window.pwned=2>",
        "(javascript:window.pwned=7)",
        "{script} {articles} {title}",
        "</style></script><style>",
    ] {
        assert!(text.contains(written), "{written} is not there as it was written:\n{text}");
    }
    assert!(!text.contains(['\u{202E}', '\u{0}']));
    let path = browser.text("return document.querySelector('.articles .path').textContent");
    assert!(path.ends_with(name), "{path}");
    for _ in 0..report.shown().len() {
        browser.press("n");
        browser.press("\u{E007}");
    }
    assert_eq!(browser.run("return typeof window.pwned"), "undefined");
    report.is_calm();
}

#[test]
fn the_policy_refuses_what_is_not_the_pages_own() {
    let report = Report::of(&drafts(), &["tea.md"]);
    report.is_calm();
    report.browser.run(
        "window.refused = []; document.addEventListener('securitypolicyviolation', e => window.refused.push(e.effectiveDirective));
         const add = (name, set) => { const e = document.createElement(name); document.body.append(e); set(e); };
         add('script', e => { e.textContent = 'window.pwned = 1'; });
         add('style', e => { e.textContent = 'body { color: red }'; });
         add('img', e => { e.src = 'https://example.org/x.png'; });
         add('p', e => { e.setAttribute('style', 'color: red'); });
         add('form', e => { e.action = 'https://example.org/'; e.submit(); });
         fetch('https://example.org/').catch(() => 0);",
    );
    report.browser.until("return window.refused.length > 5");
    let mut refused: Vec<String> = serde_json::from_value(report.browser.run("return window.refused")).unwrap();
    refused.sort();
    refused.dedup();
    assert_eq!(
        refused,
        ["connect-src", "form-action", "img-src", "script-src-elem", "style-src-attr", "style-src-elem"]
    );
    assert_eq!(report.browser.run("return typeof window.pwned"), "undefined");
}

#[test]
fn a_narrow_page_never_scrolls_sideways() {
    let long = format!(
        "---\ntitle: {0}\n---\n\n# {0}\n\nThis herb cures MS, see https://example.org/{0}.\n\n    {0}\n\n| a | b | c |\n|---|---|---|\n| {0} | cures MS | {0} |\n",
        "a-very-long-word-".repeat(20).trim_end_matches('-').replace('-', "")
    );
    let folder =
        cli::folder(&[("long.md", &long), ("a/quite/deep/folder/with-a-name-that-is-long/other.md", "It cures MS.\n")]);
    for (drafts, paths) in [(drafts(), "."), (folder.path().to_owned(), ".")] {
        let report = Report::of(&drafts, &[paths]);
        report.browser.size(360, 740);
        for _ in 0..3 {
            report.browser.press("n");
            report.browser.press("\u{E007}");
        }
        let width = report.browser.number("return document.documentElement.scrollWidth");
        assert!(width <= 360.0, "{paths} is {width} pixels wide");
        let outside = report.browser.run("return [...document.querySelectorAll('main *, header *, form *')].filter(e => e.getBoundingClientRect().right > 361 && !e.closest('.said')).map(e => e.outerHTML.slice(0, 120))");
        assert_eq!(outside, json!([]));
        report.is_calm();
    }
}

#[test]
fn it_is_dark_where_its_reader_prefers_that() {
    let report = Report::of(&drafts(), &["cell-therapy.md"]);
    // Relative luminance and contrast, as the Web Content Accessibility Guidelines 2.2 define them.
    let contrasts = "const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const rgb = c => { paint.fillStyle = c; paint.fillRect(0, 0, 1, 1); return paint.getImageData(0, 0, 1, 1).data; };
        const light = c => { const [r, g, b] = [...rgb(c)].slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
        const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$/.test(c)) return c; } };
        const texts = [...document.querySelectorAll('p, h1, h2, h3, h4, mark, .ref, .x, .rule, cite, pre, button, td, th, summary, label, li, dt')];
        return texts.filter(e => e.offsetParent).map(e => { const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x); return [(a + .05) / (b + .05), e.className + ' ' + e.textContent.slice(0, 30)]; }).filter(([c]) => c < 4.5).map(([c, t]) => c.toFixed(2) + ' ' + t)";
    let paper = "return getComputedStyle(document.body).backgroundColor";
    let light = report.browser.text(paper);
    assert_eq!(report.browser.run(contrasts), json!([]), "too faint on light paper");
    report.browser.media("", "dark");
    assert_ne!(report.browser.text(paper), light);
    assert_eq!(report.browser.run(contrasts), json!([]), "too faint on dark paper");
    report.is_calm();
}

#[test]
fn on_paper_there_are_no_controls_and_every_note_is_whole() {
    let report = Report::of(&drafts(), &["."]);
    let browser = &report.browser;
    browser.media("print", "light");
    assert_eq!(
        browser.run("return ['#tools', '.skip', 'dialog'].map(s => document.querySelector(s).offsetParent)"),
        json!([null, null, null])
    );
    let is_whole = "return [...document.querySelectorAll('.note')].every(n => getComputedStyle(n).position === 'static' && n.querySelector('.more').offsetHeight > 0)";
    assert_eq!(browser.run(is_whole), true);
    let pdf = browser.devtools("Page.printToPDF", json!({ "preferCSSPageSize": true }));
    assert!(pdf["data"].as_str().unwrap().starts_with("JVBERi0"));
    report.is_calm();
}

#[test]
fn nothing_found_is_a_page_too() {
    let folder = cli::folder(&[("empty.md", ""), ("code.md", "```\nx\n```\n")]);
    std::fs::copy(drafts().join("careful.md"), folder.path().join("careful.md")).unwrap();
    for paths in [&["empty.md"][..], &["careful.md"], &["."]] {
        let report = Report::of(folder.path(), paths);
        assert!(report.browser.text("return document.querySelector('h1').textContent").starts_with("Nothing found in"));
        assert_eq!(report.browser.run("return document.getElementById('tools').hidden"), true);
        report.browser.press("n");
        report.is_calm();
    }
    let report = Report::of(folder.path(), &["careful.md"]);
    assert!(
        report.browser.text("return document.getElementById('articles').textContent").contains("A fever is a sign")
    );
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = cli::folder(&[("caveat.toml", "profile = \"clinick\"\n"), ("a.md", "Words.\n")]);
    let report = |arguments: &[&str]| {
        let page = folder.path().join("report.html");
        let mut command = cli::caveat(folder.path());
        command.args(["lint", "--offline", "--format", "html", "--output", "report.html"]).args(arguments);
        assert_eq!(command.output().unwrap().status.code(), Some(2));
        let browser = Browser::start();
        browser.open(&page);
        assert_eq!(browser.log(), [] as [&str; 0]);
        browser.text("return document.querySelector('main').textContent")
    };
    let refused = report(&["a.md"]);
    assert!(refused.contains("caveat.toml cannot be used") && refused.contains("clinick"), "{refused}");
    let missing = report(&["--isolated", "a.md", "gone.md"]);
    assert!(missing.contains("Not read") && missing.contains("could not be read"), "{missing}");
}

#[test]
fn it_can_be_read_without_scripts() {
    let report = Report::of(&drafts(), &["cell-therapy.md", "tea.md"]);
    report.browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    report.browser.open(&report.folder.path().join("report.html"));
    let evaluate = |expression: &str| {
        let answer =
            report.browser.devtools("Runtime.evaluate", json!({ "expression": expression, "returnByValue": true }));
        answer["result"]["value"].clone()
    };
    assert_eq!(evaluate("document.documentElement.className"), "");
    assert_eq!(evaluate("document.getElementById('tools').offsetParent === null"), true);
    assert_eq!(evaluate("[...document.querySelectorAll('.note .more')].every(n => n.offsetHeight > 0)"), true);
    let leads = "[...document.querySelectorAll('a[href^=\"#\"]')].every(a => document.getElementById(a.getAttribute('href').slice(1)))";
    assert_eq!(evaluate(leads), true, "a link leads nowhere");
}

#[test]
fn an_overview_leads_to_each_article() {
    let report = Report::of(&drafts(), &["."]);
    let browser = &report.browser;
    let rows: Vec<(String, String)> = serde_json::from_value(browser.run(
        "return [...document.querySelectorAll('.articles tbody a')].map(a => [a.textContent, document.querySelector(a.getAttribute('href') + ' h2').textContent])",
    ))
    .unwrap();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|(row, title)| row == title), "{rows:?}");
    let bars =
        browser.run("return [...document.querySelectorAll('svg[role=img]')].map(s => s.getAttribute('aria-label'))");
    let all: usize = findings(&drafts(), &["."]).len();
    let told: usize = serde_json::from_value::<Vec<String>>(bars)
        .unwrap()
        .iter()
        .flat_map(|label| {
            label.split(", ").map(|part| part.split(' ').next().unwrap().parse::<usize>().unwrap()).collect::<Vec<_>>()
        })
        .sum();
    assert_eq!(told, 2 * all, "once by pack and once by article");
    browser.click(".articles thead th:nth-child(3) button");
    let order: Vec<u32> =
        serde_json::from_value(browser.run(
            "return [...document.querySelectorAll('.articles tbody tr')].map(r => Number(r.cells[2].textContent))",
        ))
        .unwrap();
    assert!(order.is_sorted_by(|a, b| a >= b), "{order:?}");
    report.is_calm();
}

#[test]
fn a_screen_reader_finds_its_way() {
    let report = Report::of(&drafts(), &["."]);
    let tree = report.browser.devtools("Accessibility.getFullAXTree", json!({}));
    let nodes: Vec<(String, String)> = tree["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| node["ignored"] != true)
        .map(|node| {
            (
                node["role"]["value"].to_string().replace('"', ""),
                node["name"]["value"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    for landmark in ["banner", "main", "search", "contentinfo"] {
        assert_eq!(nodes.iter().filter(|(role, _)| role == landmark).count(), 1, "{landmark}");
    }
    let nameless: Vec<_> = nodes
        .iter()
        .filter(|(role, name)| {
            ["button", "link", "checkbox", "combobox", "searchbox", "heading", "article", "img", "image", "table"]
                .contains(&role.as_str())
                && name.trim().is_empty()
        })
        .collect();
    assert!(nameless.is_empty(), "{nameless:?}");
    let levels: Vec<u32> = serde_json::from_value(report.browser.run(
        "return [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(h => h.offsetParent).map(h => Number(h.localName[1]))",
    ))
    .unwrap();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "headings leave a level out: {levels:?}");
    let ids = report.browser.run(
        "const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.length - new Set(ids).size",
    );
    assert_eq!(ids, 0, "an id stands twice");
}

#[test]
fn of_many_articles_only_those_with_findings_are_shown() {
    let bold = std::fs::read_to_string(drafts().join("cell-therapy.md")).unwrap();
    let careful = std::fs::read_to_string(drafts().join("careful.md")).unwrap();
    let folder = cli::folder(&[]);
    let page = |articles: usize| {
        for at in 0..articles {
            let text = if at % 3 == 0 { &careful } else { &bold };
            std::fs::write(folder.path().join(format!("{at:02}.md")), text).unwrap();
        }
        cli::text(&lint(folder.path(), &["html", "."]))
    };
    let counts =
        |page: &str| ["<article class=\"draft\"", "<tr data-a=", "<details>"].map(|part| page.matches(part).count());
    let (few, many) = (page(12), page(15));
    assert_eq!(counts(&few), [12, 12, 8]);
    assert_eq!(counts(&many), [10, 15, 0]);
    assert_eq!(many.matches("12 claims without evidence for or against").count(), 10);
    assert!(!many.contains("href=\"#a1\"") && many.contains("href=\"#a2\""));
}

#[test]
fn the_same_drafts_make_the_same_page() {
    assert_eq!(lint(&drafts(), &["html", "."]), lint(&drafts(), &["html", "."]));
}
