#!/bin/sh
# A device behind a gateway that is told by RADIUS, and by the admin API, whose its address is.
#   unshare -Urnm sh accounting.sh DIR COMMAND...     COMMAND starts Postern; the gateway is where this runs
. "$1/led.sh"

ip netns exec internet socat TCP-LISTEN:8082,fork,reuseaddr EXEC:cat >echo.out 2>&1 &
echoing=$!
trap 'kill $origin $gateway $echoing 2>/dev/null || true' EXIT

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
  ip netns exec device python3 hold.py "$1" >"$1.out" &
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
