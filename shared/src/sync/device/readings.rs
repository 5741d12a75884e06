//! What the person has read, on its way to the access log: reported in order, kept until the relay has it.

use super::{DeviceEffect, DeviceEngine};
use crate::protocol::{ClientMessage, MAX_READINGS, Reading, encode};

/// The readings that are not in the access log yet, oldest first, each under the key it is stored with.
#[derive(Debug)]
pub(super) struct Readings {
    waiting: Vec<(String, Reading)>,
    /// The report under way and how many of the first it holds.
    reported: Option<(u64, usize)>,
    last_report: u64,
}

impl Readings {
    pub fn new(waiting: Vec<(String, Reading)>) -> Self {
        Self { waiting, reported: None, last_report: 0 }
    }

    pub fn extend(&mut self, readings: Vec<(String, Reading)>) {
        for reading in readings {
            if !self.waiting.iter().any(|(key, _)| *key == reading.0) {
                self.waiting.push(reading);
            }
        }
    }

    /// The line was cut: what was not answered is reported again.
    pub fn unsend(&mut self) {
        self.reported = None;
    }
}

impl DeviceEngine {
    /// Reports what waits, one report at a time.
    pub(super) fn report(&mut self) -> Vec<DeviceEffect> {
        let live = self.is_live();
        let Readings { waiting, reported, last_report } = &mut self.readings;
        if !live || reported.is_some() || waiting.is_empty() {
            return Vec::new();
        }
        *last_report += 1;
        let readings: Vec<Reading> = waiting.iter().take(MAX_READINGS).map(|(_, reading)| reading.clone()).collect();
        *reported = Some((*last_report, readings.len()));
        vec![DeviceEffect::Send(encode(&ClientMessage::Readings { id: *last_report, readings }))]
    }

    pub(super) fn noted(&mut self, id: u64) -> Vec<DeviceEffect> {
        let Some((_, count)) = self.readings.reported.take_if(|(report, _)| *report == id) else { return Vec::new() };
        let done = self.readings.waiting.drain(..count).map(|(key, _)| key).collect();
        let mut effects = vec![DeviceEffect::Noted(done)];
        effects.extend(self.report());
        effects
    }
}
