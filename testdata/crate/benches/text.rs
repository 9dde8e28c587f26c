use std::hint::black_box;

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion, Throughput};
use taskbench_sample::{escape, hash};

fn benches(c: &mut Criterion) {
    let text = "a \"quoted\" task\n".repeat(4);
    let mut group = c.benchmark_group("json");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_with_input(BenchmarkId::new("escape", text.len()), &text, |b, t| b.iter(|| escape(black_box(t))));
    group.finish();
    // A slash and a colon: the folder's name cannot hold them, the id does.
    c.bench_function("hash: title/body", |b| b.iter(|| hash(black_box(text.as_bytes()))));
}

criterion_group!(all, benches);
criterion_main!(all);
