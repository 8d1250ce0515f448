//! A million articles: what they cost to import, to keep and to find.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#[path = "catalogue/goods.rs"]
mod goods;

use kasse::money::Money;
use kasse::shop::{Article, Builder, Vat, VatRate, search};
use std::time::Instant;

fn rss() -> u64 {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    for l in s.lines() {
        if l.starts_with("VmRSS") || l.starts_with("VmHWM") {
            println!("{l}");
        }
    }
    0
}

fn main() {
    let count = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(1_000_000_u64);
    rss();
    let t = Instant::now();
    let mut b = Builder::default();
    for n in 0..count {
        let r = goods::mixed(n ^ 0xabc);
        b.push(&Article {
            number: (100_000 + n).to_string(),
            eans: vec![goods::ean(n)],
            name: goods::name(n),
            price: Some(Money(i64::try_from(r % 6000).unwrap())),
            vat: Vat::Rate(VatRate::whole(19)),
            group: format!("Gruppe {}", r % 40),
            ..Article::default()
        });
    }
    println!("pushed {:?}", t.elapsed());
    rss();
    let c = b.finish().unwrap();
    println!("built {:?}", t.elapsed());
    rss();
    for (p, bytes) in c.parts() {
        println!("{:?} {} {:.1} B/article", p, bytes.len(), bytes.len() as f64 / count as f64);
    }
    let t = Instant::now();
    for n in 0..10_000 {
        assert!(c.by_ean(&goods::ean(goods::mixed(n) % count)).is_some());
    }
    println!("by ean {:?}", t.elapsed() / 10_000);
    let queries = goods::queries(300, count);
    let mut times: Vec<_> = queries
        .iter()
        .map(|q| {
            let t = Instant::now();
            let r = search(&c, q, 50);
            (t.elapsed(), r.0.len(), q)
        })
        .collect();
    times.sort();
    println!(
        "{} median {:?} p90 {:?} p99 {:?}",
        times.len(),
        times[times.len() / 2],
        times[times.len() * 9 / 10],
        times[times.len() * 99 / 100]
    );
    for t in times.iter().rev().take(12) {
        println!("{t:?}");
    }
}
