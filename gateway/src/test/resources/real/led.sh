# A device, a gateway and an internet in namespaces of their own, and Postern where the device's TCP and UDP are led to.
# For other scripts, which are run by unshare -Urnm with DIR COMMAND...; COMMAND starts Postern.
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
ip -6 address add fd77::1/64 dev dev0 nodad
ip address add 198.18.7.1/24 dev net0
ip -6 address add 2001:db8:7::1/64 dev net0 nodad
ip link set dev0 up
ip link set net0 up

in_device() { ip netns exec device "$@"; }
in_internet() { ip netns exec internet "$@"; }

in_device ip link set lo up
in_device ip address add 10.77.0.2/24 dev eth0
in_device ip address add 10.77.0.3/24 dev eth0
in_device ip address add 10.77.0.9/24 dev eth0
in_device ip -6 address add fd77::2/64 dev eth0 nodad
in_device ip link set eth0 up
in_device ip route add default via 10.77.0.1
in_device ip -6 route add default via fd77::1
in_internet ip link set lo up
in_internet ip address add 198.18.7.2/24 dev eth0
in_internet ip -6 address add 2001:db8:7::2/64 dev eth0 nodad
in_internet ip link set eth0 up

# As docs/ways-in.md says it.
nft -f - <<RULES
table inet postern {
  chain prerouting {
    type filter hook prerouting priority mangle; policy accept;
    iifname "dev0" meta l4proto { tcp, udp } tproxy to :15001 meta mark set 1 accept
  }
}
RULES
ip rule add fwmark 1 lookup 100
ip route add local 0.0.0.0/0 dev lo table 100
ip -6 rule add fwmark 1 lookup 100
ip -6 route add local ::/0 dev lo table 100

cd "$dir"
ip netns exec internet python3 -m http.server --bind :: 8081 >origin.out 2>&1 &
origin=$!
"$@" serve --config postern.yaml >serve.out 2>&1 &
gateway=$!
trap 'kill $origin $gateway 2>/dev/null || true' EXIT
tries=0
until curl -s -f http://127.0.0.1:9090/readyz >/dev/null && in_internet curl -s http://127.0.0.1:8081/ >/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 300 ] || { cat serve.out origin.out; exit 1; }
  sleep 0.1
done
