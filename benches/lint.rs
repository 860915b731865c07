//! Where the time goes: each floor alone, and all of them, over a made-up archive.
//!
//! `CAVEAT_ARCHIVE_MB=16 cargo bench` sets the archive's size in megabytes (default 2).

mod archive;

use std::hint::black_box;
use std::time::Duration;

use caveat::document::Document;
use caveat::evidence::Answers;
use caveat::linter::{Linter, Settings};
use caveat::rules::RuleSet;
use caveat::source::{Format, SourceFile};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn size() -> usize {
    let megabytes = std::env::var("CAVEAT_ARCHIVE_MB").ok().and_then(|size| size.parse().ok()).unwrap_or(2);
    megabytes * 1_000_000
}

fn floors(criterion: &mut Criterion) {
    let articles = archive::articles(size());
    let bytes = articles.iter().map(|a| a.len() as u64).sum();
    let sources: Vec<_> = articles.iter().map(|a| SourceFile::new("a.md", a.as_str(), Format::Markdown)).collect();
    let documents: Vec<_> = sources.iter().cloned().map(Document::parse).collect();
    let linter = Linter::new(RuleSet::builtin());
    let settings = Settings::default();
    let mut group = criterion.benchmark_group("archive");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10).measurement_time(Duration::from_secs(6));
    group.bench_function("parse", |b| {
        b.iter(|| sources.iter().cloned().map(Document::parse).map(|d| black_box(d).blocks.len()).sum::<usize>());
    });
    group.bench_function("read", |b| {
        b.iter(|| documents.iter().map(|d| black_box(linter.rules().reader().read(d)).len()).sum::<usize>());
    });
    let readings: Vec<_> = documents.iter().map(|d| linter.rules().reader().read(d)).collect();
    group.bench_function("claims", |b| {
        b.iter(|| {
            let read = documents.iter().zip(&readings);
            read.map(|(d, r)| black_box(linter.rules().claims().read(d, r)).len()).sum::<usize>()
        });
    });
    group.bench_function("parse, read and claims together", |b| {
        b.iter(|| {
            let documents = sources.iter().cloned().map(Document::parse);
            let claims = documents.map(|document| {
                let reading = linter.rules().reader().read(&document);
                black_box(linter.rules().claims().read(&document, &reading)).len()
            });
            claims.sum::<usize>()
        });
    });
    group.bench_function("judge", |b| {
        b.iter(|| {
            documents.iter().map(|d| linter.judge(d, &settings, &Answers::default()).findings.len()).sum::<usize>()
        });
    });
    group.finish();
}

fn start(criterion: &mut Criterion) {
    criterion.bench_function("start: load every pack", |b| b.iter(|| black_box(RuleSet::builtin()).rules().len()));
}

criterion_group!(benches, floors, start);
criterion_main!(benches);
