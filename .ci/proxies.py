"""Holds the gateway to its word behind nginx and HAProxy: streams start at once, stay open through quiet that is longer than the
proxies' own timeouts, and end with their status.

Both proxies keep the timeouts that they come with: nginx its built-in 60 s, HAProxy the 50 s of Debian's haproxy.cfg. That
these are in force is seen on streams of a server that says nothing after its headers: the check waits until every one of those
has been cut, and then sends a message that every stream of the gateway must receive. So nothing here looks at a clock, but for
deadlines.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

PATIENCE = 30  # seconds, for what comes at once
CUT = 150  # seconds, for the proxies to cut a silent stream
ROUTE = "/v1/subscribe?path=messages:list"
ENOUGH = ["-sS", "-N", "--max-time", str(CUT + 2 * PATIENCE)]
SUBSCRIBE = "convexgateway.v1.FunctionService/Subscribe"

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  server {{ listen 127.0.0.1:{nginx}; location / {{ proxy_pass http://127.0.0.1:{gateway}; }} }}
  server {{ listen 127.0.0.1:{nginx11}; location / {{ proxy_pass http://127.0.0.1:{gateway}; proxy_http_version 1.1; }} }}
  server {{
    listen 127.0.0.1:{nginx2} http2;
    location / {{ proxy_pass http://127.0.0.1:{gateway}; proxy_http_version 1.1; }}
    location /convexgateway.v1. {{ grpc_pass grpc://127.0.0.1:{gateway}; }}
    location /grpc.reflection. {{ grpc_pass grpc://127.0.0.1:{gateway}; }}
  }}
  server {{ listen 127.0.0.1:{nginx_silent}; location / {{ proxy_pass http://127.0.0.1:{silent}; }} }}
}}
"""

HAPROXY = """
global
  maxconn 1024

{defaults}

listen h1
  bind 127.0.0.1:{haproxy}
  server gateway 127.0.0.1:{gateway}

listen h2
  bind 127.0.0.1:{haproxy2} proto h2
  server gateway 127.0.0.1:{gateway} proto h2

listen silent
  bind 127.0.0.1:{haproxy_silent}
  server silent 127.0.0.1:{silent}
"""

# The ways to the gateway: name, port, and what curl needs to speak the version of HTTP there.
DOORS = [
    ("nginx as it comes, HTTP/1.0 behind it", "nginx", []),
    ("nginx, HTTP/1.1", "nginx11", []),
    ("nginx, HTTP/2", "nginx2", ["--http2-prior-knowledge"]),
    ("HAProxy, HTTP/1.1", "haproxy", []),
    ("HAProxy, HTTP/2 on both sides", "haproxy2", ["--http2-prior-knowledge"]),
]
CONTROLS = [("nginx", "nginx_silent"), ("HAProxy", "haproxy_silent")]
GRPC_DOORS = [("nginx, gRPC", "nginx2"), ("HAProxy, gRPC", "haproxy2")]
PORTS = ["gateway", "deployment", "silent", *dict.fromkeys(p for _, p, *_ in [*DOORS, *CONTROLS])]


class Failure(Exception):
    pass


def free_ports(names):
    """Ports that nothing listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = {name: s.getsockname()[1] for name, s in zip(names, sockets)}
    for s in sockets:
        s.close()
    return ports


class Process:
    """A program whose output grows in a file."""

    started = []

    def __init__(self, name, folder, *command):
        self.name, self.path = name, os.path.join(folder, f"out-{len(Process.started)}")
        with open(self.path, "wb") as out:
            self.popen = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        Process.started.append(self)

    def output(self):
        with open(self.path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def wait_for(self, pattern, seconds=PATIENCE):
        """Waits until the output matches. A program that ends without it fails at once."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended = self.popen.poll() is not None
            found = re.search(pattern, self.output(), re.M | re.S)
            if found:
                return found
            if ended:
                break
            time.sleep(0.1)
        raise Failure(f"{self.name}: no {pattern!r} in:\n{self.output()[-2000:]}")

    def ended(self, seconds):
        """Waits for the program's own end."""
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} is still there:\n{self.output()[-2000:]}") from None

    def stop(self):
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.popen.kill()


def serve_silence(port):
    """Answers each request with the headers of a stream, one event, and nothing more."""
    listener = socket.create_server(("127.0.0.1", port))
    kept = []

    def accept():
        while True:
            connection, _ = listener.accept()
            kept.append(connection)
            connection.recv(1 << 16)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Accel-Buffering: no\r\n"
                               b"Connection: close\r\n\r\nevent: hello\n\n")

    threading.Thread(target=accept, daemon=True).start()


def post(port, route, body):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{route}", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def send(ports, text):
    post(ports["gateway"], "/v1/mutate", {"path": "messages:send", "args": {"body": text}})


def token(ports, user, ttl):
    return post(ports["deployment"], "/dev/token", {"user": user, "ttl": ttl})["token"]


def curl(*arguments):
    """Runs curl to its end: status, headers by their names in lower case, and the body."""
    done = subprocess.run(["curl", "-sS", "-i", "--max-time", str(PATIENCE), *arguments], capture_output=True, text=True, check=True)
    head, _, body = done.stdout.replace("\r", "").partition("\n\n")
    first, *lines = head.splitlines()
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(first.split()[1]), headers, body


def expect(name, what, holds, seen):
    if not holds:
        raise Failure(f"{name}: {what}:\n{seen}")


def check_calls(name, url, version):
    """What is said in headers and statuses passes: request ids, tags, errors."""
    query = f"{url}/v1/query?path=messages:list"
    status, headers, body = curl(*version, "-H", "X-Request-Id: through-the-proxy", query)
    expect(name, "GET", status == 200 and headers["x-request-id"] == "through-the-proxy", (headers, body))
    status, headers, body = curl(*version, "-H", f"If-None-Match: {headers['etag']}", query)
    expect(name, "If-None-Match", status == 304 and body == "", (status, headers, body))
    for route, status in {"/v1/subscribe?path=a+b": 400, "/v1/nowhere": 404, "/v1/mutate": 405}.items():
        got, _, body = curl(*version, "-H", "Accept: text/event-stream", url + route)
        expect(name, f"{route}: want {status} and a google.rpc.Status", got == status and json.loads(body)["details"], (got, body))
    got, headers, body = curl(*version, "-H", "Authorization: Bearer a.b.c", "-H", "Accept: text/event-stream", url + ROUTE)
    expect(name, "a bad token", got == 401 and headers["www-authenticate"] == 'Bearer error="invalid_token"', (got, headers, body))


def check_resumption(name, url, version, folder, event_id):
    """Last-Event-ID reaches the gateway."""
    again = Process(f"{name}, resumed", folder, "curl", *ENOUGH, *version, "-H", "Accept: text/event-stream", "-H", f"Last-Event-ID: {event_id}", url + ROUTE)
    again.wait_for(r"^event: unchanged$")
    again.stop()


def open_streams(name, url, version, folder):
    """An idle stream in each form. Their first results come although nothing follows that would flush them."""
    events = Process(f"{name}, SSE", folder, "curl", *ENOUGH, *version, "-H", "Accept: text/event-stream", url + ROUTE)
    lines = Process(f"{name}, NDJSON", folder, "curl", *ENOUGH, *version, url + ROUTE)
    event_id = events.wait_for(r"^event: value\nid: (\S+)\ndata: ").group(1)
    lines.wait_for(r'^\{"result":\{"value":')
    return [events, lines], event_id


def check_expiry(name, url, version, folder, ports):
    """A stream that has begun and ends with an error says so as its last event."""
    short = token(ports, "ada", "4s")
    stream = Process(f"{name}, expiring", folder, "curl", *ENOUGH, *version, "-H", "Accept: text/event-stream",
                     "-H", f"Authorization: Bearer {short}", url + ROUTE)
    stream.wait_for(r"^event: value$.*^event: status\ndata: \{[^\n]*TOKEN_EXPIRED[^\n]*\}\n\n\Z")
    expect(name, "curl's exit code after the status", stream.ended(PATIENCE) == 0, stream.output())


def check_grpc(name, port, folder):
    """A stream over gRPC, kept by the heartbeat that it asks for, and an error's trailer."""
    stream = Process(name, folder, "grpcurl", "-plaintext", "-d", '{"path":"messages:list","heartbeat":"15s"}', f"127.0.0.1:{port}", SUBSCRIBE)
    stream.wait_for(r'"value": \[')
    missing = Process(f"{name}, error", folder, "grpcurl", "-plaintext", "-v", "-d", '{"path":"no:such"}', f"127.0.0.1:{port}",
                      "convexgateway.v1.FunctionService/Query")
    missing.wait_for(r"error-reason: FUNCTION_NOT_FOUND")
    return stream


def haproxy_defaults():
    """The defaults section that Debian's package comes with: its timeouts are what this is about."""
    with open("/etc/haproxy/haproxy.cfg", encoding="utf-8") as f:
        text = f.read()
    section = re.search(r"^defaults\n(?:[ \t].*\n|\n)*", text, re.M).group(0)
    if not re.search(r"timeout\s+server\s+50000", section):
        raise Failure(f"not the timeouts that Debian's package comes with:\n{section}")
    return section


def start_proxies(folder, ports):
    for name, text in {"nginx.conf": NGINX, "haproxy.cfg": HAPROXY}.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text.format(folder=folder, defaults=haproxy_defaults(), **ports))
    Process("nginx", folder, "nginx", "-p", folder, "-c", os.path.join(folder, "nginx.conf"), "-e", os.path.join(folder, "nginx.log"))
    Process("haproxy", folder, "haproxy", "-db", "-f", os.path.join(folder, "haproxy.cfg"))


def wait_for_port(port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise Failure(f"nothing listens on port {port}:\n" + "\n".join(p.output() for p in Process.started))


def run(folder):
    ports = free_ports(PORTS)
    one_port = f"127.0.0.1:{ports['gateway']}"
    gateway = Process("gateway", folder, "convexgateway", "dev", "--grpc-addr", one_port, "--http-addr", one_port,
                      "--deployment-addr", f"127.0.0.1:{ports['deployment']}")
    gateway.wait_for("Stop with Ctrl-C", 2 * PATIENCE)
    serve_silence(ports["silent"])
    start_proxies(folder, ports)
    for port in ports.values():
        wait_for_port(port)
    send(ports, "before")

    idle = []
    for name, port, version in DOORS:
        url = f"http://127.0.0.1:{ports[port]}"
        streams, event_id = open_streams(name, url, version, folder)
        idle += streams
        check_resumption(name, url, version, folder, event_id)
        check_calls(name, url, version)
        check_expiry(name, url, version, folder, ports)
        print(f"{name}: calls, errors, resumption and the end of a stream pass", flush=True)
    idle += [check_grpc(name, ports[port], folder) for name, port in GRPC_DOORS]

    # These begin after the idle streams: when they are cut, those have been quiet for longer than the timeouts.
    silent = [Process(f"{name}, a silent server", folder, "curl", *ENOUGH, f"http://127.0.0.1:{ports[port]}/") for name, port in CONTROLS]
    for stream in silent:
        stream.wait_for("^event: hello$")
    for stream in silent:
        stream.ended(CUT)
        print(f"{stream.name}: cut by the proxy, as it should", flush=True)

    send(ports, "after the quiet")
    for stream in idle:
        stream.wait_for("after the quiet")
    print(f"{len(idle)} idle streams have outlived the proxies' timeouts", flush=True)

    gateway.popen.send_signal(signal.SIGTERM)
    for stream in idle:
        stream.wait_for("DRAINING|shutting down")
    expect("gateway", "exit code", gateway.ended(PATIENCE) == 0, gateway.output()[-2000:])
    print(f"{len(idle)} streams were told that the gateway stops")


def main():
    try:
        run(sys.argv[1])
    except Failure as failure:
        sys.exit(f"FAILED: {failure}")
    finally:
        for process in reversed(Process.started):
            process.stop()


if __name__ == "__main__":
    main()
