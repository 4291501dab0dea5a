use assize::sandbox::{Entropy, Host, HostOptions, TenantOptions, operator_file};

const LOOPBACK: &str = "127.0.0.1:0";

#[tokio::test]
async fn the_file_names_the_tenant_and_no_secret() {
    let host = Host::start(HostOptions::tls(Entropy::from_seed(1))).await.unwrap();
    let tenant = host.open(TenantOptions::standalone(LOOPBACK.parse().unwrap())).await.unwrap();
    let written = operator_file(&host, &tenant);
    assert!(written.yaml.contains(&format!("base_url: {}/inContactAPI/services/v30.0\n", tenant.address)));
    assert!(written.yaml.contains(&format!("request: POST {}/clock\n", tenant.control)));
    assert!(written.yaml.contains("tls: { ca: ca.pem }"));
    for file in &written.files {
        let name = format!("{} }}", file.path);
        // Once for each target; the target that has tenants made shows the host's secret for that too.
        let expected = if file.path == "secrets/control" { 3 } else { 2 };
        assert_eq!(written.yaml.matches(&name).count(), expected, "{} is referred to", file.path);
        let is_public = ["secrets/business-unit", "ca.pem"].contains(&&*file.path);
        assert!(is_public || !written.yaml.contains(&file.content), "{} is not told", file.path);
    }
    let control = written.files.iter().find(|file| file.path == "secrets/control").unwrap();
    assert_eq!(control.content, host.control_authorization());
    assert!(control.content.starts_with("Bearer "));
    assert_eq!(written.yaml.matches("password: { file: secrets/access-key-").count(), 16);
    assert_eq!(written.yaml.matches("password: { file: secrets/login-").count(), 16);
}

#[tokio::test]
async fn every_start_has_secrets_of_its_own() {
    let mut all = Vec::new();
    for seed in [1, 2] {
        let host = Host::start(HostOptions::plain(Entropy::from_seed(seed))).await.unwrap();
        let tenant = host.open(TenantOptions::standalone(LOOPBACK.parse().unwrap())).await.unwrap();
        let files = operator_file(&host, &tenant).files;
        assert!(!files.iter().any(|file| file.content.contains("not-a-secret") || file.path == "ca.pem"));
        all.extend(files.into_iter().filter(|file| file.path != "secrets/business-unit").map(|file| file.content));
    }
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
    assert_ne!(Entropy::of_machine(), Entropy::of_machine());
}
