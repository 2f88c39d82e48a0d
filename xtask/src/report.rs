//! What the checks came to: times, counts of tests, names of those that failed. Which checks there are is left to
//! `checks`.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::seconds;

/// Tests counted in the output of test runners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed.
    pub failed: u32,
    /// Tests marked `#[ignore]`.
    pub skipped: u32,
    /// Names of those that failed.
    pub failures: Vec<String>,
}

impl Tally {
    /// Takes in one line that libtest or wasm-bindgen's runner printed, or one of Node.js's in TAP.
    pub fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            for count in counts.split(';') {
                // "ok. 3 passed", " 0 failed", " 1 ignored", …
                let mut words = count.split_whitespace().rev();
                match (
                    words.next(),
                    words.next().and_then(|number| number.parse::<u32>().ok()),
                ) {
                    (Some("passed"), Some(number)) => self.passed += number,
                    (Some("failed"), Some(number)) => self.failed += number,
                    (Some("ignored"), Some(number)) => self.skipped += number,
                    (Some(_) | None, Some(_) | None) => {}
                }
            }
        } else if let Some(test) = line.strip_prefix("test ")
            && let Some((name, verdict)) = test.split_once(" ... ")
            && verdict.trim_start().starts_with("FAIL")
        {
            self.failures.push(name.to_owned());
        } else if let Some(total) = line.strip_prefix("# ") {
            match total
                .split_once(' ')
                .map(|(word, number)| (word, number.parse::<u32>()))
            {
                Some(("pass", Ok(number))) => self.passed += number,
                Some(("fail", Ok(number))) => self.failed += number,
                Some(("skipped", Ok(number))) => self.skipped += number,
                Some((_, Ok(_) | Err(_))) | None => {}
            }
        } else if let Some((_, name)) = line
            .strip_prefix("not ok ")
            .and_then(|test| test.split_once(" - "))
        {
            self.failures.push(name.to_owned());
        }
    }
}

/// How a check ended.
pub enum Verdict {
    /// It found nothing wrong; with the tests that it ran.
    Passed(Tally),
    /// It found something wrong, said in one sentence; with the tests that it ran.
    Failed(Tally, String),
    /// It could not be run here, and why.
    Skipped(String),
}

/// The ends of all checks so far.
#[derive(Default)]
pub struct Report {
    entries: Vec<(String, Duration, Verdict)>,
}

impl Report {
    /// Runs a check, saying so; an error counts as a failure.
    pub fn check(&mut self, name: &str, work: impl FnOnce() -> Result<Verdict>) {
        println!("\n==> {name}");
        let start = Instant::now();
        let verdict =
            work().unwrap_or_else(|error| Verdict::Failed(Tally::default(), format!("{error:#}")));
        let time = start.elapsed();
        match &verdict {
            Verdict::Passed(_) => println!("    {name}: ok after {}", seconds(time)),
            Verdict::Failed(_, why) => {
                println!("    {name}: FAILED after {}: {why}", seconds(time))
            }
            Verdict::Skipped(why) => println!("    {name}: skipped: {why}"),
        }
        self.entries.push((name.to_owned(), time, verdict));
    }

    /// Prints every check with its time and, as the last line, the totals. True when nothing failed.
    pub fn finish(self) -> bool {
        println!("\n==> Summary");
        let mut total = Tally::default();
        for (name, time, verdict) in &self.entries {
            let (word, tally, why) = match verdict {
                Verdict::Passed(tally) => ("ok", tally.clone(), None),
                Verdict::Failed(tally, why) => ("FAILED", tally.clone(), Some(why)),
                Verdict::Skipped(why) => ("skipped", Tally::default(), Some(why)),
            };
            let counts = if tally.passed + tally.failed > 0 {
                totals(&tally)
            } else {
                String::new()
            };
            let line = format!("    {word:<8}{name:<28}{:>9}   {counts}", seconds(*time));
            println!("{}", line.trim_end());
            if let Some(why) = why {
                println!("              {why}");
            }
            for test in &tally.failures {
                println!("              failed: {test}");
            }
            total.passed += tally.passed;
            total.skipped += tally.skipped;
            // A check that broke off, or that runs no tests, fails as one.
            total.failed += match verdict {
                Verdict::Failed(tally, _) => tally.failed.max(1),
                Verdict::Passed(_) | Verdict::Skipped(_) => tally.failed,
            };
        }
        println!("\n{}", totals(&total));
        total.failed == 0
    }
}

fn totals(tally: &Tally) -> String {
    let Tally {
        passed,
        failed,
        skipped,
        failures: _,
    } = tally;
    match skipped {
        0 => format!("{passed} passed, {failed} failed"),
        skipped => format!("{passed} passed, {failed} failed, {skipped} skipped"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Report, Tally, Verdict, totals};

    fn tally(output: &str) -> Tally {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.read(line));
        tally
    }

    #[test]
    fn the_results_of_several_test_programs_add_up() {
        let tally = tally(
            "running 2 tests\ntest a ... ok\ntest b::c ... FAILED\n\n\
             test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             test result: ok. 40 passed; 0 failed; 2 ignored; 0 measured; 7 filtered out; finished in 1.23s\n",
        );
        assert_eq!(totals(&tally), "41 passed, 1 failed, 2 skipped");
        assert_eq!(tally.failures, ["b::c"]);
    }

    #[test]
    fn tap_is_read_too() {
        let tally = tally(
            "TAP version 13\n# Subtest: a\nok 1 - a\n  ---\n  ...\nnot ok 2 - b - c\n1..2\n# tests 2\n\
             # pass 1\n# fail 1\n# skipped 0\n# duration_ms 7.5\n",
        );
        assert_eq!(totals(&tally), "1 passed, 1 failed");
        assert_eq!(tally.failures, ["b - c"]);
    }

    #[test]
    fn talk_about_tests_is_not_a_result() {
        assert_eq!(
            tally("the test result: 3 passed\ntest of strength\n"),
            Tally::default()
        );
    }

    #[test]
    fn a_check_that_fails_without_a_test_still_fails_the_run() {
        let mut report = Report::default();
        report.check("formatting", || anyhow::bail!("not formatted"));
        assert!(!report.finish());
    }

    #[test]
    fn what_was_skipped_or_passed_does_not_fail_the_run() {
        let mut report = Report::default();
        report.check("licences", || {
            Ok(Verdict::Skipped("no cargo-deny".to_owned()))
        });
        report.check("unit", || {
            Ok(Verdict::Passed(tally(
                "test result: ok. 1 passed; 0 failed",
            )))
        });
        assert!(report.finish());
    }
}
