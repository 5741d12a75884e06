//! Codes on labels: read with the camera, offline, and drawn to be printed.

mod finders;
mod label;
mod picture;
mod read;
mod scanner;

pub use label::qr_svg;
pub use scanner::Scanner;
