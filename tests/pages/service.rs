use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The address that pages give the service.
pub(crate) const SHOWN: &str = "http://127.0.0.1:8080";

/// A service that answers whatever it was told last, until the test ends.
pub(crate) fn serve(answer: Arc<Mutex<String>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has one");
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = answer.lock().expect("nobody panicked").clone();
            // A client that has gone has had what it wanted.
            let _ = reply(&stream, answer.trim());
        }
    });
    format!("http://{address}")
}

fn reply(mut stream: &TcpStream, answer: &str) -> std::io::Result<()> {
    let head = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).count();
    if head == 0 {
        return Ok(());
    }
    let length = answer.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}"
    )
}
