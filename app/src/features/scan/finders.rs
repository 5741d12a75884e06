//! The three squares in the corners of a QR code: any line through the middle of one goes through dark, light, dark, light
//! and dark as 1 : 1 : 3 : 1 : 1, however the code is turned.

use super::picture::{Picture, Spot};

/// How many of the most likely squares are looked at: a picture full of patterns must not stop the camera.
const MOST: usize = 12;
/// How many threes of them are tried.
const TRIES: usize = 4;
/// Half a right angle, as a step of one point.
const ASLANT: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// The middle of a square, and how wide one module of the code seems there along a row.
#[derive(Debug, Clone, Copy)]
pub struct Finder {
    pub at: Spot,
    pub module: f64,
    seen: u32,
}

/// Three squares that may belong to one code, in their places.
#[derive(Debug, Clone, Copy)]
pub struct Corner {
    pub top_left: Finder,
    pub top_right: Finder,
    pub bottom_left: Finder,
}

/// All that look like corners of a code, the most likely first.
pub fn corners(picture: &Picture) -> Vec<Corner> {
    let mut finders = finders(picture);
    finders.sort_by_key(|finder| std::cmp::Reverse(finder.seen));
    finders.truncate(MOST);
    let mut found: Vec<(f64, Corner)> = Vec::new();
    for (index, &one) in finders.iter().enumerate() {
        for (next, &two) in finders.iter().enumerate().skip(index + 1) {
            found.extend(finders.iter().skip(next + 1).filter_map(|&three| corner(one, two, three)));
        }
    }
    found.sort_by(|one, other| one.0.total_cmp(&other.0));
    found.into_iter().take(TRIES).map(|(_, corner)| corner).collect()
}

/// The three in their places, and how far they are from a right angle with equal sides; `None` when they are too far.
fn corner(one: Finder, two: Finder, three: Finder) -> Option<(f64, Corner)> {
    // Opposite of the longest side.
    let arrangements = [(one, two, three), (two, one, three), (three, one, two)];
    let (top_left, a, b) = arrangements
        .into_iter()
        .max_by(|one, other| one.1.at.distance(one.2.at).total_cmp(&other.1.at.distance(other.2.at)))?;
    let (across, down) = (vector(top_left.at, a.at), vector(top_left.at, b.at));
    let turn = across.x * down.y - across.y * down.x;
    let (top_right, bottom_left) = if turn > 0.0 { (a, b) } else { (b, a) };
    let (long, short) = extremes([top_left.at.distance(a.at), top_left.at.distance(b.at)]);
    let (large, small) = extremes([one.module, two.module, three.module]);
    let lean = (across.x * down.x + across.y * down.y).abs() / (long * short);
    let fits = short > small * 10.0 && long < short * 1.8 && large < small * 2.0 && lean < 0.5;
    let strain = (long / short - 1.0) + (large / small - 1.0) + lean;
    fits.then_some((strain, Corner { top_left, top_right, bottom_left }))
}

fn vector(from: Spot, to: Spot) -> Spot {
    Spot { x: to.x - from.x, y: to.y - from.y }
}

fn extremes<const N: usize>(values: [f64; N]) -> (f64, f64) {
    (values.into_iter().fold(f64::MIN, f64::max), values.into_iter().fold(f64::MAX, f64::min))
}

fn finders(picture: &Picture) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    for y in 0..picture.height {
        let mut runs = [0_usize; 5];
        // One point further than the row: what is outside is light and ends a dark run.
        for x in 0..=picture.width {
            let dark = picture.is_dark(x, y);
            // Runs at even places are dark: the newest one is the last.
            if dark == picture.is_dark(x.wrapping_sub(1), y) && x > 0 {
                runs[4] += 1;
                continue;
            }
            if !dark && is_finder(runs).is_some() {
                let middle = x as f64 - (runs[4] + runs[3]) as f64 - runs[2] as f64 / 2.0;
                confirm(picture, middle, y as f64 + 0.5).into_iter().for_each(|finder| keep(&mut found, finder));
            }
            runs.rotate_left(1);
            runs[4] = 1;
        }
    }
    found.retain(|finder| finder.seen > 1);
    found
}

/// The width of one module when the runs are as 1 : 1 : 3 : 1 : 1.
fn is_finder(runs: [usize; 5]) -> Option<f64> {
    let module = runs.iter().sum::<usize>() as f64 / 7.0;
    let near = |run: usize, modules: f64| (run as f64 - modules * module).abs() <= modules * module * 0.6;
    let [a, b, c, d, e] = runs;
    let all = near(a, 1.0) && near(b, 1.0) && near(c, 3.0) && near(d, 1.0) && near(e, 1.0);
    (module >= 1.0 && all).then_some(module)
}

/// Looks again from the middle downwards, then along the row that goes through the real middle, then aslant: what only looks
/// like a square along its row is passed over here.
fn confirm(picture: &Picture, x: f64, y: f64) -> Option<Finder> {
    let (at, down) = across(picture, Spot { x, y }, (0.0, 1.0))?;
    let (at, module) = across(picture, at, (1.0, 0.0))?;
    let square = [ASLANT, -ASLANT].into_iter().all(|rise| across(picture, at, (ASLANT, rise)).is_some());
    let even = module < down * 2.0 && down < module * 2.0;
    (square && even).then_some(Finder { at, module: (module + down) / 2.0, seen: 1 })
}

/// The five runs around a spot in one direction, when they are those of a square: their middle and the module's width.
fn across(picture: &Picture, from: Spot, step: (f64, f64)) -> Option<(Spot, f64)> {
    let most = picture.width.max(picture.height);
    // Two and a half runs one way: the rest of the middle, light, dark.
    let side = |sign: f64| {
        let (mut at, mut runs) = (from, [0_usize; 3]);
        for (index, run) in runs.iter_mut().enumerate() {
            while picture.is_dark_at(at) == (index % 2 == 0) && *run <= most {
                *run += 1;
                at = Spot { x: at.x + sign * step.0, y: at.y + sign * step.1 };
            }
        }
        runs
    };
    let (before, after) = (side(-1.0), side(1.0));
    if before[0] == 0 {
        return None;
    }
    // The spot itself was counted both ways.
    let module = is_finder([before[2], before[1], before[0] + after[0] - 1, after[1], after[2]])?;
    let shift = (after[0] as f64 - before[0] as f64) / 2.0;
    let start = |value: f64, step: f64| if step > 0.0 { value.floor() + 0.5 + shift * step } else { value };
    Some((Spot { x: start(from.x, step.0), y: start(from.y, step.1) }, module))
}

/// One more sight of a square that is known, or a new one.
fn keep(found: &mut Vec<Finder>, finder: Finder) {
    let same = |known: &&mut Finder| known.at.distance(finder.at) < known.module * 2.0;
    match found.iter_mut().find(same) {
        Some(known) => {
            let weight = f64::from(known.seen);
            let mean = |known: f64, new: f64| (known * weight + new) / (weight + 1.0);
            known.at = Spot { x: mean(known.at.x, finder.at.x), y: mean(known.at.y, finder.at.y) };
            known.module = mean(known.module, finder.module);
            known.seen += 1;
        }
        None => found.push(finder),
    }
}
