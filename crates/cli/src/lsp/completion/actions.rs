//! Actions: the prefix of a service, and behind its colon the service's actions.

use gen_lsp_types::CompletionItemKind;
use ringfence_policy::catalogue::{Action, Catalogue};

use super::{Offer, Places, Topic};

/// The actions that what is typed so far can become.
pub(super) fn offers(typed: &str) -> Vec<Offer> {
    let Some((prefix, _)) = typed.split_once(':') else { return prefixes() };
    let Some(service) = Catalogue::embedded().service(prefix) else { return Vec::new() };
    let all = Offer {
        name: format!("{}:*", service.prefix()),
        places: Places::None,
        kind: CompletionItemKind::Constant,
        detail: format!("every action of {}", service.name()),
        rank: 1,
        topic: Some(Topic::Action),
    };
    service.actions().map(offer).chain([all]).collect()
}

fn prefixes() -> Vec<Offer> {
    Catalogue::embedded()
        .services()
        .map(|service| Offer {
            name: format!("{}:", service.prefix()),
            places: Places::None,
            kind: CompletionItemKind::Module,
            detail: service.name().to_owned(),
            rank: 0,
            topic: Some(Topic::Service),
        })
        .collect()
}

fn offer(action: Action<'_>) -> Offer {
    Offer {
        name: action.to_string(),
        places: Places::None,
        kind: CompletionItemKind::Function,
        detail: action.primary_access_level().map_or("", |level| level.as_str()).to_owned(),
        rank: 0,
        topic: Some(Topic::Action),
    }
}
