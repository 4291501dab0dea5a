//! Weighs an answer against what was promised: pure, total, no I/O.
