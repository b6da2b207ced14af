//! `[serve]`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ringfence_policy::Partition;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where the service listens and what it stands for.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Serve {
    /// Address and port; port 0 takes a free one.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// The Region that requests are signed for.
    pub region: String,
    /// The partition of ARNs: `aws`, `aws-cn` or `aws-us-gov`.
    #[serde(serialize_with = "write_partition", deserialize_with = "read_partition")]
    #[schemars(with = "String")]
    pub partition: Partition,
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787),
            region: "us-east-1".to_owned(),
            partition: Partition::Aws,
        }
    }
}

fn write_partition<S: Serializer>(partition: &Partition, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(partition.as_str())
}

fn read_partition<'de, D: Deserializer<'de>>(from: D) -> Result<Partition, D::Error> {
    let text = String::deserialize(from)?;
    Partition::new(&text).ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is no partition: use aws, aws-cn or aws-us-gov"))
    })
}
