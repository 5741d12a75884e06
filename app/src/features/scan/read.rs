//! Reads the QR code in a picture. Finding it is our own work: `rqrr`, which decodes it, panics on some pictures when it
//! looks for codes by itself (its issue 54), and a panic ends the application. Here whatever a camera sees is a `None`.

use rqrr::{Grid, SimpleGrid};

use super::finders::{Corner, corners};
use super::picture::{Picture, Spot};
use crate::platform::camera::Frame;

/// The text of the code in a picture.
#[must_use]
pub fn read(frame: &Frame) -> Option<String> {
    if frame.width == 0 || frame.luma.len() < frame.width * frame.height {
        return None;
    }
    let picture = Picture::of(frame);
    corners(&picture).into_iter().find_map(|corner| read_at(&picture, corner))
}

fn read_at(picture: &Picture, corner: Corner) -> Option<String> {
    let (across, down) =
        (corner.top_left.at.distance(corner.top_right.at), corner.top_left.at.distance(corner.bottom_left.at));
    let seen = (corner.top_left.module + corner.top_right.module + corner.bottom_left.module) / 3.0;
    // A square that is turned is wider along a row than it is.
    let edge =
        Spot { x: corner.top_right.at.x - corner.top_left.at.x, y: corner.top_right.at.y - corner.top_left.at.y };
    let module = seen * edge.x.abs().max(edge.y.abs()) / across;
    let version = (((across + down) / 2.0 / module + 7.0 - 17.0) / 4.0).round();
    [0.0, -1.0, 1.0].into_iter().map(|off| version + off).filter(|it| (1.0..=40.0).contains(it)).find_map(|version| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 40")]
        let side = version as usize * 4 + 17;
        let flat = Plane::flat(corner, side);
        let tilted = (side > 21).then(|| flat.tilted(picture)).flatten();
        tilted.into_iter().chain([flat]).find_map(|plane| decode(picture, plane, side))
    })
}

fn decode(picture: &Picture, plane: Plane, side: usize) -> Option<String> {
    let middle = |index: usize| index as f64 + 0.5;
    let dark = |x: usize, y: usize| picture.is_dark_at(plane.spot(middle(x), middle(y)));
    let (_, text) = Grid::new(SimpleGrid::from_func(side, dark)).decode().ok()?;
    (!text.is_empty()).then_some(text)
}

/// Where each module of a code is in a picture. The three squares hold three corners of a triangle; a fourth spot, once
/// known, says how much nearer one corner is to the camera than another: its weight.
#[derive(Debug, Clone, Copy)]
struct Plane {
    corner: Corner,
    /// Modules from the middle of one square to the middle of the next.
    span: f64,
    /// Weights of the corners at the top right and at the bottom left; the one at the top left has 1.
    weights: (f64, f64),
}

impl Plane {
    fn flat(corner: Corner, side: usize) -> Self {
        Self { corner, span: side as f64 - 7.0, weights: (1.0, 1.0) }
    }

    /// Where this module is; somewhere outside of every picture when it is behind the camera.
    fn spot(&self, x: f64, y: f64) -> Spot {
        let (right, down) = ((x - 3.5) / self.span, (y - 3.5) / self.span);
        let shares = [1.0 - right - down, right * self.weights.0, down * self.weights.1];
        let sum: f64 = shares.iter().sum();
        if sum < 0.01 {
            return Spot { x: -1.0, y: -1.0 };
        }
        let Corner { top_left, top_right, bottom_left } = self.corner;
        let at = |value: fn(Spot) -> f64| {
            let values = [top_left, top_right, bottom_left].map(|finder| value(finder.at));
            values.iter().zip(shares).map(|(value, share)| value * share).sum::<f64>() / sum
        };
        Spot { x: at(|spot| spot.x), y: at(|spot| spot.y) }
    }

    /// The same plane, tilted so that the small square near the fourth corner is where it is in the picture. `None` when it
    /// cannot be seen.
    fn tilted(self, picture: &Picture) -> Option<Self> {
        // The middle of that square, in modules from the middle of the first one, along either side.
        let there = self.span - 3.0;
        let (right, down) = self.alignment(picture, there + 3.5)?;
        let share = there / self.span;
        let (right, down) = (right / self.span, down / self.span);
        let scale = (1.0 - 2.0 * share) / (1.0 - right - down);
        let weights = (right * scale / share, down * scale / share);
        let sane = |weight: f64| (0.4..2.5).contains(&weight);
        (sane(weights.0) && sane(weights.1)).then_some(Self { weights, ..self })
    }

    /// The middle of the small square that should be at this module: where it really is on the flat plane, in modules from
    /// the middle of the first square.
    fn alignment(self, picture: &Picture, expected: f64) -> Option<(f64, f64)> {
        // Half a module each, four modules around.
        const STEPS: i32 = 8;
        let (mut best, mut sum, mut count) = (20, (0.0, 0.0), 0.0);
        for step_x in -STEPS..=STEPS {
            for step_y in -STEPS..=STEPS {
                let (x, y) = (expected + f64::from(step_x) / 2.0, expected + f64::from(step_y) / 2.0);
                let score = self.likeness(picture, x, y);
                if score > best {
                    (best, sum, count) = (score, (0.0, 0.0), 0.0);
                }
                if score == best {
                    sum = (sum.0 + x, sum.1 + y);
                    count += 1.0;
                }
            }
        }
        (count > 0.0).then(|| (sum.0 / count - 3.5, sum.1 / count - 3.5))
    }

    /// How many of the 25 modules around a place are as in the small square: dark, a ring of light, a ring of dark.
    fn likeness(&self, picture: &Picture, x: f64, y: f64) -> i32 {
        let mut same = 0;
        for row in -2_i32..=2 {
            for column in -2_i32..=2 {
                let dark = row.abs().max(column.abs()) != 1;
                let spot = self.spot(x + f64::from(column), y + f64::from(row));
                same += i32::from(picture.is_dark_at(spot) == dark);
            }
        }
        same
    }
}

#[cfg(test)]
mod tests;
