//! The link that somebody is given, as text and as a picture that a phone reads.
//!
//! Never leads anywhere but to this relay: who asks for a link cannot make it lead people elsewhere.

use axum::http::{HeaderMap, header};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Side of the picture, in its own units, at least.
const SIDE: u32 = 240;

/// Whether an origin (`https://host:port`) is that of this relay, as the request itself names it.
#[must_use]
pub fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let named = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    matches!((named, host), (Some(named), Some(host)) if !host.is_empty() && named.eq_ignore_ascii_case(host))
}

/// The link with a token: behind `#`, which browsers never send to a server.
#[must_use]
pub fn link(origin: &str, token: &str) -> String {
    format!("{origin}/invitation#{token}")
}

/// A link as SVG: dark on light whatever the page's colours are, with the quiet zone that cameras need. `None` when
/// it is too long for any QR code, which no link of ours is.
#[must_use]
pub fn picture(link: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).ok()?;
    let mut image = code.render::<svg::Color<'_>>();
    image.quiet_zone(true).min_dimensions(SIDE, SIDE);
    image.dark_color(svg::Color("#000000")).light_color(svg::Color("#ffffff"));
    let svg = image.build();
    let svg = svg.split_once("?>").map_or(svg.as_str(), |(_, svg)| svg);
    Some(svg.replacen("<svg ", "<svg role=\"img\" aria-label=\"Code QR du lien\" ", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_this_relay_only() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "relais.example:8080".parse().unwrap());
        assert!(is_own("https://Relais.example:8080", &headers));
        assert!(is_own("http://relais.example:8080", &headers));
        for foreign in [
            "https://relais.example",
            "https://autre.example",
            "https://relais.example:8080/",
            "https://relais.example:8080@autre.example",
            "relais.example:8080",
            "javascript://relais.example:8080",
            "",
        ] {
            assert!(!is_own(foreign, &headers), "{foreign}");
        }
        assert!(!is_own("https://", &HeaderMap::new()));
    }

    #[test]
    fn the_picture_is_a_plain_svg() {
        let svg = picture(&link("https://relais.example", &"0".repeat(64))).unwrap();
        assert!(svg.starts_with("<svg role=\"img\" ") && svg.ends_with("</svg>"), "{svg}");
        assert!(svg.contains("fill=\"#ffffff\"") && svg.contains("fill=\"#000000\""));
        // The quiet zone: four modules of light around the code.
        let (_, first) = svg.split_once("d=\"M").unwrap();
        let corner: u32 = first.split(' ').next().unwrap().parse().unwrap();
        assert!(corner >= 4 * 4, "{corner}");
        for forbidden in ["<script", "href", "onload", "<?xml", "style="] {
            assert!(!svg.contains(forbidden), "{forbidden}");
        }
    }
}
