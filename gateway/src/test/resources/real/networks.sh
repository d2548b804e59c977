#!/bin/sh
# A device, a gateway and an internet in network namespaces of their own; the gateway is where this runs. They last as
# long as this does, which is until its input ends.
#   unshare -Urnm sh networks.sh
set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/netns
ip netns add device
ip netns add internet
ip link set lo up
ip link add home0 type veth peer name home0 netns device
ip link add roam0 type veth peer name roam0 netns device
ip link add net0 type veth peer name net0 netns internet
ip address add 192.0.2.1/24 dev home0
ip address add 192.0.3.1/24 dev roam0
ip -6 address add 2001:db8:2::1/64 dev home0 nodad
ip address add 198.18.7.1/24 dev net0
ip -6 address add 2001:db8:7::1/64 dev net0 nodad
for link in home0 roam0 net0; do ip link set $link up; done
# A router by nature, and strict about where packets come from: nothing but rules of ours may stop what comes out of a tunnel.
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter

in_device() { ip netns exec device "$@"; }
in_device ip link set lo up
in_device ip address add 192.0.2.2/24 dev home0
in_device ip address add 192.0.3.2/24 dev roam0
in_device ip -6 address add 2001:db8:2::2/64 dev home0 nodad
in_device ip link set home0 up
in_device ip link set roam0 up

# All servers, some of which policy forbids. Whoever comes past the gateway would be answered too.
in_internet() { ip netns exec internet "$@"; }
in_internet ip link set lo up
for address in 198.18.7.2/24 198.18.7.3/24 198.18.7.4/24; do in_internet ip address add $address dev net0; done
in_internet ip -6 address add 2001:db8:7::2/64 dev net0 nodad
in_internet ip link set net0 up
in_internet ip route add default via 198.18.7.1
in_internet ip -6 route add default via 2001:db8:7::1
# Who is not the gateway has come past it.
in_internet nft -f - <<'RULES'
table inet seen {
  chain past {
    type filter hook input priority filter; policy accept;
    ip saddr != 198.18.7.1 iifname "net0" counter
    ip6 saddr != { 2001:db8:7::1, fe80::/10, :: } iifname "net0" counter
  }
}
RULES

echo ready
exec cat
