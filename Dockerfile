# syntax=docker/dockerfile:1
# One file in an otherwise empty image: the server with its page, linked statically, run by nobody in particular.
#
#   docker build -t moim .
#   docker run --rm -p 3000:3000 moim

FROM rust:1.95-slim-bookworm AS build
# npm brings wasm-opt, without which the page is larger.
RUN apt-get update && apt-get install -y --no-install-recommends npm
WORKDIR /moim
COPY . .
RUN target="$(uname -m)-unknown-linux-musl" \
    && rustup target add "$target" \
    && cargo xtask build -- --target "$target" \
    && cp "target/$target/release/moim" /moim.static

FROM scratch
COPY --from=build /moim.static /moim
USER 65534:65534
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/moim"]
