//! Medians and percentiles of small samples.

/// The value below which `percent` of the sample lies (nearest rank); 0 for an empty sample.
pub fn percentile(sample: &[f64], percent: usize) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// The middle of the sample.
pub fn median(sample: &[f64]) -> f64 {
    percentile(sample, 50)
}
