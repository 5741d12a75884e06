//! Files as a device brings and reads them, and the folder in which the relay keeps them.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use liaison_shared::DossierId;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::client::Session;
use crate::http::{Answer, request, send};
use crate::relay::TestRelay;

/// Bytes of a chunk, as docs/api.md says.
pub const CHUNK: usize = 524_288;

/// Something that a document names.
#[derive(Debug, Clone)]
pub struct TestFile {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// SHA-256 of that, in hex.
    pub hash: String,
}

impl TestFile {
    /// A file of so many bytes, always the same for a seed; it begins with `start`.
    pub fn new(seed: u64, size: usize, start: &str) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut bytes = vec![0; size];
        random.fill(&mut bytes);
        let start = &start.as_bytes()[..start.len().min(size)];
        bytes[..start.len()].copy_from_slice(start);
        Self::of(bytes)
    }

    /// A file with these bytes.
    pub fn of(bytes: Vec<u8>) -> Self {
        let hash = format!("{:x}", HexDigest(Sha256::digest(&bytes).to_vec()));
        Self { bytes, hash }
    }

    /// The bytes of one chunk.
    pub fn chunk(&self, index: usize) -> Vec<u8> {
        self.bytes.chunks(CHUNK).nth(index).unwrap().to_vec()
    }
}

struct HexDigest(Vec<u8>);

impl std::fmt::LowerHex for HexDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Where a file is asked for: under a kind of a dossier.
#[derive(Debug, Clone, Copy)]
pub struct Volet<'a>(pub DossierId, pub &'a str);

impl Volet<'_> {
    /// The address of a file there.
    pub fn path(self, hash: &str) -> String {
        format!("/blobs/{}/{}/{hash}", self.0, self.1)
    }
}

/// A device, and the relay that it talks to.
#[derive(Debug, Clone, Copy)]
pub struct Device<'a> {
    address: SocketAddr,
    session: &'a Session,
}

impl<'a> Device<'a> {
    /// A device at an address.
    pub fn at(address: SocketAddr, session: &'a Session) -> Self {
        Self { address, session }
    }

    /// Begins a file, or goes on.
    pub async fn begin(self, volet: Volet<'_>, file: &TestFile) -> Answer {
        self.begin_as(volet, &file.hash, file.bytes.len()).await
    }

    /// Begins a file of any size.
    pub async fn begin_as(self, volet: Volet<'_>, hash: &str, size: usize) -> Answer {
        let asked = request(self.address, "POST", &volet.path(hash));
        send(asked, Some(&self.session.token), Some(&json!({ "size": size, "mime": "image/jpeg", "name": "x" }))).await
    }

    /// The indexes that a begun file lacks.
    pub async fn missing(self, volet: Volet<'_>, file: &TestFile) -> Vec<usize> {
        let begun = self.begin(volet, file).await.ok();
        assert_eq!((begun["size"].as_u64(), begun["chunk"].as_u64()), (Some(file.bytes.len() as u64), Some(524_288)));
        let missing: Vec<usize> = serde_json::from_value(begun["missing"].clone()).unwrap();
        assert_eq!(begun["complete"], missing.is_empty());
        missing
    }

    /// Brings one chunk.
    pub async fn put(self, volet: Volet<'_>, file: &TestFile, index: usize) -> Answer {
        self.put_as(volet, &file.hash, index, file.chunk(index)).await
    }

    /// Brings any bytes as a chunk.
    pub async fn put_as(self, volet: Volet<'_>, hash: &str, index: usize, bytes: Vec<u8>) -> Answer {
        let asked = request(self.address, "PUT", &format!("{}/{index}", volet.path(hash)));
        let asked = asked.header("content-type", "application/octet-stream").body(bytes);
        send(asked, Some(&self.session.token), None).await
    }

    /// Brings all that is missing.
    pub async fn bring(self, volet: Volet<'_>, file: &TestFile) {
        for index in self.missing(volet, file).await {
            assert_eq!(self.put(volet, file, index).await.status, 204, "chunk {index}");
        }
        assert!(self.missing(volet, file).await.is_empty());
    }

    /// What the relay says of a file.
    pub async fn ask(self, volet: Volet<'_>, hash: &str) -> Answer {
        send(request(self.address, "GET", &volet.path(hash)), Some(&self.session.token), None).await
    }

    /// One chunk; the error is the refusal.
    pub async fn get(self, volet: Volet<'_>, hash: &str, index: usize) -> Result<Vec<u8>, Answer> {
        let asked = request(self.address, "GET", &format!("{}/{index}", volet.path(hash)));
        let answer = asked.header("authorization", format!("Bearer {}", self.session.token)).send().await.unwrap();
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(Answer { status, text: answer.text().await.unwrap() });
        }
        assert_eq!(answer.headers()["content-type"], "application/octet-stream");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        Ok(answer.bytes().await.unwrap().to_vec())
    }

    /// The whole file.
    pub async fn download(self, volet: Volet<'_>, hash: &str) -> Vec<u8> {
        let told = self.ask(volet, hash).await.ok();
        assert_eq!(told["complete"], true);
        let size = usize::try_from(told["size"].as_u64().unwrap()).unwrap();
        let mut bytes = Vec::with_capacity(size);
        for index in 0..size.div_ceil(CHUNK) {
            bytes.extend(self.get(volet, hash, index).await.unwrap());
        }
        assert_eq!(bytes.len(), size);
        bytes
    }
}

impl TestRelay {
    /// A device of this relay's.
    pub fn device<'a>(&self, session: &'a Session) -> Device<'a> {
        Device::at(self.address, session)
    }

    /// Every chunk that the relay keeps.
    pub fn stored_chunks(&self) -> Vec<PathBuf> {
        files_below(&self.folder().join("liaison.db.blobs"))
    }
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// The files below a folder that hold these bytes.
pub fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let holds = |path: &PathBuf| fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes());
    files_below(folder).into_iter().filter(holds).collect()
}
