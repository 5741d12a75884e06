//! Codes as cameras see them: turned, tilted, small, in bad light; and pictures that hold none.

use qrcode::{Color, EcLevel, QrCode};

use super::*;

const TEXT: &str = "https://relais.example/lieu#5f0c2b8e91d74a3c";

/// How a code is held before the camera.
#[derive(Clone, Copy)]
struct Held {
    /// Degrees.
    turned: f64,
    /// Points per module.
    module: f64,
    /// How much nearer one side is than the other.
    tilt: (f64, f64),
    /// From the darkest point of the picture's light to the brightest, left to right.
    light: (f64, f64),
    /// How far the noise goes, both ways.
    noise: u8,
}

const WELL: Held = Held { turned: 0.0, module: 6.0, tilt: (0.0, 0.0), light: (1.0, 1.0), noise: 0 };

fn seen(text: &str, held: Held) -> Frame {
    let (width, height) = (640_usize, 480_usize);
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).unwrap();
    let (side, colours) = (code.width(), code.to_colors());
    let random = std::cell::Cell::new(7_u32);
    let noise = || {
        random.set(random.get().wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        f64::from(random.get() >> 16) / 32_768.0 - 1.0
    };
    let (sin, cos) = held.turned.to_radians().sin_cos();
    let shade = |x: f64, y: f64| {
        let depth = 1.0 + held.tilt.0 * x / width as f64 + held.tilt.1 * y / height as f64;
        let (u, v) = ((x * cos + y * sin) / depth / held.module, (y * cos - x * sin) / depth / held.module);
        let (u, v) = (u + side as f64 / 2.0, v + side as f64 / 2.0);
        let inside = |it: f64| it >= 0.0 && it < side as f64;
        let paper = |it: f64| it >= -4.0 && it < side as f64 + 4.0;
        match (inside(u) && inside(v), paper(u) && paper(v)) {
            (true, _) if colours[v as usize * side + u as usize] == Color::Dark => 30.0,
            (_, true) => 230.0,
            _ => 120.0,
        }
    };
    let mut luma = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (cx, cy) = (x as f64 - width as f64 / 2.0, y as f64 - height as f64 / 2.0);
            // Four samples to a point: edges are grey, as they are for a camera.
            let samples = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
            let mean = samples.iter().map(|(dx, dy)| shade(cx + dx, cy + dy)).sum::<f64>() / 4.0;
            let light = held.light.0 + (held.light.1 - held.light.0) * x as f64 / width as f64;
            luma.push((mean * light + noise() * f64::from(held.noise)).clamp(0.0, 255.0) as u8);
        }
    }
    Frame { width, height, luma }
}

#[track_caller]
fn reads(held: Held) {
    assert_eq!(read(&seen(TEXT, held)).as_deref(), Some(TEXT));
}

#[test]
fn a_code_is_read_however_it_is_turned() {
    for turned in (0..360).step_by(15) {
        reads(Held { turned: f64::from(turned), ..WELL });
    }
}

#[test]
fn a_code_is_read_near_and_far() {
    for module in [2.5, 3.0, 4.3, 8.0, 11.0] {
        reads(Held { module, turned: 3.0, ..WELL });
    }
}

#[test]
fn a_code_is_read_from_aside() {
    for tilt in [(0.5, 0.0), (-0.5, 0.0), (0.0, 0.5), (0.4, -0.4)] {
        reads(Held { tilt, turned: 10.0, ..WELL });
    }
}

#[test]
fn a_code_is_read_in_bad_light() {
    reads(Held { light: (0.25, 1.0), turned: 5.0, ..WELL });
    reads(Held { light: (0.2, 0.2), noise: 6, ..WELL });
    reads(Held { noise: 25, ..WELL });
}

#[test]
fn short_and_long_texts_are_read() {
    for length in [1, 10, 60, 200, 400] {
        let text = "a".repeat(length);
        assert_eq!(read(&seen(&text, Held { module: 5.0, turned: 2.0, ..WELL })).as_deref(), Some(text.as_str()));
    }
}

#[test]
fn a_picture_without_a_code_holds_none() {
    for luma in [0, 128, 255] {
        assert_eq!(read(&Frame { width: 64, height: 48, luma: vec![luma; 64 * 48] }), None);
    }
    for (width, height) in [(0, 0), (0, 9), (9, 0), (1, 1), (3, 2), (5, 700)] {
        assert_eq!(read(&Frame { width, height, luma: vec![9; width * height] }), None);
    }
    assert_eq!(read(&Frame { width: 64, height: 48, luma: Vec::new() }), None);
}

/// Blots of every size, among them many that look like corners of a code: nothing in a picture makes reading fail.
#[test]
fn no_picture_is_too_much() {
    let mut random = 1_u32;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % below
    };
    for _ in 0..150 {
        let (width, height) = (20 + next(200), 20 + next(200));
        let mut luma = vec![220_u8; width * height];
        for _ in 0..next(30) {
            let (left, top, module) = (next(width), next(height), 1 + next(8));
            for y in 0..7 * module {
                for x in 0..7 * module {
                    let ring = (x / module).abs_diff(3).max((y / module).abs_diff(3));
                    if let Some(point) = luma.get_mut((top + y) * width + (left + x).min(width - 1)) {
                        *point = if ring == 2 { 220 } else { 20 };
                    }
                }
            }
        }
        for _ in 0..next(2_000) {
            let place = next(luma.len());
            luma[place] = next(256) as u8;
        }
        assert_eq!(read(&Frame { width, height, luma }), None);
    }
}
