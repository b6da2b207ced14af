//! A claim as clauses: they can be satisfied if some request contradicts the claim.

use ringfence_policy::{
    Effect, Pattern as Written, Polarity, PolicyDocument, Statement, Variables, Wildcards,
};

use super::atom::Atom;
use super::caller::{Clue, field};
use super::elements::{Conjunction, Elements, Meaning};
use super::pattern::{Case, Pattern};
use super::sat::{Clause, Literal};
use super::untrusted;
use crate::certificate::{Claim, Element, Fact, Reference};
use crate::questions::{Access, ZoneOfTrust};

/// A claim that was read: its elements, and the clauses that contradict it.
#[derive(Debug)]
pub(crate) struct Posed {
    pub(crate) elements: Elements,
    pub(crate) clauses: Vec<Clause>,
}

/// The statements of one document.
#[derive(Default)]
struct Read {
    allow: Vec<Conjunction>,
    deny: Vec<Conjunction>,
}

impl Posed {
    pub(crate) fn new(claim: &Claim) -> Self {
        let documents: Vec<&PolicyDocument> =
            claim.documents().into_iter().map(|(_, d)| d).collect();
        let statements = documents.iter().flat_map(|document| &document.statements);
        let mut own = Self { elements: Elements::new(statements), clauses: Vec::new() };
        match claim {
            Claim::NoNewAccess { .. } => own.no_new_access(&documents),
            Claim::AccessNotGranted { accesses, .. } => {
                own.allowed_by_each(&own_layer(&documents), &documents);
                own.accesses(accesses);
            }
            Claim::NoPublicAccess { .. } => {
                untrusted::note(&mut own.elements, &documents);
                own.allowed_by_each(&own_layer(&documents), &documents);
                own.untrusted(&documents);
            }
            Claim::NoAccessFromOutside { zone, .. } => {
                own.allowed_by_each(&own_layer(&documents), &documents);
                own.outside(zone);
            }
            Claim::NothingAllowed { layers, matching, outside, untrusted } => {
                let count: usize = layers.iter().map(Vec::len).sum();
                let policies = documents.get(..count).unwrap_or(&[]);
                if *untrusted {
                    untrusted::note(&mut own.elements, policies);
                }
                own.allowed_by_each(&layers.iter().map(Vec::len).collect::<Vec<_>>(), policies);
                for (number, statement) in matching.statements.iter().enumerate() {
                    let conjunction = own.elements.statement(count, number, statement);
                    own.meet(&[conjunction]);
                }
                outside.iter().for_each(|zone| own.outside(zone));
                if *untrusted {
                    own.untrusted(policies);
                }
            }
        }
        if own.elements.mentions_kms_account {
            own.kms_account();
        }
        own
    }

    /// Callers of an account show `kms:CallerAccount` in calls to KMS and in no others:
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account>.
    fn kms_account(&mut self) {
        let of_kms = Written::new("kms:*", Wildcards::Yes, Variables::No);
        let has = |field| Atom::Caller([Clue::Has(field)].into());
        let facts = [
            (Fact::CallsKms, Atom::Action([Pattern::string(&of_kms, Case::Folded)].into())),
            (Fact::IsOfAccount, has(field::ACCOUNT)),
            (Fact::ShowsKmsAccount, has(field::KMS_CALLER_ACCOUNT)),
        ];
        let [calls, is_of_account, shows] = facts.map(|(fact, atom)| {
            let meaning = self.elements.literal(atom, true);
            vec![self.elements.name(Reference::Fact(fact), meaning)]
        });
        let literal = |own: &Conjunction, sign| {
            let own = literals(own).and_then(|all| all.first().copied());
            own.map(|literal| if sign { literal } else { literal.negated() })
        };
        let only_kms = [literal(&shows, false), literal(&calls, true)];
        let all_kms =
            [literal(&calls, false), literal(&is_of_account, false), literal(&shows, true)];
        self.clauses.push(only_kms.into_iter().flatten().collect());
        self.clauses.push(all_kms.into_iter().flatten().collect());
    }

    /// The new policy allows it; the existing one does not, or denies it.
    fn no_new_access(&mut self, documents: &[&PolicyDocument]) {
        let mut read: Vec<Read> = self.read(documents);
        let (Some(new), Some(existing)) = (read.pop(), read.pop()) else { return };
        self.meet(&new.allow);
        new.deny.iter().for_each(|denied| self.avoid(denied, None));
        let denied = Literal::new(self.elements.variable(), true);
        self.one_of(&existing.deny, Some(denied));
        existing.allow.iter().for_each(|allowed| self.avoid(allowed, Some(denied)));
    }

    /// Every layer allows it, and no document denies it. `layers` are numbers of documents.
    fn allowed_by_each(&mut self, layers: &[usize], documents: &[&PolicyDocument]) {
        let mut read = self.read(documents).into_iter();
        for length in layers {
            let layer: Vec<Read> = read.by_ref().take(*length).collect();
            let allow: Vec<Conjunction> = layer.iter().flat_map(|own| own.allow.clone()).collect();
            self.meet(&allow);
            layer.iter().flat_map(|own| &own.deny).for_each(|denied| self.avoid(denied, None));
        }
    }

    fn read(&mut self, documents: &[&PolicyDocument]) -> Vec<Read> {
        let mut all = Vec::with_capacity(documents.len());
        for (number, document) in documents.iter().enumerate() {
            let mut own = Read::default();
            for (index, statement) in document.statements.iter().enumerate() {
                let conjunction = self.elements.statement(number, index, statement);
                let Statement { effect, .. } = statement;
                match effect.value {
                    Effect::Allow => own.allow.push(conjunction),
                    Effect::Deny => own.deny.push(conjunction),
                }
            }
            all.push(own);
        }
        all
    }

    fn untrusted(&mut self, documents: &[&PolicyDocument]) {
        let conjunction = untrusted::untrusted(&mut self.elements, documents);
        self.meet(&[conjunction]);
    }

    /// The caller is not trusted. AWS services that act for themselves count as trusted:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html>.
    fn outside(&mut self, zone: &ZoneOfTrust) {
        let exactly = |text: &str| Pattern::text(text, Case::Exact);
        let accounts = zone.accounts.iter().map(|id| Clue::Shows(field::ACCOUNT, exactly(id)));
        let users =
            zone.canonical_users.iter().map(|id| Clue::Shows(field::CANONICAL, exactly(id)));
        // Whoever shows the organization's id belongs to it.
        let shown =
            zone.organization.iter().map(|id| Clue::Shows(field::ORGANIZATION, exactly(id)));
        let trusted =
            accounts.chain(users).chain(shown).chain([Clue::Has(field::SERVICE)]).collect();
        let outside = self.elements.literal(Atom::Caller(trusted), false);
        let outside = self.elements.name(Reference::Fact(Fact::Outside), outside);
        self.meet(&[vec![outside]]);
    }

    /// It is among the access that is listed.
    fn accesses(&mut self, accesses: &[Access]) {
        let written = |text: &String| Written::new(text, Wildcards::Yes, Variables::No);
        let mut boxes = Vec::with_capacity(accesses.len());
        for (access, own) in accesses.iter().enumerate() {
            let actions: Vec<Written> = own.actions.iter().map(written).collect();
            let resources: Vec<Written> = own.resources.iter().map(written).collect();
            let patterns = actions.iter().map(|p| Pattern::string(p, Case::Folded)).collect();
            let action = (Element::Action, Atom::Action(patterns), &actions);
            let patterns = resources.iter().map(Pattern::resource).collect();
            let resource = (Element::Resource, Atom::Resource(patterns), &resources);
            let mut conjunction = Conjunction::new();
            for (element, atom, written) in [action, resource] {
                // An empty list stands for all.
                let any = written.is_empty() || written.iter().any(Written::is_any);
                let meaning = self.elements.listed(atom, any, Polarity::Plain);
                let reference = Reference::Access { access, element };
                conjunction.push(self.elements.name(reference, meaning));
            }
            boxes.push(conjunction);
        }
        self.meet(&boxes);
    }

    /// One of the conjunctions is met.
    fn meet(&mut self, conjunctions: &[Conjunction]) {
        self.one_of(conjunctions, None);
    }

    /// One of the conjunctions is met, if `condition` is true or there is none.
    fn one_of(&mut self, conjunctions: &[Conjunction], condition: Option<Literal>) {
        let mut one: Clause = condition.map(Literal::negated).into_iter().collect();
        for conjunction in conjunctions {
            let Some(literals) = literals(conjunction) else { continue };
            match literals.as_slice() {
                [] => return,
                [only] => one.push(*only),
                several => {
                    let met = Literal::new(self.elements.variable(), true);
                    one.push(met);
                    self.clauses
                        .extend(several.iter().map(|literal| vec![met.negated(), *literal]));
                }
            }
        }
        self.clauses.push(one);
    }

    /// The conjunction is not met, unless `exception` is true.
    fn avoid(&mut self, conjunction: &Conjunction, exception: Option<Literal>) {
        let Some(literals) = literals(conjunction) else { return };
        let clause = literals.into_iter().map(Literal::negated).chain(exception);
        self.clauses.push(clause.collect());
    }
}

/// One layer of all documents.
fn own_layer(documents: &[&PolicyDocument]) -> Vec<usize> {
    vec![documents.len()]
}

/// The literals of a conjunction; nothing when it is never met.
fn literals(conjunction: &Conjunction) -> Option<Vec<Literal>> {
    let mut literals = Vec::with_capacity(conjunction.len());
    for meaning in conjunction {
        match meaning {
            Meaning::Literal(literal) => literals.push(*literal),
            Meaning::Always => {}
            Meaning::Never => return None,
        }
    }
    Some(literals)
}
