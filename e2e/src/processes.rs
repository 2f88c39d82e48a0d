//! What processes take of the machine's processors, as Linux counts it (proc(5)).

use std::{collections::HashMap, fs, time::Duration};

/// Of the kernel's clock ticks, so many make a second on every Linux there is (`USER_HZ`).
const TICKS_PER_SECOND: u64 = 100;

/// What a process and all that descend from it have taken so far.
pub fn cpu_time(root: u32) -> Duration {
    let all = all();
    let mut taken = 0;
    let mut open = vec![root];
    while let Some(process) = open.pop() {
        taken += all.get(&process).map_or(0, |one| one.ticks);
        let children = all.iter().filter(|(_, one)| one.parent == process);
        open.extend(children.map(|(id, _)| *id));
    }
    Duration::from_millis(taken * 1_000 / TICKS_PER_SECOND)
}

struct Process {
    parent: u32,
    ticks: u64,
}

fn all() -> HashMap<u32, Process> {
    let entries = fs::read_dir("/proc").expect("this is Linux");
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    // Those that have ended meanwhile are no more.
    numbers
        .filter_map(|id| {
            Some((
                id,
                read(&fs::read_to_string(format!("/proc/{id}/stat")).ok()?)?,
            ))
        })
        .collect()
}

/// `1234 (a name) S 1 …`, with user and system time as 14th and 15th field.
fn read(stat: &str) -> Option<Process> {
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    Some(Process {
        parent: fields.get(1)?.parse().ok()?,
        ticks: number(11)? + number(12)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{cpu_time, read};

    #[test]
    fn names_may_have_blanks_and_parentheses() {
        let stat = "7 (a (b) c) S 3 7 7 0 -1 4194560 1 2 3 4 250 50 9 9 20 0 1 0 5";
        let process = read(stat).expect("it is one");
        assert_eq!((process.parent, process.ticks), (3, 300));
    }

    #[test]
    fn a_process_that_works_takes_time() {
        let own = std::process::id();
        let before = cpu_time(own);
        let mut number = 0_u64;
        while cpu_time(own) == before {
            number = std::hint::black_box(number + 1);
        }
    }
}
