//! A text as a QR code to be printed: what `Scanner` reads again.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// The QR code of a text as SVG: dark on light whatever the page's colours are, with the quiet zone that cameras need. A
/// quarter of it may be scratched or stained. Screen readers pass over it: words beside it say what it is. `None` for a
/// text that is too long for any QR code (over 1 600 bytes).
#[must_use]
pub fn qr_svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).ok()?;
    let mut image = code.render::<svg::Color<'_>>();
    image.quiet_zone(true).dark_color(svg::Color("#000000")).light_color(svg::Color("#ffffff"));
    let svg = image.build();
    let svg = svg.split_once("?>").map_or(svg.as_str(), |(_, svg)| svg);
    Some(svg.replacen("<svg ", "<svg aria-hidden=\"true\" ", 1))
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;
    use crate::platform::camera::Frame;

    /// What the SVG shows, one point per unit: a square of light with the rectangles of its path in dark.
    fn rasterised(svg: &str) -> Frame {
        let between = |start: &str, end: char| svg.split_once(start).unwrap().1.split_once(end).unwrap().0;
        let side: usize = between("width=\"", '"').parse().unwrap();
        let mut luma = vec![255; side * side];
        for rectangle in between(" d=\"M", '"').split('M') {
            let numbers: Vec<usize> =
                rectangle.split(|it: char| !it.is_ascii_digit()).map(|it| it.parse().unwrap()).collect();
            let [left, top, width, height, ..] = numbers[..] else { panic!("{rectangle}") };
            for row in top..top + height {
                luma[row * side + left..row * side + left + width].fill(0);
            }
        }
        Frame { width: side, height: side, luma }
    }

    #[test]
    fn what_is_printed_can_be_read() {
        for text in ["1", "https://relais.example/lieu#0123456789abcdef", "Chez Zoé, 3ᵉ étage", &"x".repeat(300)] {
            assert_eq!(read(&rasterised(&qr_svg(text).unwrap())).as_deref(), Some(text));
        }
    }

    #[test]
    fn it_is_a_plain_svg() {
        let svg = qr_svg("<script>\"'&").unwrap();
        assert!(svg.starts_with("<svg aria-hidden=\"true\" ") && svg.ends_with("</svg>"), "{svg}");
        for forbidden in ["<script", "href", "onload", "<?xml", "style="] {
            assert!(!svg.contains(forbidden), "{forbidden}");
        }
        assert_eq!(qr_svg(&"x".repeat(4_000)), None);
    }
}
