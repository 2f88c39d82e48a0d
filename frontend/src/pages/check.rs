//! `/-/check`: tests before a call whether a call would work, and says what to do where it would not.

use call::check::{Row, Stage, Status, Summary, Test};
use leptos::html;
use leptos::prelude::*;

use crate::browser::{focus, page, show_stream};
use crate::components::icon::{Icon, Shape, spinner};
use crate::components::level_meter::LevelBar;
use crate::components::show::{Each, Show};
use crate::components::title::set_title;
use crate::session::{CheckHandle, CopyState, open_check};
use crate::words::check_results::{report, sentence};
use crate::words::{self, check, preview};

/// The page.
#[component]
pub fn Check() -> impl IntoView {
    let handle = open_check();
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || focus(heading));
    set_title(|| words::title(Some(check::TITLE)));
    let stage = Memo::new(move |_| handle.view.with(|view| view.stage));
    let done = move || stage.get() == Stage::Done;
    let press = move |_| match stage.get_untracked() {
        Stage::Ready | Stage::Done => handle.start(),
        Stage::Running => handle.stop(),
    };
    view! {
        <main class="checkup">
            <header class="checkup-header">
                <a class="home" href="/" title=words::MOIM>
                    {words::MOIM}
                </a>
                <h1 node_ref=heading tabindex="-1">
                    {check::TITLE}
                </h1>
                <p class="quiet">{check::INTRO}</p>
            </header>
            <Outcome handle />
            <button
                class="button wide"
                class:primary=move || stage.get() != Stage::Running
                type="button"
                on:click=press
            >
                {move || check::button(stage.get())}
            </button>
            <Tests handle />
            <Show when=done>
                <Results handle />
            </Show>
            <footer>
                <a href="/">{check::BACK_TO_START}</a>
            </footer>
        </main>
    }
}

/// How far it is, and then what it comes to.
#[component]
fn Outcome(handle: CheckHandle) -> impl IntoView {
    let summary = Memo::new(move |_| handle.view.with(|view| view.summary()));
    let progress = Memo::new(move |_| {
        handle.view.with(|view| {
            let at = (view.rows.iter()).position(|row| row.status == Status::Running)?;
            let test = &view.rows[at].test;
            Some(check::progress(at + 1, view.rows.len(), test))
        })
    });
    let said = move || match summary.get() {
        Some(summary) => Some(check::summary(summary)),
        None => progress.get(),
    };
    view! {
        <div
            class="outcome"
            class:well=move || summary.get() == Some(Summary::AllWell)
            class:bad=move || matches!(summary.get(), Some(Summary::Attention(_)))
            role="status"
        >
            {move || said().map(|said| view! { <p>{said}</p> }.into_any())}
        </div>
    }
}

#[component]
fn Tests(handle: CheckHandle) -> impl IntoView {
    let tests = Memo::new(move |_| {
        let test = |row: &Row| row.test.clone();
        handle
            .view
            .with(|view| view.rows.iter().map(test).collect::<Vec<_>>())
    });
    view! {
        <ul class="tests" aria-label=check::TESTS>
            <Each of=move || tests.get() key=check::name let:test>
                <TestRow handle test />
            </Each>
        </ul>
    }
}

#[component]
fn TestRow(handle: CheckHandle, test: Test) -> impl IntoView {
    let row = {
        let test = test.clone();
        Memo::new(move |_| {
            let of = |row: &&Row| row.test == test;
            let found = handle.view.with(|view| view.rows.iter().find(of).cloned());
            // A list that is about to lose this row may ask for it once more.
            found.unwrap_or_else(|| Row {
                test: test.clone(),
                status: Status::Waiting,
            })
        })
    };
    let runs = Memo::new(move |_| row.with(|row| row.status == Status::Running));
    let is_camera = test == Test::Camera;
    view! {
        <li class="test" data-state=move || row.with(|row| check::state(&row.status))>
            <Mark row />
            <div class="test-words">
                <p class="test-name">
                    <bdi>{check::name(&test)}</bdi>
                    " "
                    <span class="test-state">{move || row.with(|row| check::state(&row.status))}</span>
                </p>
                <p class="small-text">{move || row.with(sentence)}</p>
                {is_camera.then(|| view! { <Picture handle /> })}
                <Show when=move || runs.get()>
                    <Meanwhile handle test=test.clone() />
                </Show>
                <Show when=move || row.with(out_of_date)>
                    <button class="button compact" type="button" on:click=|_| page::reload()>
                        {preview::RELOAD}
                    </button>
                </Show>
            </div>
        </li>
    }
}

fn out_of_date(row: &Row) -> bool {
    row.status == Status::Failed(call::check::Problem::OutOfDate)
}

/// The state as a picture; the word stands beside it.
#[component]
fn Mark(row: Memo<Row>) -> impl IntoView {
    let shape = move || {
        row.with(|row| match row.status {
            Status::Passed(_) => Some(Shape::Check),
            Status::Failed(_) => Some(Shape::Close),
            Status::Skipped(_) => Some(Shape::Next),
            Status::Waiting | Status::Running => None,
        })
    };
    let runs = move || row.with(|row| row.status == Status::Running);
    view! {
        <span class="test-mark" aria-hidden="true">
            {move || match shape() {
                Some(shape) => view! { <Icon of=shape small=true /> }.into_any(),
                None if runs() => spinner(),
                None => ().into_any(),
            }}
        </span>
    }
}

/// What the camera shows, for as long as it is open.
#[component]
fn Picture(handle: CheckHandle) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    let shape = show_stream(video, move || handle.camera());
    Effect::new(move || {
        let shape = shape.get();
        if shape.has_frames {
            handle.seen(shape.width as u32, shape.height as u32);
        }
    });
    let hidden = move || !shape.get().has_frames;
    view! { <video class="test-picture" node_ref=video aria-label=check::PICTURE hidden=hidden></video> }
}

/// What the person sees and can do while a test runs.
#[component]
fn Meanwhile(handle: CheckHandle, test: Test) -> impl IntoView {
    let skip = move || {
        view! {
            <button class="button compact" type="button" on:click=move |_| handle.skip()>
                {check::SKIP}
            </button>
        }
    };
    match test {
        Test::Microphone => view! {
            <LevelBar level=handle.level />
            <div class="test-ways">{skip()}</div>
        }
        .into_any(),
        Test::Speaker => view! {
            <p>{check::HEARD}</p>
            <div class="test-ways" role="group" aria-label=check::HEARD>
                <button
                    class="button compact"
                    type="button"
                    on:click=move |_| handle.heard(true)
                >
                    {check::YES}
                </button>
                <button
                    class="button compact"
                    type="button"
                    on:click=move |_| handle.heard(false)
                >
                    {check::NO}
                </button>
                <button class="button compact" type="button" on:click=move |_| handle.play()>
                    {check::PLAY_AGAIN}
                </button>
                {skip()}
            </div>
        }
        .into_any(),
        Test::Camera | Test::Server | Test::IceServers | Test::Ice(_) | Test::Call => {
            view! { <div class="test-ways">{skip()}</div> }.into_any()
        }
    }
}

/// The results as text, for whoever hosts.
#[component]
fn Results(handle: CheckHandle) -> impl IntoView {
    let with_addresses = RwSignal::new(false);
    let text = move || handle.view.with(|view| report(view, with_addresses.get()));
    let last = RwSignal::new(None::<ReadSignal<CopyState>>);
    let state = move || last.get().map_or(CopyState::Idle, |state| state.get());
    view! {
        <section class="check-results" aria-label=check::RESULTS>
            <div class="check">
                <input
                    id="with-addresses"
                    type="checkbox"
                    aria-describedby="with-addresses-hint"
                    prop:checked=move || with_addresses.get()
                    on:change=move |event| with_addresses.set(event_target_checked(&event))
                />
                <label for="with-addresses">{check::WITH_ADDRESSES}</label>
                <p class="hint" id="with-addresses-hint">
                    {check::WITH_ADDRESSES_HINT}
                </p>
            </div>
            <button
                class="button wide"
                type="button"
                on:click=move |_| last.set(Some(handle.copy(untrack(text))))
            >
                <Icon of=Shape::Link small=true />
                {check::COPY}
            </button>
            <div class="small-text" aria-live="polite">
                {move || match state() {
                    CopyState::Idle => ().into_any(),
                    CopyState::Copied => view! { <p>{check::COPIED}</p> }.into_any(),
                    CopyState::Failed => view! { <p>{check::COPY_FAILED}</p> }.into_any(),
                }}
            </div>
            <Show when=move || state() == CopyState::Failed>
                <textarea
                    class="input"
                    readonly
                    rows="12"
                    aria-label=check::RESULTS
                    prop:value=text
                ></textarea>
            </Show>
        </section>
    }
}
