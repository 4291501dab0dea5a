//! HTTP as the tenant sees it: a [`Call`] comes in, a [`Reply`] goes out.
//!
//! Everything lenient about the platform lives here: parameters in the query, in JSON or in a form, whatever the label
//! says; paths with doubled slashes in any case. Everything peculiar about its answers too: the message travels in the
//! reason phrase, in `icStatusDescription` and in the body.

mod address;
mod basic;
mod call;
mod params;
mod reply;
mod service;

pub(crate) use address::public_url;
pub(crate) use basic::{BasicCredentials, same_raw_or_encoded};
pub(crate) use call::{Call, bearer};
pub(crate) use params::{BadBody, Params};
pub(crate) use reply::Reply;
pub(crate) use service::{Site, serve};
