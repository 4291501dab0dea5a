use std::sync::Arc;

use crate::sandbox::tenant::Tenant;

/// Lets happen what happens by the tenant's clock alone, when its time has come, until the tenant closes.
///
/// Whoever asks the desk for anything finds everything done that was due; this is for those who wait.
pub(crate) async fn keep_time(tenant: Arc<Tenant>) {
    let sooner = tenant.desk().sooner();
    loop {
        let next = {
            let mut desk = tenant.desk();
            desk.settle(tenant.now());
            desk.next_due()
        };
        let due = async {
            match next {
                Some(next) => tenant.time.until(next).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = tenant.closing.cancelled() => return,
            () = due => {}
            () = sooner.notified() => {}
        }
    }
}
