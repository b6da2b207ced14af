//! Statements that change nothing, because of what other statements of the policy say.
//!
//! Some statements can be left out at the same time as all others that are reported: of two that cover each other only
//! one is.

use ringfence_policy::{
    Effect, Located, Polarity, PolicyDocument, Principal, PrincipalElement, Statement,
};
use ringfence_reasoning::{Combination, Emptiness, Limit, check_combinations};

use ringfence_policy::location::ByteSpan;

use super::sample;
use crate::policy_kind::PolicyKind;

/// What was found out about a statement, or was not.
#[derive(Debug)]
pub(crate) struct JudgedStatement {
    /// The statement.
    pub(crate) place: ByteSpan,
    /// What was asked.
    pub(crate) how: Coverage,
    /// What covers it, or the limit that was hit.
    pub(crate) verdict: Result<Covered, Limit>,
}

/// A statement that changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Covered {
    /// Its position.
    pub(crate) statement: usize,
    /// The positions of the statements that cover it, as few as will do.
    pub(crate) by: Vec<usize>,
}

/// Why a statement changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// What it allows is denied.
    AllowByDeny,
    /// What it allows is allowed by others.
    AllowByAllow,
    /// What it denies is denied by others.
    DenyByDeny,
    /// What it denies is not allowed by the role trust policy, without which nobody assumes the role.
    DenyWithoutAllow,
}

/// The statements of a policy that change nothing, in the order of the text.
pub(super) fn judge(policy: &PolicyDocument, kind: PolicyKind) -> Vec<JudgedStatement> {
    let statements: Vec<&Statement> = policy.statements.iter().collect();
    if statements.len() < 2 {
        return Vec::new();
    }
    let mut search = Search { statements, kind, judged: Vec::new() };
    let (allows, denies) = (search.of(Effect::Allow), search.of(Effect::Deny));
    search.against(&allows, &denies, Coverage::AllowByDeny);
    search.among(&allows, Coverage::AllowByAllow);
    search.among(&denies, Coverage::DenyByDeny);
    if kind == PolicyKind::RoleTrust {
        search.without_allow(&denies, &allows);
    }
    let mut judged = search.judged;
    judged.sort_by_key(|own| own.place);
    judged
}

struct Search<'p> {
    statements: Vec<&'p Statement>,
    kind: PolicyKind,
    judged: Vec<JudgedStatement>,
}

impl<'p> Search<'p> {
    fn get(&self, index: usize) -> Option<&'p Statement> {
        self.statements.get(index).copied()
    }

    /// The statements with this effect.
    fn of(&self, effect: Effect) -> Vec<usize> {
        let statements = self.statements.iter().enumerate();
        statements.filter(|(_, own)| own.effect.value == effect).map(|(index, _)| index).collect()
    }

    /// Judges each of `statements` against all of `others`.
    fn against(&mut self, statements: &[usize], others: &[usize], how: Coverage) {
        for statement in statements {
            self.judge(*statement, others, how);
        }
    }

    /// Judges statements of one effect against each other, from the last: what is covered by others that stay goes.
    fn among(&mut self, statements: &[usize], how: Coverage) {
        let mut left = statements.to_vec();
        for statement in statements.iter().rev() {
            let others: Vec<usize> =
                left.iter().copied().filter(|other| other != statement).collect();
            if self.is_reported(*statement) || self.judge(*statement, &others, how) {
                left = others;
            }
        }
    }

    fn is_reported(&self, statement: usize) -> bool {
        self.judged
            .iter()
            .any(|own| own.verdict.as_ref().is_ok_and(|covered| covered.statement == statement))
    }

    fn without_allow(&mut self, denies: &[usize], allows: &[usize]) {
        for deny in
            denies.iter().copied().filter(|deny| !self.is_reported(*deny)).collect::<Vec<_>>()
        {
            let meets =
                |allow: &usize| Combination { matching: vec![deny, *allow], avoiding: Vec::new() };
            let combinations: Vec<Combination> = allows.iter().map(meets).collect();
            let verdict = all_hold(&check_combinations(&self.statements, &combinations));
            self.note(deny, verdict, Coverage::DenyWithoutAllow, Vec::new);
        }
    }

    /// Whether the others cover the statement; notes it if so, or when it is not decided.
    fn judge(&mut self, statement: usize, others: &[usize], how: Coverage) -> bool {
        let Some(own) = self.get(statement) else { return false };
        let pool: Vec<&Statement> = others.iter().filter_map(|other| self.get(*other)).collect();
        if pool.is_empty() || sample::shows_more(own, &pool) {
            return false;
        }
        let verdict = self.are_covering(own, others, how);
        let covered = verdict == Ok(true);
        let by = if covered { self.fewest(own, others, how) } else { Vec::new() };
        self.note(statement, verdict, how, || by)
    }

    fn note(
        &mut self,
        statement: usize,
        verdict: Result<bool, Limit>,
        how: Coverage,
        by: impl FnOnce() -> Vec<usize>,
    ) -> bool {
        let Some(own) = self.get(statement) else { return false };
        let verdict = match verdict {
            Ok(false) => return false,
            // A statement that nothing matches is reported as one.
            Ok(true) if can_match(own) == Ok(false) => return false,
            Ok(true) => Ok(Covered { statement, by: by() }),
            Err(limit) => Err(limit),
        };
        let noted = verdict.is_ok();
        self.judged.push(JudgedStatement { place: own.span, how, verdict });
        noted
    }

    /// A short list of those of `others` that cover the statement as well.
    fn fewest(&self, statement: &Statement, others: &[usize], how: Coverage) -> Vec<usize> {
        let is_enough = |some: &[usize]| self.are_covering(statement, some, how) == Ok(true);
        if let Some(one) = others.iter().find(|other| is_enough(&[**other])) {
            return vec![*one];
        }
        let mut needed = others.to_vec();
        for other in others {
            let without: Vec<usize> = needed.iter().copied().filter(|own| own != other).collect();
            if is_enough(&without) {
                needed = without;
            }
        }
        needed
    }

    /// Whether every request that the statement matches is one that some of the others match.
    fn are_covering(
        &self,
        statement: &Statement,
        others: &[usize],
        how: Coverage,
    ) -> Result<bool, Limit> {
        let others: Vec<&Statement> = others.iter().filter_map(|other| self.get(*other)).collect();
        let by_principal = how == Coverage::AllowByAllow && self.kind.is_resource_based();
        let Some(element) = statement.principal.as_ref().filter(|_| by_principal) else {
            return is_covered(statement, &others);
        };
        for part in parts(element) {
            let same: Vec<&Statement> =
                others.iter().copied().filter(|other| grants_likewise(other, &part)).collect();
            let own = Statement { principal: Some(part), ..statement.clone() };
            match is_covered(&own, &same) {
                Ok(true) => {}
                other => return other,
            }
        }
        Ok(true)
    }
}

/// What an Allow with this element grants, principal by principal: how a resource policy names somebody decides
/// whether an identity policy has to allow as well, and whether a permissions boundary counts. An account covers its
/// roles in a Deny, but not in an Allow.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html>
fn parts(element: &PrincipalElement) -> Vec<PrincipalElement> {
    let alone = |named: &Located<Principal>| PrincipalElement {
        principals: vec![named.clone()],
        ..element.clone()
    };
    match element.polarity {
        Polarity::Plain => element.principals.iter().map(alone).collect(),
        Polarity::Not => vec![element.clone()],
    }
}

fn grants_likewise(statement: &Statement, part: &PrincipalElement) -> bool {
    let Some(element) = &statement.principal else { return false };
    let names = |one: &PrincipalElement, named: &Located<Principal>| {
        one.principals.iter().any(|other| other.value == named.value)
    };
    element.polarity == part.polarity
        && part.principals.iter().all(|named| names(element, named))
        && (part.polarity == Polarity::Plain
            || element.principals.iter().all(|named| names(part, named)))
}

/// Whether every request that the statement matches is one that some of the others match.
fn is_covered(statement: &Statement, others: &[&Statement]) -> Result<bool, Limit> {
    if others.is_empty() || sample::shows_more(statement, others) {
        return Ok(false);
    }
    // The rest takes nothing of the statement.
    let others = others.iter().filter(|other| sample::may_meet(statement, other));
    let statements: Vec<&Statement> = std::iter::once(statement).chain(others.copied()).collect();
    let combination = Combination { matching: vec![0], avoiding: (1..statements.len()).collect() };
    all_hold(&check_combinations(&statements, &[combination]))
}

fn can_match(statement: &Statement) -> Result<bool, Limit> {
    let combination = Combination { matching: vec![0], avoiding: Vec::new() };
    all_hold(&check_combinations(&[statement], &[combination])).map(|never| !never)
}

fn all_hold(answers: &[Emptiness]) -> Result<bool, Limit> {
    let mut undecided = None;
    for answer in answers {
        match answer {
            Emptiness::Empty => {}
            Emptiness::NotProven => return Ok(false),
            Emptiness::Unknown(limit) => undecided = Some(*limit),
        }
    }
    match undecided {
        Some(limit) => Err(limit),
        None => Ok(true),
    }
}
