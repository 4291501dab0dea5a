use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The URL, without a slash at its end, at which a listener on `bound` is reached from this machine.
pub(crate) fn public_url(scheme: &str, bound: SocketAddr) -> String {
    let host = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    format!("{scheme}://{}", SocketAddr::new(host, bound.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_means_all_interfaces_is_reached_through_loopback() {
        assert_eq!(public_url("http", "0.0.0.0:80".parse().unwrap()), "http://127.0.0.1:80");
        assert_eq!(public_url("https", "[::]:443".parse().unwrap()), "https://[::1]:443");
    }
}
