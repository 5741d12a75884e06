//! The rows of the table, for people and for programs.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use serde_json::{Value, json};

use crate::Failure;

/// One figure.
#[derive(Debug, Clone)]
struct Row {
    workload: String,
    system: String,
    metric: String,
    value: f64,
    unit: String,
    /// What else there is to say, such as why it failed.
    detail: Option<String>,
}

/// Every figure, in the order of measuring.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

/// One system under one workload.
pub struct Section<'r> {
    report: &'r mut Report,
    workload: String,
    system: String,
}

impl Report {
    /// Figures of one system under one workload.
    pub fn section(&mut self, workload: &str, system: impl Into<String>) -> Section<'_> {
        Section { report: self, workload: workload.to_owned(), system: system.into() }
    }

    /// Figures that another program has measured, in the form of [`Self::write`]; `named` says what a workload is called here.
    pub fn read(&mut self, file: &Path, named: impl Fn(&str) -> String) -> Result<(), Failure> {
        let rows: Vec<Value> = serde_json::from_slice(&std::fs::read(file)?)?;
        for row in rows {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            self.rows.push(Row {
                workload: named(&text("workload")),
                system: text("system"),
                metric: text("metric"),
                value: row["value"].as_f64().ok_or("a figure without a number")?,
                unit: text("unit"),
                detail: row["detail"].as_str().map(str::to_owned),
            });
        }
        Ok(())
    }

    /// For every figure that another system has too: how many times ours it is.
    pub fn compare(&mut self, ours: &str) {
        let alike = |row: &Row, other: &Row| row.workload == other.workload && row.metric == other.metric;
        let mut ratios = Vec::new();
        for row in self.rows.iter().filter(|row| row.system != ours) {
            let Some(base) = self.rows.iter().find(|base| base.system == ours && alike(base, row)) else { continue };
            if base.value > 0.0 {
                let system = format!("{} ÷ {ours}", row.system);
                ratios.push(Row { system, value: row.value / base.value, unit: "×".to_owned(), ..row.clone() });
            }
        }
        self.rows.extend(ratios);
    }

    /// Writes everything as JSON.
    pub fn write(&self, file: &Path) -> Result<(), Failure> {
        let row = |row: &Row| {
            let Row { workload, system, metric, value, unit, detail } = row;
            let mut told =
                json!({ "workload": workload, "system": system, "metric": metric, "value": value, "unit": unit });
            if let Some(detail) = detail {
                told["detail"] = detail.as_str().into();
            }
            told
        };
        let rows: Vec<Value> = self.rows.iter().map(row).collect();
        Ok(std::fs::write(file, serde_json::to_string_pretty(&rows)? + "\n")?)
    }
}

impl Section<'_> {
    /// With an agency of so many dossiers: the workload's name says it.
    pub fn of(&mut self, dossiers: usize) -> &mut Self {
        self.workload = format!("{} {dossiers}", self.workload);
        self
    }

    /// Adds a figure.
    pub fn add(&mut self, metric: &str, value: f64, unit: &str) -> &mut Self {
        self.report.rows.push(Row {
            workload: self.workload.clone(),
            system: self.system.clone(),
            metric: metric.to_owned(),
            value,
            unit: unit.to_owned(),
            detail: None,
        });
        self
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = |cell: fn(&Row) -> &str, title: &str| {
            let longest = self.rows.iter().map(|row| cell(row).chars().count()).max();
            longest.unwrap_or_default().max(title.len())
        };
        let workload = width(|row| &row.workload, "workload");
        let system = width(|row| &row.system, "system");
        let metric = width(|row| &row.metric, "metric");
        writeln!(f, "{:workload$}  {:system$}  {:metric$}  {:>11}  unit", "workload", "system", "metric", "value")?;
        write!(f, "{}", "─".repeat(workload + system + metric + 26))?;
        for row in &self.rows {
            let value = readable(row.value);
            write!(f, "\n{:workload$}  {:system$}  ", row.workload, row.system)?;
            write!(f, "{:metric$}  {value:>11}  {}", row.metric, row.unit)?;
            if let Some(detail) = &row.detail {
                write!(f, " ({detail})")?;
            }
        }
        Ok(())
    }
}

/// Three figures that mean something, or all of a whole number.
fn readable(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
