//! Which encodings a client takes (RFC 9110 §12.5.3).

use axum::http::{HeaderMap, HeaderValue, header};

/// A compressed form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// Its name in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }
}

/// Says whether a client takes an encoding.
pub(super) fn accepted(request: &HeaderMap) -> impl Fn(Encoding) -> bool {
    let header = request.get(header::ACCEPT_ENCODING).map(HeaderValue::to_str);
    let header = header.and_then(Result::ok).unwrap_or_default().to_ascii_lowercase();
    move |encoding| {
        let weight = |name: &str| {
            header.split(',').find_map(|item| {
                let (item, parameters) = item.split_once(';').unwrap_or((item, ""));
                let quality = parameters.trim().strip_prefix("q=").and_then(|quality| quality.parse().ok());
                (item.trim() == name).then_some(quality.unwrap_or(1.0_f32))
            })
        };
        weight(encoding.name()).or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_only_what_it_takes() {
        let takes = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, text.parse().unwrap());
            let accepted = accepted(&headers);
            (accepted(Encoding::Brotli), accepted(Encoding::Gzip))
        };
        assert_eq!(takes("gzip, deflate, br"), (true, true));
        assert_eq!(takes("gzip;q=0.5, br;q=0"), (false, true));
        assert_eq!(takes("*"), (true, true));
        assert_eq!(takes("identity"), (false, false));
        assert_eq!(takes("brotli, xgzip"), (false, false));
    }
}
