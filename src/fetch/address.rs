//! Which addresses are public, and names that must have such a one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Whether an address is one of the public Internet: not loopback, private, local to a link or a
/// site, or set aside by IANA for something else. An IPv6 address that stands for an IPv4 address
/// is what that one is.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Shared by the customers of a carrier (RFC 6598), IETF protocols (RFC 6890), benchmarks (RFC 2544).
        || (a == 100 && b & 0xc0 == 64)
        || (a, b, c) == (192, 0, 0)
        // Relays of 6to4, which are no more (RFC 7526).
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && b & 0xfe == 18))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // Mapped (RFC 4291), and translated (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => v4(high, low),
        // Protocols of the IETF, Teredo among them (RFC 2928), and documentation (RFC 3849, RFC 9637).
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // All that is global is in 2000::/3; the rest is loopback, local, multicast or not assigned.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Whether the host of a URL may be public, by what is written there: an address that is public, or
/// a name that is not plainly local. What a name leads to is for [`PublicOnly`] to see.
#[must_use]
pub fn may_be_public(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse() {
        Ok(address) => is_public(address),
        Err(_) => {
            let name = host.trim_end_matches('.').to_ascii_lowercase();
            let local = ["localhost", "local", "internal"];
            name.rsplit_once('.')
                .is_some_and(|(_, top)| !local.contains(&top))
        }
    }
}

/// A resolver of names that knows public addresses only.
pub struct PublicOnly;

/// A name led to an address that is not public.
#[derive(Debug)]
pub struct NotPublic {
    name: String,
    address: IpAddr,
}

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} has the address {}", self.name, self.address)
    }
}

impl std::error::Error for NotPublic {}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let task = tokio::task::spawn_blocking(move || resolve_public(&name));
            let addresses = task.await??;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The addresses of a name, if all are public: one that is not betrays what the name is for.
fn resolve_public(
    name: &str,
) -> Result<Vec<std::net::SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
    let addresses: Vec<_> = (name, 0).to_socket_addrs()?.collect();
    match addresses.iter().find(|address| !is_public(address.ip())) {
        None => Ok(addresses),
        Some(address) => Err(Box::new(NotPublic {
            name: name.to_owned(),
            address: address.ip(),
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_internet_are_public() {
        let public = [
            "1.1.1.1",
            "192.0.43.8",
            "172.32.0.1",
            "100.128.0.1",
            "192.88.98.1",
            "2606:4700::1111",
            "2001:200::1",
            "3ffe::1",
            "3fff:1000::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ];
        let local = [
            "127.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.51.100.1",
            "198.18.0.1",
            "203.0.113.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "::127.0.0.1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "64:ff9b::a00:1",
            "64:ff9b:1::101:101",
            "100::1",
            "100:0:0:1::1",
            "2002:7f00:1::1",
            "2001:db8::1",
            "2001::1",
            "2001:1ff:ffff::1",
            "3fff::1",
            "3fff:fff:ffff::1",
            "5f00::1",
        ];
        for address in public {
            assert!(is_public(address.parse().expect("an address")), "{address}");
        }
        for address in local {
            assert!(
                !is_public(address.parse().expect("an address")),
                "{address}"
            );
        }
    }

    #[test]
    fn a_url_shows_what_is_plainly_local() {
        let public = |url: &str| may_be_public(&Url::parse(url).expect("a URL"));
        for url in [
            "https://example.org/",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(public(url), "{url}");
        }
        for url in [
            "https://localhost/",
            "https://LOCALHOST./",
            "https://a.localhost/",
            "https://intranet/",
            "https://printer.local/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://[::ffff:10.0.0.1]/",
        ] {
            assert!(!public(url), "{url}");
        }
    }

    #[test]
    fn a_name_of_a_local_address_does_not_resolve() {
        let error = resolve_public("localhost").expect_err("an error");
        assert!(error.is::<NotPublic>(), "{error}");
        assert!(error.to_string().starts_with("localhost has the address "));
    }
}
