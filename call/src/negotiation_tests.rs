//! Stories about negotiation.
