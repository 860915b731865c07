#![allow(clippy::unwrap_used)]

use super::*;

fn file(path: &str, fragment: Option<&str>) -> Target {
    Target::Ask { question: Question::File { path: path.into() }, fragment: fragment.map(str::to_owned) }
}

fn link(url: &str) -> Target {
    Target::Ask { question: Question::Link { url: url.into() }, fragment: None }
}

#[test]
fn web_addresses_keep_their_fragment_and_are_normalised() {
    assert_eq!(target("HTTPS://Example.ORG", "a.md", None), link("https://example.org/"));
    assert_eq!(target(" https://example.org/a b?q#x ", "a.md", None), link("https://example.org/a%20b?q#x"));
    assert_eq!(target("//example.org/a", "a.md", None), link("https://example.org/a"));
    assert_eq!(target("https://example.org/a#top", "a.md", None), link("https://example.org/a"));
    assert_eq!(target("https://example.org/a#", "a.md", None), link("https://example.org/a"));
    for broken in ["http://", "https://exa mple.org/", "https://[::1", "https://example.org:99999/"] {
        assert!(matches!(target(broken, "a.md", None), Target::Malformed { .. }), "{broken}");
    }
}

#[test]
fn relative_addresses_are_files_beside_the_document() {
    assert_eq!(target("b.md#x", "posts/a.md", None), file("posts/b.md", Some("x")));
    assert_eq!(target("../img/./c%20d.png?v=2", "posts/2024/a.md", None), file("posts/img/c d.png", None));
    assert_eq!(target("../../b.md", "a.md", None), file("../../b.md", None));
    assert_eq!(target("../../../b.md", "/srv/a.md", None), file("/b.md", None));
    assert_eq!(target("./", "a.md", None), file(".", None));
    assert_eq!(target("../", "posts/a.md", None), file(".", None));
    assert_eq!(target("100%.md", "a.md", None), file("100%.md", None));
    assert_eq!(target("%zz%4", "a.md", None), file("%zz%4", None));
    assert_eq!(target("b.md", "", None), file("b.md", None));
}

#[test]
fn file_addresses_are_files_of_this_machine() {
    assert_eq!(target("file:///srv/a%20b.md#x", "a.md", None), file("/srv/a b.md", Some("x")));
    assert_eq!(target("file://localhost/srv/a.md", "a.md", None), file("/srv/a.md", None));
    assert_eq!(target("file://server/share/a.md", "a.md", None), Target::Ignored);
}

#[test]
fn site_paths_need_a_site() {
    assert_eq!(target("/about/", "posts/a.md", None), Target::Ignored);
    assert_eq!(target("/about/#team", "posts/a.md", Some("site/public")), file("site/public/about", Some("team")));
    assert_eq!(target("/", "a.md", Some("/srv/")), file("/srv", None));
}

#[test]
fn fragments_and_queries_alone_stay_in_the_document() {
    assert_eq!(target("#risks", "a.md", None), Target::Own { fragment: "risks".into() });
    assert_eq!(target("#", "a.md", None), Target::Own { fragment: String::new() });
    assert_eq!(target("?page=2#x", "a.md", None), Target::Own { fragment: "x".into() });
}

#[test]
fn other_schemes_and_templates_are_ignored() {
    for ignored in [
        "tel:+4912",
        "javascript:void(0)",
        "data:,x",
        "ftp://example.org/",
        "C:\\a.md",
        "{{ site.url }}/a",
        "{% link a %}",
    ] {
        assert_eq!(target(ignored, "a.md", None), Target::Ignored, "{ignored}");
    }
    assert!(matches!(target("  ", "a.md", None), Target::Malformed { .. }));
}

#[test]
fn mail_addresses_are_read() {
    for good in [
        "mailto:a@example.org",
        "MAILTO:a.b+c@mail.example.org?subject=x",
        "mailto:?subject=x",
        "mailto:a%40b.org,c@d.org",
    ] {
        assert_eq!(target(good, "a.md", None), Target::Ignored, "{good}");
    }
    for bad in [
        "mailto:example.org",
        "mailto:a@b",
        "mailto:a@@b.org",
        "mailto:a b@c.org",
        "mailto:a@b..org",
        "mailto:a@b.org,",
        "mailto://a@b.org",
    ] {
        assert!(matches!(target(bad, "a.md", None), Target::Malformed { .. }), "{bad}");
    }
}

#[test]
fn private_hosts_are_known_in_every_form() {
    for private in [
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "printer.local",
        "db.internal",
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "198.18.0.1",
        "224.0.0.1",
        "[::1]",
        "::1",
        "[::]",
        "[::ffff:10.0.0.1]",
        "[fc00::1]",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[ff02::1]",
    ] {
        assert!(is_private_host(private), "{private}");
    }
    for public in [
        "example.org",
        "local.example.org",
        "mylocal",
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "[2606:4700::1111]",
        "[::ffff:8.8.8.8]",
        "",
        "a b",
    ] {
        assert!(!is_private_host(public), "{public}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_has_a_target(destination in "\\PC{0,40}", name in "[a-z/.]{0,12}") {
        if let Target::Ask { question: Question::File { path }, .. } = target(&destination, &name, Some("site")) {
            proptest::prop_assert!(!path.is_empty());
        }
    }
}
