//! Pages as servers write them, and what a browser sends for them.

use crate::auth::browser::fill::{Filled, FormKind, Login, fill};
use crate::auth::browser::page::Page;
use crate::clock::Deadline;
use crate::http::{Limits, OutgoingBody, PartContent};
use crate::suite::SignInPages;

const PAGE: &str = "https://auth.test/in/page?q=1#f";

fn limits() -> Limits {
    Limits::until(Deadline::after(std::time::Duration::ZERO))
}

/// What is sent for a page, in one line.
fn sent(html: &str) -> String {
    sent_as(html, &SignInPages::default())
}

fn sent_as(html: &str, pages: &SignInPages) -> String {
    let page = Page::read(html);
    let login = Login { username: Some("ulla"), password: Some("‹pw#1›") };
    let (kind, submission) = match fill(&page, pages, login, &[]) {
        Filled::Form(kind, submission) => (kind, submission),
        Filled::Again => return "again".to_owned(),
        Filled::Nothing => return "nothing".to_owned(),
    };
    let Some(outgoing) = submission.outgoing(PAGE, page.base.as_deref(), limits()) else {
        return "nowhere".to_owned();
    };
    let fields: Vec<String> = match &outgoing.body {
        OutgoingBody::Form(pairs) => pairs.iter().map(|(name, value)| format!("{name}={value}")).collect(),
        OutgoingBody::Multipart(parts) => parts
            .iter()
            .map(|part| match &part.content {
                PartContent::Text(text) => format!("{}:{text}", part.name),
                PartContent::Bytes(_) => part.name.clone(),
            })
            .collect(),
        OutgoingBody::None | OutgoingBody::Json(_) | OutgoingBody::Text { .. } | OutgoingBody::Bytes { .. } => {
            Vec::new()
        }
    };
    let kind = match kind {
        FormKind::Password => "",
        FormKind::Name => "name ",
        FormKind::Consent => "consent ",
    };
    format!("{kind}{} {} {}", outgoing.method, outgoing.url, fields.join("&")).trim_end().to_owned()
}

#[test]
fn a_plain_form_is_filled_in() {
    let html = r#"<!doctype html><title>Sign in</title><form method="post" action="/auth">
        <input type="hidden" name="csrf" value="a&amp;b&#39;c">
        <input name="user" value="old"><input type="password" name="pass"><button>Go</button></form>"#;
    assert_eq!(sent(html), "POST https://auth.test/auth csrf=a&b'c&user=ulla&pass=‹pw#1›");
}

#[test]
fn tags_may_be_written_in_any_way() {
    for html in [
        "<FORM METHOD=POST ACTION=/auth><INPUT NAME=user><INPUT TYPE=PASSWORD NAME=pass></FORM>",
        "<form method='POST' action='/auth'><p><div><input name=user type=email /><td><input type=password name=pass>",
        "<form method=post action=/auth><form action=/evil><input name=user><input type=password name=pass></form></form>",
        "<<i <b><form method=post action=/auth><input name=user name=other><input type=password name=pass ></form",
        "<form method=post action=\"/auth\n\"><input name=user></div></p></b><input type=password name=pass>",
        "<input name=x><form method=post id=f action=/auth><input name=user></form><input type=password name=pass form=f>",
        "<!-- <form><input type=password></form> --><noscript><form method=post action=/auth><input name=user><input \
         type=password name=pass></form></noscript>",
        "<form method=post action=/auth><input name=user><script>'<input name=s>'</script><style><input></style><textarea \
         ></textarea><title><input name=t></title><input type=password name=pass>",
    ] {
        assert_eq!(sent(html), "POST https://auth.test/auth user=ulla&pass=‹pw#1›", "{html}");
    }
}

#[test]
fn the_form_with_a_password_is_the_one() {
    let html = "<form action=/search><input name=q></form>
        <template><form action=/never><input type=password name=p></form></template>
        <form action=/login method=post><input name=user><input type=password name=pass></form>
        <form action=/register method=post><input name=user><input type=password name=new></form>";
    assert_eq!(sent(html), "POST https://auth.test/login user=ulla&pass=‹pw#1›");
    assert_eq!(sent("<form action=/search><input name=q></form>"), "nothing");
    assert_eq!(sent("<input name=user><input type=password name=pass>"), "nothing");
    assert_eq!(sent("<form><input type=password name=pass disabled></form>"), "nothing");
    assert_eq!(sent(""), "nothing");
}

#[test]
fn addresses_are_relative_to_the_page_and_its_base() {
    let form = |base: &str, action: &str| {
        sent(&format!("{base}<form method=post {action}><input type=password name=p></form>"))
    };
    for (base, action, url) in [
        ("", "", "https://auth.test/in/page?q=1"),
        ("", "action=''", "https://auth.test/in/page?q=1"),
        ("", "action=next", "https://auth.test/in/next"),
        ("", "action=?a=b", "https://auth.test/in/page?a=b"),
        ("", "action=//other.test/x", "https://other.test/x"),
        ("<base href=/deep/er/>", "action=next", "https://auth.test/deep/er/next"),
        ("<base href=/deep/><base href=/late/>", "action=next", "https://auth.test/deep/next"),
        ("<base href=https://cdn.test/>", "action=next", "https://cdn.test/next"),
        ("<base target=_top>", "action='next?x=a&amp;y=b#f'", "https://auth.test/in/next?x=a&y=b"),
        ("<base href=/deep/>", "", "https://auth.test/in/page?q=1"),
        ("<base href='http://['>", "action=next", "https://auth.test/in/next"),
    ] {
        assert_eq!(form(base, action), format!("POST {url} p=‹pw#1›"), "{base} {action}");
    }
    for action in ["javascript:alert(1)", "mailto:a@b.test", "http://["] {
        assert_eq!(form("", &format!("action='{action}'")), "nowhere");
    }
}

#[test]
fn a_form_that_is_sent_by_get_takes_the_place_of_the_query() {
    let html = "<form action='go?old=1'><input name='the user'><input type=password name=p></form>";
    assert_eq!(sent(html), "GET https://auth.test/in/go?the%20user=ulla&p=‹pw#1~percent›");
}

#[test]
fn what_a_browser_sends_of_each_control() {
    let html = "<form method=post>
        <input type=hidden name=h value=1><input type=hidden value=nameless><input type=hidden name=_charset_>
        <input type=checkbox name=on checked><input type=checkbox name=off><input type=radio name=r value=a>
        <input type=radio name=r value=b checked><input type=file name=file><input type=reset name=reset>
        <select name=s1><option>  One\n and  <option selected>Two</select>
        <select name=s2><option disabled value=x>X<option value=y>Y</option></select>
        <select name=s3 multiple><option selected value=1><option value=2><option selected value=3></select>
        <select name=s4></select><textarea name=t>\na &lt; b</textarea>
        <fieldset disabled><input name=d1 value=1><fieldset><input name=d2 value=1></fieldset></fieldset>
        <input name=user><input type=password name=p><input name=after value=z>
        <button type=button name=show value=1>Show</button><button name=go value=in>Sign in</button>
        <button name=go value=out>Cancel</button></form>";
    let expected = "h=1&_charset_=UTF-8&on=on&r=b&s1=Two&s2=y&s3=1&s3=3&t=a < b&user=ulla&p=‹pw#1›&after=z&go=in";
    assert_eq!(sent(html), format!("POST https://auth.test/in/page?q=1 {expected}"));
}

#[test]
fn the_button_that_is_pressed_may_say_otherwise() {
    let html = "<form action=/a><input type=password name=p><input type=submit formaction=/b formmethod=post \
                formenctype=multipart/form-data name=go value=1><input type=submit name=other></form>";
    assert_eq!(sent(html), "POST https://auth.test/b p:‹pw#1›&go:1");
    let html = "<form method=post action=/a><input type=password name=p><input type=image name=i></form>";
    assert_eq!(sent(html), "POST https://auth.test/a p=‹pw#1›&i.x=0&i.y=0");
    let html = "<form method=post action=/a><input type=password name=p><button disabled name=x value=1></button><button \
                name=y value=2></button></form>";
    assert_eq!(sent(html), "POST https://auth.test/a p=‹pw#1›&y=2");
    assert_eq!(sent("<form method=dialog><input type=password name=p></form>"), "nothing");
}

#[test]
fn fields_are_found_by_the_names_that_the_target_declares() {
    let name = |name: &str| Some(name.to_owned());
    let html = "<form method=post action=/a><input name=id><input name=tenant value=t><input name=pin></form>";
    assert_eq!(sent(html), "nothing");
    let both = SignInPages { username: name("id"), password: name("pin"), ..SignInPages::default() };
    assert_eq!(sent_as(html, &both), "POST https://auth.test/a id=ulla&tenant=t&pin=‹pw#1›");
    // The name on a page of its own.
    let first = "<form method=post action=/name><input name=id><input type=hidden name=h value=1></form>";
    assert_eq!(sent_as(first, &both), "name POST https://auth.test/name id=ulla&h=1");
    let second =
        "<form method=post action=/pass><input type=hidden name=h value=1><input type=password name=pin></form>";
    assert_eq!(sent_as(second, &both), "POST https://auth.test/pass h=1&pin=‹pw#1›");
}

#[test]
fn a_form_of_consent_is_sent_as_it_is() {
    let pages = SignInPages { confirm: Some("allow".to_owned()), ..SignInPages::default() };
    for html in [
        "<form method=post action=/c><input name=note value=n><button name=deny value=1></button><button name=allow \
         value=yes></button></form>",
        "<form method=post action=/c><input name=note value=n><input type=checkbox name=allow value=yes></form>",
        "<form method=post action=/c><input name=note value=n><input type=hidden name=allow value=yes></form>",
    ] {
        assert_eq!(sent_as(html, &pages), "consent POST https://auth.test/c note=n&allow=yes");
        assert_eq!(sent(html), "nothing");
    }
}

#[test]
fn a_page_cannot_make_up_a_handle() {
    let html = "<form method=post action=/a><input type=hidden name=h value='&lsaquo;agent.password#1&rsaquo;'>
        <input type=hidden name=k value='‹known#1~html›!'><input type=password name=p></form>";
    assert_eq!(sent(html), "POST https://auth.test/a h=\u{fffd}agent.password#1›&k=‹known#1›!&p=‹pw#1›");
}

#[test]
fn the_time_for_a_large_page_is_that_of_its_length() {
    let began = std::time::Instant::now();
    for piece in [
        "<form>",
        "<input name=a>",
        "<fieldset disabled>",
        "<a b=c ",
        "‹x#1›",
        "<select>",
        "&",
        "<template>",
        "<!--",
        "</form>",
    ] {
        let html = piece.repeat(100_000 / piece.len());
        let _ = sent(&html);
        let _ = sent(&format!("<form method=post action=/a><input type=password name=p>{html}"));
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(30));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_page_is_read_without_panic(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "<form ", "<form>", "</form>", "<input ", "type=password ", "name=p ", "form=f ", "id=f ", ">", "<select>",
                "<option>", "</select>", "<textarea>", "</textarea>", "<fieldset disabled>", "</fieldset>", "<template>",
                "</template>", "<base href=", "'", "\"", "‹a#1~html›", "&lsaquo;", "#1›", "<script>", "</script>", "\0", "é",
            ]),
            0..40,
        ),
    ) {
        let _ = sent(&pieces.concat());
    }
}
