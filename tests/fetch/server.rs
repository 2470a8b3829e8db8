//! A server that does what it is told, lies included.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// How many came before it.
    pub number: usize,
    /// What is asked for: a path, or from a proxy a URL.
    pub target: String,
    head: String,
}

impl Request {
    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What the server answers on.
pub struct Wire {
    stream: Box<dyn Stream>,
    socket: TcpStream,
}

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

impl Wire {
    /// Sends bytes; whether the client still listens.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok() && self.stream.flush().is_ok()
    }

    /// Ends the connection with a reset.
    pub fn reset(self) {
        let socket = socket2::SockRef::from(&self.socket);
        socket.set_linger(Some(Duration::ZERO)).expect("a reset");
    }
}

/// A server on loopback. It ends with its value.
pub struct Server {
    pub address: SocketAddr,
    scheme: &'static str,
    requests: Arc<Mutex<Vec<Request>>>,
    ended: Arc<AtomicBool>,
}

impl Server {
    /// Answers requests over plain HTTP.
    pub fn start(answer: impl Fn(&Request, Wire) + Send + Sync + 'static) -> Self {
        Self::listen("http", answer, |socket| Box::new(socket))
    }

    /// Answers requests over TLS.
    pub fn tls(
        identity: Identity,
        answer: impl Fn(&Request, Wire) + Send + Sync + 'static,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(identity.0, identity.1)
            .expect("a certificate");
        let config = Arc::new(config);
        Self::listen("https", answer, move |socket| {
            let connection = ServerConnection::new(config.clone()).expect("TLS");
            Box::new(StreamOwned::new(connection, socket))
        })
    }

    /// Answers every request with the same bytes.
    pub fn fixed(response: Vec<u8>) -> Self {
        Self::start(move |_, mut wire| {
            wire.send(&response);
        })
    }

    fn listen(
        scheme: &'static str,
        answer: impl Fn(&Request, Wire) + Send + Sync + 'static,
        wrap: impl Fn(TcpStream) -> Box<dyn Stream> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Self {
            address: listener.local_addr().expect("an address"),
            scheme,
            requests: Arc::default(),
            ended: Arc::default(),
        };
        let (requests, ended) = (server.requests.clone(), server.ended.clone());
        let (answer, wrap) = (Arc::new(answer), Arc::new(wrap));
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(socket) = socket else { continue };
                let (requests, answer, wrap) = (requests.clone(), answer.clone(), wrap.clone());
                std::thread::spawn(move || {
                    let timeout = Some(Duration::from_secs(20));
                    socket.set_read_timeout(timeout).expect("a timeout");
                    socket.set_write_timeout(timeout).expect("a timeout");
                    let mut stream = wrap(socket.try_clone().expect("a socket"));
                    let Some(head) = read_head(&mut stream) else {
                        return;
                    };
                    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
                    let request = {
                        let mut requests = requests.lock().expect("the requests");
                        let number = requests.len();
                        let request = Request {
                            number,
                            target,
                            head,
                        };
                        requests.push(request.clone());
                        request
                    };
                    answer(&request, Wire { stream, socket });
                });
            }
        });
        server
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("the requests").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn read_head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// A response with these header lines.
pub fn response(status: &str, fields: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut head = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for field in fields {
        head += field;
        head += "\r\n";
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// A table, as it should be served.
pub fn table(body: impl AsRef<[u8]>) -> Vec<u8> {
    let fields = [
        "Content-Type: text/csv; charset=UTF-8",
        "Last-Modified: Mon, 15 Sep 2025 10:00:00 GMT",
        "ETag: \"one\"",
    ];
    response("200 OK", &fields, body)
}

/// What a server shows for itself.
pub struct Identity(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// An authority made for a test, and its certificate in PEM.
pub struct Authority {
    issuer: rcgen::Issuer<'static, rcgen::KeyPair>,
    pub pem: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = parameters.self_signed(&key).expect("a certificate");
        Self {
            pem: certificate.pem(),
            issuer: rcgen::Issuer::new(parameters, key),
        }
    }

    /// A certificate for a host, that ends in a year.
    pub fn identity(&self, host: &str, year: i32) -> Identity {
        let mut parameters = rcgen::CertificateParams::new(vec![host.into()]).expect("a host");
        parameters.not_before = rcgen::date_time_ymd(2000, 1, 1);
        parameters.not_after = rcgen::date_time_ymd(year, 1, 1);
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = parameters
            .signed_by(&key, &self.issuer)
            .expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        Identity(vec![certificate.der().clone()], key)
    }
}

/// A certificate that nobody but itself has signed, and the same in PEM.
pub fn self_signed(is_ca: rcgen::IsCa) -> (Identity, String) {
    let mut parameters =
        rcgen::CertificateParams::new(vec!["127.0.0.1".into()]).expect("parameters");
    parameters.is_ca = is_ca;
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = parameters.self_signed(&key).expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let identity = Identity(vec![certificate.der().clone()], key);
    (identity, certificate.pem())
}
