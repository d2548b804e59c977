#!/bin/sh
# A few flows of a device to an internet.
#   unshare -Urnm sh transparent.sh DIR COMMAND...     COMMAND starts Postern; the gateway is where this runs
. "$1/led.sh"

ip netns exec internet python3 datagrams.py echo 8082 >echo.out 2>&1 &
echo=$!
trap 'kill $origin $gateway $echo 2>/dev/null || true' EXIT

ask_as() { what=$1; shift; in_device curl -s -m 20 -o /dev/null -w "$what %{http_code} %{exitcode}\n" "$@" || true; }
ask_as ipv4 http://198.18.7.2:8081/
ask_as ipv6 'http://[2001:db8:7::2]:8081/'
ask_as stranger --interface 10.77.0.9 http://198.18.7.2:8081/
ask_as own http://10.77.0.1:15001/
ask_as private http://192.168.1.1/

send_as() { what=$1; shift; printf '%s ' "$what"; in_device python3 datagrams.py ask "$@"; }
send_as udp4 198.18.7.2 8082 500
send_as udp6 2001:db8:7::2 8082 500
send_as jumbo 198.18.7.2 8082 60000
send_as stranger 198.18.7.2 8082 10 10.77.0.9
send_as closed 198.18.7.2 8083 10
send_as own 10.77.0.1 15001 10

# One device sends a hundred thousand to where nobody answers, while another asks.
in_internet nft 'table inet hole { chain in { type filter hook input priority 0; udp dport 20000-59999 drop; }; }'
ip netns exec device python3 datagrams.py flood 198.18.7.2 100000 10.77.0.3 &
flood=$!
printf 'beside a flood '
in_device python3 datagrams.py pings 198.18.7.2 8082 50
wait $flood
curl -s http://127.0.0.1:9090/metrics >metrics.txt

kill -TERM $gateway
wait $gateway
