//! Stories about peer.
