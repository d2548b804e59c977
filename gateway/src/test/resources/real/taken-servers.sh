#!/bin/sh
# What a device asks somebody who is not there, answered by the gateway, which asks a server of others' make.
#   unshare -Urnm sh taken-servers.sh DIR COMMAND...     DIR/server.sh starts the server; COMMAND starts Postern
. "$1/led.sh"

ip netns exec internet sh server.sh >server.out 2>&1 &
server=$!
trap 'kill $origin $gateway $server 2>/dev/null || true' EXIT
tries=0
until in_internet dig +time=1 +tries=1 @198.18.7.2 www.acme.example >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { cat server.out; exit 1; }
  sleep 0.1
done

said() { awk '/status:/ { gsub(",", ""); for (i = 1; i < NF; i++) if ($i == "status:") printf "%s ", $(i + 1) }
  /EDE/ { printf "EDE %s ", $3 } /^[^;].*\tA\t/ { printf "%s ", $5 } /^[^;].*\tTXT\t/ { text++ } /^[^;].*\tSOA\t/ { printf "SOA %s ", $1 }
  /^;; SERVER/ { if (text) printf "%s texts ", text; printf "from %s", $3 } END { print "" }'; }
ask_as() { printf '%s: ' "$1"; shift; in_device dig +time=5 +tries=2 "$@" 2>&1 | said; }
ask_as udp @192.0.2.53 www.acme.example
ask_as tcp +tcp @192.0.2.53 www.acme.example
ask_as alias @192.0.2.53 mail.acme.example
ask_as missing @192.0.2.53 none.acme.example
ask_as empty @192.0.2.53 www.acme.example AAAA
# Longer than a datagram takes, on both sides of the gateway.
ask_as long @192.0.2.53 long.acme.example TXT
ask_as blocked @192.0.2.53 ads.bad.example

kill -TERM $gateway
wait $gateway
