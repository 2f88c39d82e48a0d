//! `/-/check`: tests before a call whether a call would work, and says what to do where it would not.
//! Few people come here, and everyone loads it: views are erased early, for the sake of the page's size.

use call::check::{CheckView, Problem, Row, Stage, Status, Summary, Test};
use leptos::html;
use leptos::prelude::*;

use crate::browser::{VideoSource, focus, page, show_stream};
use crate::components::icon::{Icon, Shape, spinner};
use crate::components::level_meter::LevelBar;
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
    let press = move || match handle.view.with_untracked(|view| view.stage) {
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
            <div role="status">{live(handle, outcome)}</div>
            <button
                class="button wide"
                class:primary=move || handle.view.with(|view| view.stage != Stage::Running)
                type="button"
                on:click=move |_| press()
            >
                {live(handle, |view| check::button(view.stage).into_any())}
            </button>
            {picture(handle)}
            <ul class="tests" aria-label=check::TESTS>
                {live(handle, move |view| {
                    let rows = view.rows.iter().map(|row| test(handle, row));
                    rows.collect::<Vec<_>>().into_any()
                })}
            </ul>
            {live(handle, move |view| match view.stage {
                Stage::Ready | Stage::Running => ().into_any(),
                Stage::Done => results(handle),
            })}
            <footer>
                <a href="/">{check::BACK_TO_START}</a>
            </footer>
        </main>
    }
}

/// A part that is drawn anew with each step of the check.
fn live(
    handle: CheckHandle,
    draw: impl Fn(&CheckView) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let draw: Box<dyn Fn(&CheckView) -> AnyView + Send + Sync> = Box::new(draw);
    (move || handle.view.with(|view| draw(view))).into_any()
}

fn button(words: &'static str, press: impl Fn() + Send + 'static) -> AnyView {
    let press: Box<dyn Fn() + Send> = Box::new(press);
    view! {
        <button class="button compact" type="button" on:click=move |_| press()>
            {words}
        </button>
    }
    .into_any()
}

/// How far it is, and then what it comes to.
fn outcome(view: &CheckView) -> AnyView {
    let running = view
        .rows
        .iter()
        .position(|row| row.status == Status::Running);
    let class = match view.summary() {
        Some(Summary::AllWell) => "outcome well",
        Some(Summary::Untested(_)) | None => "outcome",
        Some(Summary::Attention(_)) => "outcome bad",
    };
    let progress = |at: usize| check::progress(at + 1, view.rows.len(), &view.rows[at].test);
    let said = check::summary(view).or_else(|| running.map(progress));
    said.map(|said| view! { <p class=class>{said}</p> })
        .into_any()
}

/// What the camera shows, for as long as it is open.
fn picture(handle: CheckHandle) -> AnyView {
    let video = NodeRef::<html::Video>::new();
    let shape = show_stream(
        video,
        Box::new(move || handle.stream(VideoSource::OwnCamera)),
    );
    Effect::new(move || {
        let shape = shape.get();
        if shape.has_frames {
            handle.seen(shape.width as u32, shape.height as u32);
        }
    });
    let hidden = move || !shape.get().has_frames;
    view! { <video class="test-picture" node_ref=video aria-label=check::PICTURE hidden=hidden></video> }
        .into_any()
}

fn test(handle: CheckHandle, row: &Row) -> AnyView {
    let state = check::state(&row.status);
    view! {
        <li class="test" data-state=state>
            <span class="test-mark" aria-hidden="true">
                {mark(&row.status)}
            </span>
            <div class="test-words">
                <p class="test-name">
                    <bdi>{check::name(&row.test)}</bdi>
                    " "
                    <span class="test-state">{state}</span>
                </p>
                <p class="small-text">{sentence(row)}</p>
                {ways(handle, row)}
            </div>
        </li>
    }
    .into_any()
}

/// The state as a picture; the word stands beside it.
fn mark(status: &Status) -> AnyView {
    let shape = match status {
        Status::Waiting => return ().into_any(),
        Status::Running => return spinner(),
        Status::Passed(_) => Shape::Check,
        Status::Failed(_) => Shape::Close,
        Status::Skipped(_) => Shape::Next,
    };
    view! { <Icon of=shape small=true /> }.into_any()
}

/// What the person sees and can do meanwhile, or afterwards.
fn ways(handle: CheckHandle, row: &Row) -> AnyView {
    let (above, ways) = match (&row.status, &row.test) {
        (Status::Running, Test::Microphone) => {
            (view! { <LevelBar level=handle.level /> }.into_any(), vec![])
        }
        (Status::Running, Test::Speaker) => (
            view! { <p>{check::HEARD}</p> }.into_any(),
            vec![
                button(check::YES, move || handle.heard(true)),
                button(check::NO, move || handle.heard(false)),
                button(check::PLAY_AGAIN, move || handle.play()),
            ],
        ),
        (Status::Running, _) => (().into_any(), vec![]),
        (Status::Failed(Problem::OutOfDate), _) => {
            return button(preview::RELOAD, page::reload);
        }
        (Status::Waiting | Status::Passed(_) | Status::Failed(_) | Status::Skipped(_), _) => {
            return ().into_any();
        }
    };
    let skip = button(check::SKIP, move || handle.skip());
    let group = NodeRef::<html::Div>::new();
    let label = match row.test {
        // The one question stands at the end of the page: the focus brings it into sight. It goes to all answers
        // together, since a key pressed just then must give none; and nobody is typing, since no field is there yet.
        Test::Speaker => {
            Effect::new(move || focus(group));
            check::HEARD.to_owned()
        }
        Test::Camera
        | Test::Microphone
        | Test::Server
        | Test::IceServers
        | Test::Ice(_)
        | Test::Call => check::name(&row.test),
    };
    view! {
        {above}
        <div class="test-ways" role="group" aria-label=label node_ref=group tabindex="-1">
            {ways}
            {skip}
        </div>
    }
    .into_any()
}

/// The results as text, for whoever hosts.
fn results(handle: CheckHandle) -> AnyView {
    let with_addresses = RwSignal::new(false);
    let text = move || {
        handle
            .view
            .with_untracked(|view| report(view, with_addresses.get()))
    };
    let last = RwSignal::new(None::<ReadSignal<CopyState>>);
    let copied = move || match last.get().map(|state| state.get()) {
        None | Some(CopyState::Idle) => ().into_any(),
        Some(CopyState::Copied) => view! { <p>{check::COPIED}</p> }.into_any(),
        Some(CopyState::Failed) => view! {
            <p>{check::COPY_FAILED}</p>
            <textarea class="input copy-by-hand" readonly aria-label=check::RESULTS>
                {text()}
            </textarea>
        }
        .into_any(),
    };
    view! {
        <section class="check-results" aria-label=check::RESULTS>
            <div class="check">
                <input
                    id="with-addresses"
                    type="checkbox"
                    aria-describedby="with-addresses-hint"
                    on:change=move |event| with_addresses.set(event_target_checked(&event))
                />
                <label for="with-addresses">{check::WITH_ADDRESSES}</label>
                <p class="hint" id="with-addresses-hint">
                    {check::WITH_ADDRESSES_HINT}
                </p>
            </div>
            {button(check::COPY, move || last.set(Some(handle.copy(untrack(text)))))}
            <div class="small-text" aria-live="polite">
                {copied}
            </div>
        </section>
    }
    .into_any()
}
