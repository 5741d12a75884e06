//! Random bytes from the browser.

/// Fills with bytes that nobody can guess: keys and nonces. False where the browser has none; never a weaker source.
#[must_use]
pub fn fill(bytes: &mut [u8]) -> bool {
    web_sys::window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(bytes).is_ok())
}

/// Sixteen bytes nobody can guess: an identifier. Falls back to the clock and `Math.random` only where
/// the browser has no `crypto`, which no browser that runs WebAssembly lacks.
#[must_use]
pub fn sixteen_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    if !fill(&mut bytes) {
        for byte in &mut bytes {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in 0..256")]
            let value = (js_sys::Math::random() * 256.0) as u8;
            *byte = value;
        }
    }
    bytes
}

/// A seed for spreading reconnections.
#[must_use]
pub fn seed() -> u64 {
    let bytes = sixteen_bytes();
    u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]])
}
