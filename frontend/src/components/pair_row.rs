//! One row of the connections: two people, in a word how well they are connected, and below it every figure there is.

use leptos::prelude::*;

use super::connection::{class, shape};
use super::icon::{Icon, Shape};
use super::pair::{Pair, Parties};
use super::seen::seen;
use super::show::Show;
use crate::words::connections as words;
use crate::words::figures;

/// The row. One's own stands open; of others one sees the figures by a click.
#[component]
pub fn PairRow(parties: Parties) -> impl IntoView {
    let pair = seen(move |view| Pair::of(view, parties));
    let is_own = matches!(parties, Parties::YouAnd(_));
    let picture = Signal::derive(move || {
        pair.with(|pair| pair.quality)
            .map_or(Shape::SignalSought, shape)
    });
    let is_measured = move || pair.with(Pair::is_measured);
    let summary = move || pair.with(|pair| words::summary(pair.quality, pair.route));
    let round_trip = move || pair.with(|pair| pair.round_trip.map(figures::duration));
    let no_figures = move || pair.with(|pair| words::no_figures(pair.quality, &pair.names));
    view! {
        <li class=move || format!("pair {}", pair.with(|pair| class(pair.quality)))>
            <details open=is_own>
                <summary>
                    <Icon of=picture small=true />
                    <span class="pair-names">
                        <bdi>{move || name(pair, 0)}</bdi>
                        {words::AND}
                        <bdi>{move || name(pair, 1)}</bdi>
                    </span>
                    <span class="pair-summary">
                        " " {summary}
                        {move || {
                            round_trip()
                                .map(|time| view! { ", " <span class="figure">{time}</span> }.into_any())
                        }}
                    </span>
                </summary>
                <Remarks pair />
                <Show when=is_measured>
                    <Figures pair />
                </Show>
                <Show when=move || !is_measured()>
                    <p dir="auto">{no_figures}</p>
                </Show>
            </details>
        </li>
    }
}

/// What there is to be said in sentences.
#[component]
fn Remarks(pair: Memo<Pair>) -> impl IntoView {
    let missing = move || pair.with(|pair| words::missing(pair.missing));
    let missing_there = move || pair.with(|pair| words::missing_there(pair.missing_there));
    let way = move || {
        pair.with(|pair| {
            pair.route
                .map(|route| words::route_why(route, pair.is_own()))
        })
    };
    view! {
        <Show when=move || missing().is_some()>
            <p class="pair-missing" title=words::MISSING_WHY>
                {missing}
            </p>
        </Show>
        <Show when=move || missing_there().is_some()>
            <p class="pair-missing" title=words::MISSING_WHY>
                <bdi>{move || name(pair, 1)}</bdi>
                " "
                {missing_there}
            </p>
        </Show>
        <Show when=move || pair.with(Pair::is_stale)>
            <p>{words::STALE}</p>
        </Show>
        <Show when=move || way().is_some()>
            <p>{way}</p>
        </Show>
    }
}

#[component]
fn Figures(pair: Memo<Pair>) -> impl IntoView {
    let from = move |side: usize| pair.with(|pair| words::from(pair.names[side].as_deref()));
    let round_trip = move || pair.with(|pair| figure(pair.round_trip.map(figures::duration)));
    view! {
        <table class="figures" class:stale=move || pair.with(Pair::is_stale)>
            <thead>
                <tr>
                    <td></td>
                    <th scope="col" dir="auto" title=move || from(0)>{move || from(0)}</th>
                    <th scope="col" dir="auto" title=move || from(1)>{move || from(1)}</th>
                </tr>
            </thead>
            <tbody>
                {both_ways(pair, words::SOUND, words::sound)}
                {both_ways(pair, words::PICTURE, words::picture)}
                {both_ways(pair, words::BITRATE, |flow| flow.bitrate.map(figures::bitrate))}
                {both_ways(pair, words::LOSS, |flow| flow.lost_per_mille.map(figures::share))}
                <tr>
                    <th scope="row">{words::ROUND_TRIP}</th>
                    <td colspan="2">{round_trip}</td>
                </tr>
            </tbody>
        </table>
    }
}

/// One measure in both directions.
fn both_ways(
    pair: Memo<Pair>,
    label: &'static str,
    read: fn(&call::view::FlowView) -> Option<String>,
) -> AnyView {
    let cell = move |side: usize| pair.with(|pair| figure(read(&pair.flows[side])));
    view! {
        <tr>
            <th scope="row">{label}</th>
            <td>{move || cell(0)}</td>
            <td>{move || cell(1)}</td>
        </tr>
    }
    .into_any()
}

/// A dash for the eye, and a word for the ear, stand for what is not known.
fn figure(text: Option<String>) -> AnyView {
    match text {
        Some(text) => text.into_any(),
        None => view! {
            <span aria-hidden="true">"–"</span>
            <span class="heard">{words::UNKNOWN}</span>
        }
        .into_any(),
    }
}

fn name(pair: Memo<Pair>, side: usize) -> String {
    pair.with(|pair| {
        pair.names[side]
            .clone()
            .unwrap_or_else(|| words::YOU.to_owned())
    })
}
