#!/bin/bash
# Talks of common programs on ports that are not their protocols' own, and a capture of them: loopback of a namespace that
# ends with this.
#   unshare -Urn bash recognition.sh DIR NAME
# DIR gets talks.pcapng.
set -euo pipefail
dir=$1 name=$2
cd "$dir"
export HOME=$dir
ip link set lo up

# Of a form that GnuTLS reads too.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj "/CN=$name" \
  -addext "subjectAltName=DNS:$name" -keyout "$name.key" -out "$name.crt"

# No port of a client, so that a port tells what is spoken.
echo 40000 60999 >/proc/sys/net/ipv4/ip_local_port_range

cat >nginx.conf <<CONF
user root root;
daemon off;
master_process off;
pid $dir/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path $dir/body;
  proxy_temp_path $dir/proxy;
  fastcgi_temp_path $dir/fastcgi;
  uwsgi_temp_path $dir/uwsgi;
  scgi_temp_path $dir/scgi;
  ssl_certificate $dir/$name.crt;
  ssl_certificate_key $dir/$name.key;
  default_type text/html;
  server {
    listen 30080;
    listen [::1]:30080;
    listen 30082 http2;
    listen 30443 ssl http2;
    ssl_protocols TLSv1.2 TLSv1.3;
    location / { return 200 "<p>hello</p>"; }
    location /none { return 404; }
  }
  server {
    listen 30442 ssl;
    ssl_protocols TLSv1.2;
    location / { return 200 "<p>hello</p>"; }
  }
}
CONF
mkdir -p web received
head -c 100000 /dev/zero >web/page

# To servers that end with their input.
mkfifo silence
exec 9<>silence
servers=()
server() {
  "$@" <&9 >>servers.out 2>&1 &
  servers+=($!)
}
trap 'kill "${servers[@]}" 2>/dev/null || true' EXIT
touch servers.out clients.out
fail() {
  echo "$*"
  cat servers.out clients.out
  exit 1
} >&2

# Until the command that follows what is wrong otherwise succeeds, half a minute.
awaited() {
  local wrong=$1 tries=0
  shift
  until "$@"; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || fail "$wrong"
    sleep 0.1
  done
}
listening() {
  [ -n "$(ss -Hlntu "sport = :$1")" ]
}

# Its client expects a share of another group, so it has to ask for one.
server openssl s_server -accept 30444 -cert "$name.crt" -key "$name.key" -groups P-384 -www
server openssl s_server -accept 30445 -cert "$name.crt" -key "$name.key" -dtls1_2
server openssl s_server -accept '[::1]:30446' -cert "$name.crt" -key "$name.key" -www
server /usr/sbin/nginx -c "$dir/nginx.conf"
server gtlsserver -q --htdocs=web 127.0.0.1 30784 "$name.key" "$name.crt"
server /usr/bin/aiosmtpd --nosetuid --no-requiretls --listen=127.0.0.1:30025 --tlscert="$name.crt" --tlskey="$name.key" --class=aiosmtpd.handlers.Sink
server /usr/bin/python3 recognition.py serve "$name"
for port in 30080 30082 30442 30443 30444 30445 30446 30784 30025 30143 30053 30083 30084; do
  awaited "nobody listens on $port" listening $port
done
server dumpcap -q -i lo -s 0 -w "$dir/talks.pcapng"
awaited "nothing is captured" grep -q '^File: ' servers.out

client() {
  timeout 60 "$@" </dev/null >>clients.out 2>&1 || fail "$* ended with $?"
}
get() {
  local port=$1 path=$2
  shift 2
  client curl -sS -g -m 30 --cacert "$name.crt" --resolve "$name:$port:127.0.0.1" "$@" "$name:$port$path"
}
ask() {
  client openssl s_client -CAfile "$name.crt" -servername "$name" "$@"
}

get 30080 / --http1.1
get 30080 /none -X DELETE -A 'somebody/1.0'
get 30080 / --data-binary @web/page
get 30080 / --next http://"$name":30080/again -o /dev/null
client curl -sS -g -m 30 'http://[::1]:30080/six?a=b'
get 30082 / --http2-prior-knowledge
get 30082 /none --http2-prior-knowledge --head
for port in 30442 30443; do
  get $port / --proto-default https
  get $port / --proto-default https --http1.1 --tls-max 1.2
  get $port / --proto-default https --no-alpn
  # By an address there is no name to be sent.
  client curl -sSk -m 30 "https://127.0.0.1:$port/"
  ask -connect 127.0.0.1:$port -alpn one,http/1.1
done
ask -connect 127.0.0.1:30443 -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256
for version in -tls1_2 -tls1_3; do
  ask -connect 127.0.0.1:30443 $version -sess_out session
  ask -connect 127.0.0.1:30443 $version -sess_in session
done
ask -connect '[::1]:30446' -curves P-521:X448:X25519
ask -connect 127.0.0.1:30444 -groups X25519:P-384
ask -connect 127.0.0.1:30025 -starttls smtp
ask -connect 127.0.0.1:30143 -starttls imap -tls1_2
ask -connect 127.0.0.1:30445 -dtls1_2
client chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --ignore-certificate-errors \
  --disable-background-networking --disable-component-update --disable-sync \
  --host-resolver-rules="MAP * 127.0.0.1" --user-data-dir="$dir/browser" --dump-dom "https://$name:30443/"
client /usr/bin/python3 recognition.py ask "$name"
client gtlsclient -q --exit-on-all-streams-close --timeout=10s --download=received --sni="$name" 127.0.0.1 30784 "https://$name/page"
cmp web/page received/page
client swaks --server=127.0.0.1:30025 --helo=device --from=a@acme.test --to=b@acme.test
client swaks --server=127.0.0.1:30025 --helo=device --from=a@acme.test --to=b@acme.test --tls --tls-sni="$name"
for more in +notcp +tcp '+notcp +nocookie' '+notcp +bufsize=4096 +dnssec'; do
  # shellcheck disable=SC2086
  client dig +time=10 +tries=1 $more @127.0.0.1 -p 30053 "$name" A
done

# When this is in the capture, all before it is.
mark="the last datagram of $$"
echo "$mark" >/dev/udp/127.0.0.1/30999
awaited "the capture does not end" grep -q -a "$mark" talks.pcapng
