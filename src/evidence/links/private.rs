//! Addresses that lead into somebody's own network. A text from elsewhere must not make this machine ask them.

// `core`: these are plain values; nothing here opens a socket.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

/// Whether an address is not of the public internet: loopback, private, link-local, shared, reserved, multicast or for
/// documentation; for IPv6 also one that carries such an IPv4 address inside.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b)) // shared by a provider's customers, RFC 6598
        || (a == 192 && b == 0 && c == 0) // protocol assignments, RFC 6890
        || (a == 198 && (b == 18 || b == 19)) // measurements, RFC 2544
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_multicast()
        || ip.is_unique_local()
        || ip.is_unicast_link_local()
        || (segments[0] & 0xffc0) == 0xfec0 // site-local, RFC 3879
        || (segments[0] == 0x2001 && segments[1] == 0x0db8)
        || embedded_v4(ip).is_some_and(is_private_v4)
}

/// The IPv4 address inside an IPv6 one: mapped, compatible, NAT64 or 6to4.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

/// Names that never lead outside (RFC 6761, RFC 6762, and the one that ICANN keeps for private use).
const PRIVATE_ENDINGS: [&str; 3] = ["localhost", "local", "internal"];

/// Whether a host, written as in an address, is a private name or a private address in any of the forms that browsers
/// take (`127.1`, `0x7f000001`, `[::1]`).
pub fn is_private_host(host: &str) -> bool {
    let bare = host.trim_end_matches('.');
    match Host::parse(bare) {
        Ok(Host::Ipv4(ip)) => is_private_v4(ip),
        Ok(Host::Ipv6(ip)) => is_private_v6(ip),
        Ok(Host::Domain(name)) => name.rsplit('.').next().is_some_and(|last| PRIVATE_ENDINGS.contains(&last)),
        Err(_) => bare.parse().is_ok_and(is_private_v6),
    }
}
