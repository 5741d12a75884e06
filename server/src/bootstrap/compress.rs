//! One stream compressed as a whole: dossiers resemble each other, so that each costs little after the first ones.
//!
//! Never keeps anything back at a flush: what was written until then can be read.

use std::io::{self, Write};

use axum::http::{HeaderMap, HeaderValue, header};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Of Brotli's 0 to 11: what follows costs much more than it gains.
const QUALITY: u32 = 4;
/// Two to this many bytes are looked back at.
const WINDOW: u32 = 22;
const BUFFER: usize = 32 << 10;

/// How a stream is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Brotli.
    Brotli,
    /// gzip.
    Gzip,
    /// As it is.
    Identity,
}

impl Coding {
    /// The best that whoever asks can read.
    #[must_use]
    pub fn accepted(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let reads = |name: &str| {
            accepted.split(',').any(|one| {
                let mut parts = one.split(';').map(str::trim);
                parts.next().is_some_and(|it| it.eq_ignore_ascii_case(name)) && !parts.any(|it| it == "q=0")
            })
        };
        match () {
            () if reads("br") => Self::Brotli,
            () if reads("gzip") => Self::Gzip,
            () => Self::Identity,
        }
    }

    /// Its name in `Content-Encoding`; none for what is as it is.
    #[must_use]
    pub fn name(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }
}

/// Takes bytes, gives coded ones.
pub(super) enum Compressor {
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
    Identity(Vec<u8>),
}

impl Compressor {
    pub fn new(coding: Coding) -> Self {
        match coding {
            Coding::Brotli => {
                Self::Brotli(Box::new(brotli::CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW)))
            }
            Coding::Gzip => Self::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::default()))),
            Coding::Identity => Self::Identity(Vec::new()),
        }
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Brotli(writer) => writer.write_all(bytes),
            Self::Gzip(writer) => writer.write_all(bytes),
            Self::Identity(writer) => writer.write_all(bytes),
        }
    }

    /// What is ready to be sent; with `flush`, all that was written.
    pub fn take(&mut self, flush: bool) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli(writer) => {
                if flush {
                    writer.flush()?;
                }
                Ok(std::mem::take(writer.get_mut()))
            }
            Self::Gzip(writer) => {
                if flush {
                    writer.flush()?;
                }
                Ok(std::mem::take(writer.get_mut()))
            }
            Self::Identity(writer) => Ok(std::mem::take(writer)),
        }
    }

    /// The end of the stream.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli(writer) => Ok(writer.into_inner()),
            Self::Gzip(writer) => writer.finish(),
            Self::Identity(writer) => Ok(writer),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn read(coding: Coding, bytes: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        // A stream that goes on ends early for its reader: what it has until then counts.
        let _end = match coding {
            Coding::Brotli => brotli::Decompressor::new(bytes, BUFFER).read_to_end(&mut plain),
            Coding::Gzip => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain),
            Coding::Identity => (&mut &bytes[..]).read_to_end(&mut plain),
        };
        plain
    }

    #[test]
    fn what_was_flushed_can_be_read_before_the_end() {
        for coding in [Coding::Brotli, Coding::Gzip, Coding::Identity] {
            let mut compressor = Compressor::new(coding);
            compressor.write(b"les premiers dossiers").unwrap();
            let mut all = compressor.take(true).unwrap();
            assert_eq!(read(coding, &all), b"les premiers dossiers", "{coding:?}");
            compressor.write(b", les autres").unwrap();
            all.extend(compressor.take(false).unwrap());
            all.extend(compressor.finish().unwrap());
            assert_eq!(read(coding, &all), b"les premiers dossiers, les autres", "{coding:?}");
        }
    }

    #[test]
    fn the_best_coding_is_taken_that_whoever_asks_can_read() {
        let coding = |accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            Coding::accepted(&headers)
        };
        assert_eq!(coding("gzip, deflate, br, zstd"), Coding::Brotli);
        assert_eq!(coding("gzip, deflate, br;q=0"), Coding::Gzip);
        assert_eq!(coding("deflate"), Coding::Identity);
        assert_eq!(Coding::accepted(&HeaderMap::new()), Coding::Identity);
    }
}
