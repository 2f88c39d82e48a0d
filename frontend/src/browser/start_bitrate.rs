//! How fast a browser may send before it knows the path. Chromium begins with 300 kbit/s, drops every
//! 720p picture until it has found out that there is more, and so shows the first one a tenth of a
//! second late. It can be told by a parameter of the peer's video codec; other browsers pass that over.

/// In kbit/s. To five peers at once it is still within what [`call`] lets cameras use of the uplink.
const START: u32 = 600;

/// The peer's description, with the rate to begin with. VP8 is what browsers use when left alone.
pub fn with_start_bitrate(sdp: &str) -> String {
    let mut lines = String::with_capacity(sdp.len() + 128);
    for line in sdp.split_inclusive('\n') {
        lines.push_str(line);
        if let Some(payload_type) = vp8(line) {
            lines.push_str("a=fmtp:");
            lines.push_str(payload_type);
            lines.push_str(&format!(" x-google-start-bitrate={START}\r\n"));
        }
    }
    lines
}

/// The payload type that a line maps to VP8 (RFC 8866 §6.6).
fn vp8(line: &str) -> Option<&str> {
    let (payload_type, codec) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
    codec.starts_with("VP8/").then_some(payload_type)
}

#[cfg(test)]
mod tests {
    use super::with_start_bitrate;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn each_video_of_the_description_gets_it_and_nothing_else_changes() {
        let video = "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n";
        let audio = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n";
        let with = with_start_bitrate(&format!("{audio}{video}{video}"));
        let parameter = "a=fmtp:96 x-google-start-bitrate=600\r\n";
        assert_eq!(with.matches(parameter).count(), 2);
        assert_eq!(
            with.replace(parameter, ""),
            format!("{audio}{video}{video}")
        );
    }
}
