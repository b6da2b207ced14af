//! `Fn::Cidr` and `Fn::GetAZs`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Call;
use crate::cloudformation::stack::Evaluated;
use crate::planned::{Planned, PlannedKind, Text, Unknown};

/// More blocks are not made, as CloudFormation does not.
const MAX_BLOCKS: u32 = 256;

/// Blocks of addresses within a block:
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html>.
pub(super) fn cidr(call: &Call<'_>) -> Evaluated {
    let arguments = call.arguments("a block of addresses, a count and a number of bits", 2..=3)?;
    let mut texts = Vec::new();
    for argument in arguments {
        let text = call.stack.text(argument)?;
        if let Some(why) = text.first_unknown() {
            return call.known(PlannedKind::Unknown(why.clone()));
        }
        texts.push(text.as_known().unwrap_or_default().to_owned());
    }
    let text = |index: usize| texts.get(index).map(String::as_str);
    let blocks = text(0).zip(text(1)).and_then(|(block, count)| blocks(block, count, text(2)));
    match blocks {
        Some(blocks) => {
            let planned = |block: &String| Planned::text(call.place, block);
            call.known(PlannedKind::List(blocks.iter().map(planned).collect()))
        }
        None => call.wrong("these blocks do not fit into the block of addresses"),
    }
}

fn blocks(block: &str, count: &str, bits: Option<&str>) -> Option<Vec<String>> {
    let (address, prefix) = block.split_once('/')?;
    let prefix: u32 = prefix.parse().ok()?;
    let count: u32 = count.parse().ok().filter(|count| (1..=MAX_BLOCKS).contains(count))?;
    let (start, width): (u128, u32) = match address.parse().ok()? {
        IpAddr::V4(own) => (u128::from(u32::from(own)), 32),
        IpAddr::V6(own) => (u128::from(own), 128),
    };
    let default = if width == 32 { 8 } else { 64 };
    let bits: u32 = bits.map_or(Some(default), |bits| bits.parse().ok())?;
    let room = width.checked_sub(prefix)?;
    if bits > room || (room - bits < 32 && u64::from(count) > 1 << (room - bits)) {
        return None;
    }
    let mask = if room == 0 { u128::MAX } else { u128::MAX.checked_shl(room).unwrap_or(0) };
    let size = 1_u128.checked_shl(bits).unwrap_or(0);
    let one = |number: u32| {
        let address = (start & mask) + u128::from(number) * size;
        let address: IpAddr = match width {
            32 => Ipv4Addr::from(u32::try_from(address).unwrap_or(0)).into(),
            _ => Ipv6Addr::from(address).into(),
        };
        format!("{address}/{}", width - bits)
    };
    Some((0..count).map(one).collect())
}

/// The zones of a Region differ from account to account, but their names are the Region's with a letter.
pub(super) fn get_azs(call: &Call<'_>) -> Evaluated {
    let region = call.stack.text(call.argument)?;
    let region = match region.as_known() {
        Some("") => Text::known(call.stack.environment.whereabouts.region.as_ref()),
        _ => region,
    };
    let zone = |number: usize| {
        let reason = "the zones of the account are not known";
        let letter = Unknown::new(format!("zone.{number}"), "?", reason, call.place);
        let text = Text::joined([&region, &Text::unknown(letter)]);
        Planned::new(call.place, PlannedKind::Text(text))
    };
    call.known(PlannedKind::List((0..6).map(zone).collect()))
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_within_blocks() {
        let texts = |block, count, bits| blocks(block, count, bits).unwrap_or_default().join(" ");
        assert_eq!(
            texts("192.168.0.0/24", "6", Some("5")),
            "192.168.0.0/27 192.168.0.32/27 192.168.0.64/27 192.168.0.96/27 192.168.0.128/27 192.168.0.160/27"
        );
        assert_eq!(texts("10.0.0.0/16", "2", None), "10.0.0.0/24 10.0.1.0/24");
        assert_eq!(texts("2001:db8::/56", "2", None), "2001:db8::/64 2001:db8:0:1::/64");
        assert_eq!(texts("10.0.0.0/24", "2", Some("8")), "");
        assert_eq!(texts("0.0.0.0/0", "1", Some("32")), "0.0.0.0/0");
        assert_eq!(texts("x", "1", None), "");
    }
}
