//! What is dark and what is light in a picture of the camera, whatever the light in the room.

use crate::platform::camera::Frame;

/// A place in a picture: points from its left and its upper edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub x: f64,
    pub y: f64,
}

impl Spot {
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// A picture in black and white.
pub struct Picture {
    pub width: usize,
    pub height: usize,
    dark: Vec<bool>,
}

impl Picture {
    /// A point is dark when it is clearly darker than what surrounds it: shadows and lamps change slowly across a picture,
    /// a code does not.
    pub fn of(frame: &Frame) -> Self {
        let Frame { width, height, ref luma } = *frame;
        let sums = Sums::of(frame);
        let reach = (width.min(height) / 6).max(4);
        let mut dark = Vec::with_capacity(width * height);
        for (y, row) in luma.chunks_exact(width.max(1)).take(height).enumerate() {
            for (x, &luma) in row.iter().enumerate() {
                let (sum, count) = sums.around(x, y, reach);
                dark.push(u64::from(luma) * count * 100 <= sum * 85);
            }
        }
        Self { width, height, dark }
    }

    /// Light outside of the picture.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or_default()
    }

    /// Light outside of the picture.
    pub fn is_dark_at(&self, spot: Spot) -> bool {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not below zero; large is outside")]
        let inside = |value: f64| (value >= 0.0).then_some(value as usize);
        matches!((inside(spot.x), inside(spot.y)), (Some(x), Some(y)) if y < self.height && self.is_dark(x, y))
    }
}

/// For each point, the sum of all that is above it and to its left: sums of any rectangle in four steps.
struct Sums {
    width: usize,
    height: usize,
    sums: Vec<u64>,
}

impl Sums {
    fn of(frame: &Frame) -> Self {
        let (width, height) = (frame.width, frame.height);
        let mut sums = vec![0; (width + 1) * (height + 1)];
        for y in 0..height {
            let mut row = 0;
            for x in 0..width {
                row += frame.luma.get(y * width + x).copied().map_or(0, u64::from);
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
            }
        }
        Self { width, height, sums }
    }

    /// The sum of the points at most `reach` away, and how many they are.
    fn around(&self, x: usize, y: usize, reach: usize) -> (u64, u64) {
        let (left, top) = (x.saturating_sub(reach), y.saturating_sub(reach));
        let (right, bottom) = ((x + reach + 1).min(self.width), (y + reach + 1).min(self.height));
        let at = |x: usize, y: usize| self.sums[y * (self.width + 1) + x];
        let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
        (sum, ((right - left) * (bottom - top)) as u64)
    }
}
