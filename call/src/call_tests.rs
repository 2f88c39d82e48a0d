//! Stories about call.
