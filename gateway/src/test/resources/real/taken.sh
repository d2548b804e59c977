#!/bin/sh
# What a device asks other servers' port 53, of which some are there and some are not.
#   unshare -Urnm sh taken.sh DIR COMMAND...     COMMAND starts Postern; the gateway is where this runs
. "$1/led.sh"

# The only server that there is, and nobody in the device's place may see it.
ip netns exec internet python3 names.py 53 >names.out 2>&1 &
names=$!
trap 'kill $origin $gateway $names 2>/dev/null || true' EXIT
tries=0
until in_internet ss -Huln 'sport = :53' | grep -q .; do tries=$((tries + 1)); [ $tries -lt 300 ] || exit 1; sleep 0.1; done

said() { awk '/status:/ { gsub(",", ""); for (i = 1; i < NF; i++) if ($i == "status:") printf "%s ", $(i + 1) }
  /EDE/ { printf "EDE %s ", $3 } /^[^;].*\tA\t/ { printf "%s ", $5 } /^;; SERVER/ { printf "from %s", $3 } END { print "" }'; }
ask_as() { printf '%s: ' "$1"; shift; in_device dig +time=5 +tries=2 "$@" 2>&1 | said; }
ask_as nobody-there @192.0.2.53 www.acme.example
ask_as six @2001:db8:53::53 www.acme.example
ask_as tcp +tcp @192.0.2.53 www.acme.example
ask_as blocked @192.0.2.53 ads.bad.example
ask_as blocked-tcp +tcp @192.0.2.53 ads.bad.example
ask_as the-server @198.18.7.2 www.acme.example
ask_as stranger -b 10.77.0.9 @192.0.2.53 www.acme.example
printf 'kdig: '; in_device kdig +timeout=5 @192.0.2.53 www.acme.example 2>&1 | grep -c '192.0.2.80'
# What servers answer whatever their headers say; the one there has an answer for each.
printf 'headers: '; in_device python3 datagrams.py headers 198.18.7.2 53 0100:0000 0103:0000 010f:0000 0340:0000 0100:0001 0743:ffff

# No questions: they go where they were meant to go.
printf 'udp '; in_device python3 datagrams.py ask 198.18.7.2 53 500
ip netns exec internet python3 -m http.server --bind 198.18.7.2 53 >web.out 2>&1 &
web=$!
trap 'kill $origin $gateway $names $web 2>/dev/null || true' EXIT
tries=0
until in_internet curl -s http://198.18.7.2:53/ >/dev/null; do tries=$((tries + 1)); [ $tries -lt 100 ] || exit 1; sleep 0.1; done
printf 'web '; in_device curl -s -m 20 -o /dev/null -w '%{http_code}\n' http://198.18.7.2:53/

# Contained, it is answered here all the same, with nothing.
printf 'contained '; curl -s -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $(cat var/admin/token)" \
  --json '{"device": "LC01", "reason": "it asks whom it likes"}' http://127.0.0.1:9090/v1/quarantine
ask_as contained @192.0.2.53 www.acme.example
ask_as contained-tcp +tcp @192.0.2.53 www.acme.example
curl -s http://127.0.0.1:9090/metrics >metrics.txt

kill -TERM $gateway
wait $gateway
