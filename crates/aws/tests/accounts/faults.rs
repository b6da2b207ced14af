//! What goes wrong between us and a service, and how each reads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ringfence_aws::Cause;
use ringfence_aws::live::{AccountRole, Accounts, Managed, Settings, WriteFailure, Written};
use ringfence_response::slot::{Slot, Target};

use crate::moto::Moto;
use crate::proxy::{Fate, Proxy};
use crate::reach::{accounts, block_on, open, settings};
use crate::slots::planted;

/// What the proxy does with the calls of an operation.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    /// An error, as often as this.
    Code(&'static str, u16, &'static str, usize),
    /// The answer breaks off.
    Reset(&'static str),
}

struct Broken {
    proxy: Proxy,
    fault: Arc<Mutex<Fault>>,
    count: Arc<AtomicUsize>,
}

impl Broken {
    fn start(port: u16) -> Self {
        let (fault, count) = (Arc::new(Mutex::new(Fault::None)), Arc::new(AtomicUsize::new(0)));
        let (told, counted) = (Arc::clone(&fault), Arc::clone(&count));
        let proxy = Proxy::start(port, move |request| {
            let operation = match &request.operation {
                Some(operation) => operation.clone(),
                None => format!("{} {}", request.method, request.target),
            };
            let fault = *told.lock().unwrap();
            match fault {
                Fault::Code(code, status, of, times)
                    if operation.starts_with(of)
                        && counted.fetch_add(1, Ordering::SeqCst) < times =>
                {
                    let told = format!(
                        "User: arn:aws:iam::123456789012:user/a is not authorized to perform: iam:{of} on resource: x"
                    );
                    let told = if code == "AccessDenied" { told.as_str() } else { "told" };
                    let is_json = of.contains(' ') || of == "ListGrants";
                    let body = match is_json {
                        true => format!("{{\"__type\":\"{code}\",\"message\":\"{told}\"}}"),
                        false => format!(
                            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
                             <Message>{told}</Message></Error></ErrorResponse>"
                        ),
                    };
                    Fate::Instead(
                        status,
                        if of.contains(' ') { "application/json" } else { "text/xml" },
                        body,
                    )
                }
                Fault::Reset(of) if operation.starts_with(of) => {
                    match counted.fetch_add(1, Ordering::SeqCst) {
                        0 | 1 => Fate::Reset,
                        _ => Fate::Answer,
                    }
                }
                _ => Fate::Answer,
            }
        });
        Self { proxy, fault, count }
    }

    fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
        self.count.store(0, Ordering::SeqCst);
    }
}

async fn write(
    accounts: &Accounts,
    target: &Target,
    slot: &Slot,
    after: Option<&str>,
) -> Result<Written, WriteFailure> {
    let before = accounts.read_slot(target, slot).await.unwrap();
    accounts.write(target, slot, before.as_deref(), after).await
}

#[test]
#[ignore = "needs the Python environment"]
fn every_fault_reads_as_what_it_is() {
    let moto = Moto::start();
    let cases = planted(&moto);
    let broken = Broken::start(moto.port);
    let of = |slot: &Slot| cases.iter().find(|case| case.slot == *slot).unwrap();
    let role = of(&Slot::RoleTrustPolicy);
    let after = role.after.as_deref();
    block_on(async {
        let accounts = accounts(&broken.proxy.url()).await;
        let original = accounts.read_slot(&role.target, &role.slot).await.unwrap();
        let call = "UpdateAssumeRolePolicy";

        broken.set(Fault::Code("LimitExceeded", 409, call, 9));
        let ended = write(&accounts, &role.target, &role.slot, after).await;
        assert!(matches!(ended, Err(WriteFailure::TooLarge { .. })), "{ended:?}");

        broken.set(Fault::Code("MalformedPolicyDocument", 400, call, 9));
        let ended = write(&accounts, &role.target, &role.slot, after).await;
        assert!(matches!(ended, Err(WriteFailure::Malformed { .. })), "{ended:?}");

        broken.set(Fault::Code("AccessDenied", 403, call, 9));
        let ended = write(&accounts, &role.target, &role.slot, after).await;
        let Err(WriteFailure::Refused { action, .. }) = ended else { panic!("{ended:?}") };
        assert_eq!(action, "iam:UpdateAssumeRolePolicy");

        broken.set(Fault::Code("ExpiredToken", 403, call, 9));
        let ended = write(&accounts, &role.target, &role.slot, after).await;
        let Err(WriteFailure::Failed(failure)) = ended else { panic!("{ended:?}") };
        assert_eq!(failure.cause, Cause::CredentialsExpired);

        broken.set(Fault::Code("Throttling", 400, call, 9));
        let ended = write(&accounts, &role.target, &role.slot, after).await;
        let Err(WriteFailure::Failed(failure)) = ended else { panic!("{ended:?}") };
        assert_eq!(
            (failure.cause, failure.action.as_str()),
            (Cause::Throttled, "iam:UpdateAssumeRolePolicy")
        );
        assert_eq!(broken.count.load(Ordering::SeqCst), 2, "it was tried again");
        // Nothing of all that changed anything.
        assert_eq!(accounts.read_slot(&role.target, &role.slot).await.unwrap(), original);

        // Throttled once, and then not.
        broken.set(Fault::Code("Throttling", 400, call, 1));
        write(&accounts, &role.target, &role.slot, after).await.unwrap();
        let now = accounts.read_slot(&role.target, &role.slot).await.unwrap();

        // The service did it and the answer was lost, twice: whether it is done is not known; doing it again is safe.
        broken.set(Fault::Reset(call));
        let original = original.as_deref();
        let ended = accounts.write(&role.target, &role.slot, now.as_deref(), original).await;
        assert!(matches!(ended, Err(WriteFailure::Failed(_))), "{ended:?}");
        accounts.write(&role.target, &role.slot, now.as_deref(), original).await.unwrap();
        assert_eq!(
            accounts.read_slot(&role.target, &role.slot).await.unwrap().as_deref(),
            original
        );

        // A slot that cannot be read is left out, with its reason; the others are read.
        broken.set(Fault::Code("AccessDenied", 403, "ListGrants", 9));
        let key = of(&Slot::KeyPolicy);
        let read = accounts.read_each(&key.target).await.unwrap();
        assert!(read.slots.contains_key(&Slot::KeyPolicy));
        assert_eq!(read.unread.len(), 1);
        assert_eq!(read.unread[0].failure.cause, Cause::Denied);

        // Lambda refuses a revision, and what it holds is what it was: it is asked without, and refuses again.
        let function = of(&Slot::FunctionPolicy);
        let call = "DELETE /2015-03-31/functions/pay/policy";
        broken.set(Fault::Code("PreconditionFailedException", 412, call, 9));
        let after = function.after.as_deref();
        let ended = write(&accounts, &function.target, &function.slot, after).await;
        assert!(matches!(ended, Err(WriteFailure::Changed { now: Some(_) })), "{ended:?}");
        assert_eq!(broken.count.load(Ordering::SeqCst), 2);
        broken.set(Fault::None);

        let gone = Target { arn: format!("{}x", role.target.arn), ..role.target.clone() };
        assert_eq!(accounts.read(&gone).await.unwrap_err().cause, Cause::NotFound);
        let wrong = accounts.write(&role.target, &Slot::BucketPolicy, None, None).await;
        assert!(matches!(wrong, Err(WriteFailure::Failed(_))), "{wrong:?}");
    });
}

#[test]
#[ignore = "needs the Python environment"]
fn reading_and_changing_are_two_roles() {
    let moto = Moto::start();
    let cases = planted(&moto);
    let role = cases.iter().find(|case| case.slot == Slot::RoleTrustPolicy).unwrap();
    let assumed = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&assumed);
    let proxy = Proxy::start(moto.port, move |request| {
        let text = String::from_utf8_lossy(request.text()).into_owned();
        if request.operation.as_deref() == Some("AssumeRole") {
            noted.lock().unwrap().push(text.split_once("\r\n\r\n").unwrap().1.to_owned());
            if text.contains("444444444444") {
                let body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
                return Fate::Instead(403, "text/xml", body.to_owned());
            }
        }
        Fate::Answer
    });
    let of = |name: &str, id: &str| AccountRole {
        name: name.to_owned(),
        external_id: Some(id.to_owned()),
    };
    let settings = Settings {
        reading: of("Reader", "r-1"),
        remediation: of("path/Writer", "w-1"),
        managed: Managed::Only(["123456789012".to_owned(), "444444444444".to_owned()].into()),
        ..settings(&proxy.url())
    };
    block_on(async {
        let accounts = open(settings).await;
        assert_eq!((accounts.own_account(), accounts.partition()), ("123456789012", "aws"));
        let before = accounts.read(&role.target).await.unwrap()[&role.slot].clone();
        accounts.read(&role.target).await.unwrap();
        {
            let assumed = assumed.lock().unwrap();
            assert_eq!(assumed.len(), 1, "one role, assumed once: {assumed:?}");
            assert!(assumed[0].contains("Reader") && assumed[0].contains("r-1"), "{assumed:?}");
        }
        let after = role.after.as_deref();
        accounts.write(&role.target, &role.slot, before.as_deref(), after).await.unwrap();
        {
            let assumed = assumed.lock().unwrap();
            assert_eq!(assumed.len(), 2);
            assert!(assumed[1].contains("Writer") && assumed[1].contains("w-1"), "{assumed:?}");
        }
        // An account that is not ours, whatever an event says of it.
        let foreign = Target { account: "999999999999".to_owned(), ..role.target.clone() };
        let refused = accounts.write(&foreign, &role.slot, before.as_deref(), after).await;
        assert!(matches!(refused, Err(WriteFailure::Refused { .. })), "{refused:?}");
        assert_eq!(assumed.lock().unwrap().len(), 2, "nothing was asked");
        let denied = Target { account: "444444444444".to_owned(), ..role.target.clone() };
        let failure = accounts.read(&denied).await.unwrap_err();
        assert_eq!((failure.action.as_str(), failure.cause), ("sts:AssumeRole", Cause::Denied));
        assert!(failure.detail.contains("role/Reader"), "{failure}");
    });
}
