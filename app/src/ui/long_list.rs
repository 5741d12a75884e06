//! A list of any length, of which only the rows around what is seen are drawn; gaps keep the place of the others, so that
//! the page scrolls as if all were there. A screen reader hears of each row which of how many it is.
//!
//! The row that has the keyboard stays drawn wherever one scrolls to. Rows may be higher than the style sheet reckons: the
//! browser keeps in place what is seen, and the drawn part moves only when one comes near its end.

use std::hash::Hash;
use std::ops::Range;

use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{Element, FocusOptions, HtmlElement};

use super::list::arrows;

/// Rows drawn beyond what is seen, on either side.
const BEYOND: usize = 16;
/// Rows left on a side before more are drawn there.
const NEAR: usize = 4;
/// Rows drawn before anything is known of what is seen.
const FIRST: Range<usize> = 0..32;

/// Which of how many a row is, from 1.
#[derive(Clone, Copy)]
pub struct RowPlace {
    /// Which.
    pub at: Signal<usize>,
    /// Of how many.
    pub of: Signal<usize>,
}

/// What the list is made of, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Piece<T> {
    /// Rows that are not drawn: how many there are, and after which gap.
    Gap(usize, usize),
    Row(T),
}

/// The rows that are drawn now, of so many: no fewer than before because the list got shorter.
fn drawn(wanted: &Range<usize>, count: usize) -> Range<usize> {
    let end = wanted.end.min(count);
    wanted.start.min(end.saturating_sub(wanted.len()))..end
}

/// The rows to draw when these are seen; `None` while those that are drawn will do.
fn wanted(seen: Range<usize>, now: &Range<usize>, count: usize) -> Option<Range<usize>> {
    let above = now.start == 0 || now.start + NEAR <= seen.start;
    let below = now.end >= count || seen.end + NEAR <= now.end;
    (!above || !below).then(|| seen.start.saturating_sub(BEYOND)..seen.end + BEYOND)
}

/// Where each piece stands and what it is, when these rows and the one that has the keyboard are drawn.
fn pieces<T: Clone>(rows: &[T], drawn: Range<usize>, held: Option<usize>) -> Vec<(usize, Piece<T>)> {
    // With its neighbours, for the next key.
    let above = held.filter(|row| *row < drawn.start);
    let above = above.map_or(0..0, |row| row.saturating_sub(1)..(row + 2).min(drawn.start));
    let below = held.filter(|row| (drawn.end..rows.len()).contains(row));
    let below = below.map_or(rows.len()..rows.len(), |row| (row - 1).max(drawn.end)..(row + 2).min(rows.len()));
    let (mut pieces, mut next) = (Vec::new(), 0);
    for (gap, range) in [above, drawn, below, rows.len()..rows.len()].into_iter().enumerate() {
        if range.start > next {
            pieces.push((next, Piece::Gap(range.start - next, gap)));
        }
        next = range.end;
        pieces.extend(range.filter_map(|at| Some((at, Piece::Row(rows.get(at)?.clone())))));
    }
    pieces
}

/// The list. ↑ and ↓ move between rows. `line` draws one; it is drawn anew when it is another.
pub fn long_list<T>(
    label: &'static str,
    rows: Memo<Vec<T>>,
    line: impl Fn(T, RowPlace) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Eq + Hash + Send + Sync + 'static,
{
    let list = NodeRef::<leptos::html::Div>::new();
    let window = RwSignal::new(FIRST);
    let held = RwSignal::new(None::<usize>);
    let count = Memo::new(move |_| rows.with(Vec::len));
    let made = Memo::new(move |_| rows.with(|rows| pieces(rows, drawn(&window.get(), rows.len()), held.get())));
    let look = move || {
        let seen = list.try_get_untracked().flatten().and_then(|list| seen(&list));
        let (Some(seen), Some(count)) = (seen, count.try_get_untracked()) else { return };
        if let Some(wanted) = wanted(seen, &drawn(&window.get_untracked(), count), count) {
            let row = held.get_untracked();
            window.set(wanted);
            if let Some(row) = row {
                spawn_local(keep_focus(list, held, row));
            }
        }
    };
    on_scroll(look);
    Effect::new(move || {
        list.track();
        count.track();
        spawn_local(async move {
            tick().await;
            look();
        });
    });
    let focused = move |event: leptos::ev::FocusEvent| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let place = element.and_then(|it| it.closest("[aria-posinset]").ok()??.get_attribute("aria-posinset"));
        held.set(place.and_then(|place| place.parse::<usize>().ok()?.checked_sub(1)));
    };
    let at = move |index: usize| made.with(|made| made.get(index).map_or(0, |(at, _)| at + 1));
    view! {
        <div node_ref=list class="list list--long" role="list" aria-label=label on:keydown=arrows on:focusin=focused
            on:focusout=move |_| _ = held.try_set(None) style=("--rows", move || count.get().to_string())>
            <ForEnumerate each=move || made.get().into_iter().map(|(_, piece)| piece) key=Clone::clone
                children=move |index, piece| match piece {
                    Piece::Gap(rows, _) => view! {
                        <div class="list__gap" role="presentation" style=("--rows", rows.to_string())></div>
                    }
                    .into_any(),
                    Piece::Row(row) => {
                        line(row, RowPlace { at: Signal::derive(move || at(index.get())), of: count.into() })
                    }
                }
            />
        </div>
    }
    .into_any()
}

/// A row that is moved in the page, though it stays in its place, loses the keyboard: gives it back.
async fn keep_focus(list: NodeRef<leptos::html::Div>, held: RwSignal<Option<usize>>, row: usize) {
    tick().await;
    let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    if !lost || held.try_set(Some(row)).is_some() {
        return;
    }
    tick().await;
    let place = format!("[aria-posinset=\"{}\"] .list__row", row + 1);
    let element = list.get_untracked().and_then(|list| list.query_selector(&place).ok()?);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element that does not take it leaves it where it is.
        let _focused = element.focus_with_options(&options);
    }
}

/// The rows that are seen, reckoned by the height of the gaps; `None` when there is none, or nothing is shown.
fn seen(list: &HtmlElement) -> Option<Range<usize>> {
    let gap: HtmlElement = list.query_selector(".list__gap").ok()??.dyn_into().ok()?;
    let rows: u32 = gap.style().get_property_value("--rows").ok()?.parse().ok()?;
    let row = f64::from(gap.offset_height()) / f64::from(rows);
    let height = window().inner_height().ok()?.as_f64()?;
    let above = -list.get_bounding_client_rect().top();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows on a screen")]
    let at = |pixels: f64| (pixels / row).max(0.0) as usize;
    (row > 0.0).then(|| at(above)..at(above + height) + 1)
}

/// Calls `look` when anything scrolls or the window changes, until the list goes.
fn on_scroll(look: impl Fn() + 'static) {
    let heard = Closure::<dyn FnMut()>::new(look);
    let (names, page) = (["scroll", "resize"], window());
    for name in names {
        // What cannot be listened for is not heard: the first rows are there.
        let _heard = page.add_event_listener_with_callback_and_bool(name, heard.as_ref().unchecked_ref(), true);
    }
    let heard = StoredValue::new_local(heard);
    on_cleanup(move || {
        heard.with_value(|heard| {
            for name in names {
                let page = window();
                let _gone =
                    page.remove_event_listener_with_callback_and_bool(name, heard.as_ref().unchecked_ref(), true);
            }
        });
        heard.dispose();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawn_part_moves_only_when_one_comes_near_its_end() {
        assert_eq!(wanted(0..20, &(0..32), 1000), None, "the top is the end");
        assert_eq!(wanted(9..29, &(0..32), 1000), Some(0..45));
        assert_eq!(wanted(9..29, &(0..45), 1000), None);
        assert_eq!(wanted(500..520, &(0..45), 1000), Some(484..536), "far away");
        assert_eq!(wanted(485..505, &(484..536), 1000), Some(469..521));
        assert_eq!(wanted(985..1005, &(969..1000), 1000), None, "so is the bottom");
        assert_eq!(drawn(&(984..1036), 1000), 948..1000);
        assert_eq!(drawn(&(484..536), 3), 0..3, "the list got shorter");
    }

    #[test]
    fn every_row_is_drawn_or_in_a_gap() {
        let rows: Vec<usize> = (0..100).collect();
        for (range, held) in [
            (0..32, None),
            (40..60, None),
            (40..60, Some(2)),
            (40..60, Some(90)),
            (40..60, Some(50)),
            (40..60, Some(38)),
        ] {
            let made = pieces(&rows, range.clone(), held);
            let mut next = 0;
            for (at, piece) in &made {
                assert_eq!(*at, next, "{range:?} {held:?}");
                next += match piece {
                    Piece::Gap(rows, _) => *rows,
                    Piece::Row(row) => {
                        assert_eq!(row, at);
                        1
                    }
                };
            }
            assert_eq!(next, 100);
            let has = |row| made.contains(&(row, Piece::Row(row)));
            let around = held.into_iter().flat_map(|row| row - 1..=row + 1);
            assert!(range.clone().chain(around).all(has), "{range:?} {held:?}");
        }
        assert!(pieces::<usize>(&[], 0..0, Some(3)).is_empty());
    }
}
