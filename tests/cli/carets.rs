//! carets
