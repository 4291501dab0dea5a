use assize::sandbox::{Entropy, Host, HostOptions, TenantOptions};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_client_that_trusts_the_authority_connects_and_others_do_not() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let host = Host::start(HostOptions::tls(Entropy::from_seed(1))).await.unwrap();
    let tenant = host.open(TenantOptions::embedded(1)).await.unwrap();
    assert!(tenant.address.starts_with("https://127.0.0.1:") && tenant.control.starts_with("https://"));
    let pem = host.certificate_authority().unwrap();
    let authority = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    let trusting = reqwest::Client::builder().no_proxy().tls_certs_only([authority]).build().unwrap();

    // Someone who connects and says nothing keeps nobody else waiting.
    let authority = tenant.address.strip_prefix("https://").unwrap();
    let _silent = TcpStream::connect(authority).await.unwrap();
    let by_name = tenant.address.replace("127.0.0.1", "localhost");
    for address in [&tenant.address, &by_name] {
        let url = format!("{address}/.well-known/openid-configuration");
        assert_eq!(trusting.get(url).send().await.unwrap().status(), 200);
    }
    let listed = trusting.get(format!("{}/sessions", tenant.control));
    let listed = listed.header("authorization", host.control_authorization()).send().await.unwrap();
    assert_eq!(listed.status(), 200);

    let nobody: [reqwest::Certificate; 0] = [];
    let stranger = reqwest::Client::builder().no_proxy().tls_certs_only(nobody).build().unwrap();
    assert!(stranger.get(&tenant.address).send().await.is_err());
    host.shutdown().await;
}
