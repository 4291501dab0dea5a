//! broken_tenant
