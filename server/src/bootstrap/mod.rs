//! Everything that an office device may hold, as one compressed stream: what its lists show first, then document by
//! document. SPEC.md, « Bootstrap ».
//!
//! Never waits for a device that does not read: what is made ahead of it is bounded, and a stream that stands still ends. Nor
//! reads anything more for whoever has lost the right to it since.

mod compress;
mod send;

pub use compress::Coding;
pub use send::{Asked, Part, STANDS_STILL, stream};
