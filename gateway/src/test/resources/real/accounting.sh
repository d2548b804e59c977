#!/bin/sh
# A device behind a gateway that is told by RADIUS, and by the admin API, whose its address is.
#   unshare -Urnm sh accounting.sh DIR COMMAND...     COMMAND starts Postern; the gateway is where this runs
set -eu
dir=$1
shift
mount -t tmpfs tmpfs /run
mkdir -p /run/netns
ip netns add device
ip netns add internet
ip link set lo up
ip link add dev0 type veth peer name eth0 netns device
ip link add net0 type veth peer name eth0 netns internet
ip address add 10.77.0.1/24 dev dev0
ip address add 198.18.7.1/24 dev net0
ip link set dev0 up
ip link set net0 up

in_device() { ip netns exec device "$@"; }
in_internet() { ip netns exec internet "$@"; }

in_device ip link set lo up
in_device ip address add 10.77.0.2/24 dev eth0
in_device ip link set eth0 up
in_device ip route add default via 10.77.0.1
in_internet ip link set lo up
in_internet ip address add 198.18.7.2/24 dev eth0
in_internet ip link set eth0 up

nft -f - <<RULES
table inet postern {
  chain prerouting {
    type filter hook prerouting priority mangle; policy accept;
    iifname "dev0" meta l4proto tcp tproxy to :15001 meta mark set 1 accept
  }
}
RULES
ip rule add fwmark 1 lookup 100
ip route add local 0.0.0.0/0 dev lo table 100

cd "$dir"
in_internet python3 -m http.server --bind 0.0.0.0 8081 >origin.out 2>&1 &
origin=$!
in_internet socat TCP-LISTEN:8082,fork,reuseaddr EXEC:cat >echo.out 2>&1 &
echoing=$!
"$@" serve --config postern.yaml >serve.out 2>&1 &
gateway=$!
trap 'kill $origin $echoing $gateway 2>/dev/null || true' EXIT
tries=0
until curl -s -f http://127.0.0.1:9090/readyz >/dev/null && in_internet curl -s http://127.0.0.1:8081/ >/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 300 ] || { cat serve.out origin.out; exit 1; }
  sleep 0.1
done

ask_as() { in_device curl -s -m 20 -o /dev/null -w "$1 %{http_code} %{exitcode}\n" http://198.18.7.2:8081/ || true; }

# A connection that says when it carries and how it ends.
cat >hold.py <<'HOLD'
import socket, sys
link = socket.create_connection(("198.18.7.2", 8082), 20)
link.settimeout(20)
link.sendall(b"hello")
link.recv(5)
open(sys.argv[1], "w").close()
try:
    print(sys.argv[1], "ended" if link.recv(1) == b"" else "said something")
except ConnectionResetError:
    print(sys.argv[1], "reset")
HOLD
hold() {
  in_device python3 hold.py "$1" >"$1.out" &
  holding=$!
  tries=0
  until [ -e "$1" ]; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { echo "$1 never carried"; exit 1; }
    sleep 0.1
  done
}

account() {
  what=$1
  shift
  printf '%s\n' "Acct-Session-Id = \"S1\"" "User-Name = \"LC01\"" "NAS-Identifier = \"vpn1\"" \
    "Framed-IP-Address = 10.77.0.2" "$@" |
    radclient -q -r 1 -t 5 -S secret 127.0.0.1:1813 "${packet:-acct}" >radclient.out 2>&1 && echo "$what answered" || echo "$what silence"
}
address() {
  curl -s -o /dev/null -w "$1 %{http_code}\n" -X "$1" -H "Authorization: Bearer $(cat var/admin/token)" \
    -H "Content-Type: application/json" --data "${2:-}" http://127.0.0.1:9090/v1/addresses/10.77.0.2
}

ask_as stranger
account start "Acct-Status-Type = Start" "Message-Authenticator = 0x00"
ask_as started
hold session
account stop "Acct-Status-Type = Stop" "Message-Authenticator = 0x00"
wait $holding
cat session.out
ask_as stopped
account unmarked "Acct-Status-Type = Start"
mv secret secret.good
echo "another secret of thirty-two characters" >secret
account forged "Acct-Status-Type = Start" "Message-Authenticator = 0x00"
mv secret.good secret
printf 'Message-Authenticator = 0x00\n' | radclient -q -r 1 -t 5 -S secret 127.0.0.1:1813 status >radclient.out 2>&1 &&
  echo "status answered" || echo "status silence"

address PUT '{"device": "LC02", "app": "com.acme.mail", "proof": "tunnel-key"}'
ask_as put
hold assigned
address PUT '{"device": "LC03"}'
wait $holding
cat assigned.out
ask_as replaced
address DELETE
ask_as deleted

kill -TERM $gateway
wait $gateway
