# syntax=docker/dockerfile:1
# One file in an otherwise empty image: the server with its page, linked statically, run by nobody in particular.
#
#   docker build -t moim .
#   docker run --rm -p 3000:3000 -p 3478:3478 -p 3478:3478/udp -p 49152-49351:49152-49351/udp moim \
#       --turn-address 203.0.113.5 --turn-relay-ports 49152-49351

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
EXPOSE 3000 3478/tcp 3478/udp
STOPSIGNAL SIGTERM
ENTRYPOINT ["/moim"]
