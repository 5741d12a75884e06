//! W1: an empty office device gets everything: first what its lists show, then every document.

use std::time::Duration;

use futures_util::StreamExt as _;
use liaison_shared::documents::Document;
use liaison_shared::protocol::{BootstrapItem, ItemReader};
use liaison_shared::{DocumentId, DossierId};

use crate::clock::Stopwatch;
use crate::process::{cpu_seconds, memory};
use crate::relay::Relay;
use crate::report::Report;
use crate::seed::{Agency, Size, agency};
use crate::{Failure, Place};

/// Longest time that one run may take.
const LIMIT: Duration = Duration::from_secs(180);
/// Of Brotli's 0 to 11: what the snapshots are compared with.
const QUALITY: u32 = 9;

/// What one run came to.
struct Run {
    list: f64,
    held: f64,
    opened: f64,
    bytes: u64,
    dossiers: usize,
    cpu: f64,
    rss: f64,
}

/// Measures every size.
pub async fn measure(place: &Place, report: &mut Report, sizes: &[usize]) -> Result<(), Failure> {
    for dossiers in sizes {
        let Agency { store, office, .. } = agency(place, Size { dossiers: *dossiers, phones: 0, each: 0 }).await?;
        let relay = Relay::serve(place, &store)?;
        eprintln!("bench: W1, {dossiers} dossiers");
        let run = tokio::time::timeout(LIMIT, run(&relay, &office.token)).await??;
        if run.0.dossiers != *dossiers {
            return Err(format!("{} dossiers of {dossiers} came", run.0.dossiers).into());
        }
        let (run, snapshots) = run;
        let brotli = compressed(&snapshots)?;
        report
            .section("W1", "liaison")
            .of(*dossiers)
            .add("list_usable_s", run.list, "s")
            .add("wall_s", run.held, "s")
            .add("opened_s", run.opened, "s")
            .add("wire_bytes", run.bytes as f64, "B")
            .add("wire_to_brotli_of_snapshots", run.bytes as f64 / brotli as f64, "×")
            .add("server_cpu_s", run.cpu, "s")
            .add("server_peak_rss_mb", run.rss, "MB");
    }
    Ok(())
}

async fn run(relay: &Relay, token: &str) -> Result<(Run, Vec<u8>), Failure> {
    let cpu = cpu_seconds(relay.id())?;
    let watch = Stopwatch::start();
    // Not decoded by the client: what went over the wire is counted.
    let client = reqwest::Client::new();
    let request = client.get(format!("http://{}/api/bootstrap", relay.address)).bearer_auth(token);
    let response = request.header("accept-encoding", "br").send().await?.error_for_status()?;
    let headers = 200;
    let (mut stream, mut bytes) = (response.bytes_stream(), headers);
    let mut decoder = Some(brotli::DecompressorWriter::new(Vec::new(), 32 << 10));
    let (mut reader, mut list, mut shown) = (ItemReader::default(), None, 0);
    let mut documents: Vec<(DocumentId, Vec<Vec<u8>>)> = Vec::new();
    let mut dossiers = std::collections::BTreeSet::<DossierId>::new();
    let (mut of, mut done) = (0, false);
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        bytes += piece.len() as u64;
        let Some(decoding) = &mut decoder else { break };
        std::io::Write::write_all(decoding, &piece)?;
        std::io::Write::flush(decoding)?;
        reader.extend(&std::mem::take(decoding.get_mut()));
        while let Some(item) = reader.next_item()? {
            match item {
                BootstrapItem::Start { dossiers, .. } => of = dossiers as usize,
                BootstrapItem::Summaries { summaries, .. } => shown += summaries.len(),
                BootstrapItem::Document { document, chunks } => {
                    let id: DocumentId = document.parse()?;
                    dossiers.extend(id.dossier());
                    documents.push((id, chunks.into_iter().map(Into::into).collect()));
                }
                BootstrapItem::Reached { .. } => {}
                BootstrapItem::Done {} => done = true,
            }
        }
        if list.is_none() && of > 0 && shown == of {
            list = Some(watch.elapsed().as_secs_f64());
        }
    }
    if !done {
        return Err("the stream has no end".into());
    }
    let held = watch.elapsed().as_secs_f64();
    let cpu = cpu_seconds(relay.id())? - cpu;
    for (id, chunks) in &documents {
        let (_, unreadable) = Document::load(*id, chunks.iter().map(Vec::as_slice));
        if unreadable > 0 {
            return Err(format!("{id} does not read").into());
        }
    }
    let opened = watch.elapsed().as_secs_f64();
    let list = list.ok_or("the lists were never whole")?;
    let rss = memory(relay.id())?.1;
    let snapshots = documents.into_iter().flat_map(|(_, chunks)| chunks).flatten().collect();
    Ok((Run { list, held, opened, bytes, dossiers: dossiers.len(), cpu, rss }, snapshots))
}

fn compressed(snapshots: &[u8]) -> Result<usize, Failure> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 32 << 10, QUALITY, 22);
    std::io::Write::write_all(&mut writer, snapshots)?;
    Ok(writer.into_inner().len())
}
