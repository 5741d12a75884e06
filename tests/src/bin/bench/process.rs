//! What the relay's process has used, as Linux counts it.
//!
//! Never guesses: elsewhere than on Linux there is nothing to read, and that is an error.

use crate::Failure;

/// Clock ticks in a second: what Linux has told programs since 2.6, whatever the kernel's own.
const TICKS: f64 = 100.0;

/// Time of all its threads on a processor, in seconds.
pub fn cpu_seconds(id: u32) -> Result<f64, Failure> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name may hold spaces: count from behind it.
    let (_, rest) = stat.rsplit_once(") ").ok_or("/proc/…/stat has another form")?;
    let field = |place: usize| rest.split(' ').nth(place).and_then(|text| text.parse::<f64>().ok());
    let (user, system) = field(11).zip(field(12)).ok_or("/proc/…/stat has another form")?;
    Ok((user + system) / TICKS)
}

/// Memory it holds now, and the most it has held, in megabytes.
pub fn memory(id: u32) -> Result<(f64, f64), Failure> {
    let field = |name| liaison_tests::process::memory(id, name).map(|kib| kib as f64);
    let (now, most) = field("VmRSS").zip(field("VmHWM")).ok_or("/proc/…/status has another form")?;
    Ok((now * 1024.0 / 1e6, most * 1024.0 / 1e6))
}
