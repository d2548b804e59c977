package io.postern.gateway.real;

import static io.postern.gateway.real.Networks.Place.DEVICE;
import static io.postern.gateway.real.Networks.Place.GATEWAY;
import static io.postern.gateway.real.Networks.Place.INTERNET;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Deque;
import java.util.stream.Collectors;

/**
 * /**
 * A device and a gateway joined by WireGuard, as docs/ways-in.md and docs/enrolment.md say it, with a world behind the
 * gateway: web, names, datagrams and QUIC.
 */
final class WireGuardTunnel {

    static final String APP = "com.acme.mail";
    static final String NAME = "www.acme.test";

    final Networks networks;
    final SelfSigned certificate;
    final RunningProgram quic;
    ServedGateway gateway;
    private final Path dir;

    /** @param opened gets whatever must be closed, the last first, however far this comes */
    WireGuardTunnel(Path dir, Deque<AutoCloseable> opened) throws IOException {
        this.dir = dir;
        Program.installed("wireguard-go", "wireguard-go", dir);
        networks = Networks.open(dir);
        opened.push(networks);
        certificate = SelfSigned.mint(dir, NAME);
        opened.push(networks.world(certificate));
        opened.push(networks.program(INTERNET, "python3", "python3")
                .start(Scripts.copy(dir, "datagrams.py").toString(), "echo", "7000"));
        Files.write(Files.createDirectory(dir.resolve("served")).resolve("big"), new byte[200_000]);
        // GnuTLS does not read the other key.
        networks.run(
                INTERNET,
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=" + NAME
                        + " -keyout quic.key -out quic.crt");
        quic = networks.program(INTERNET, "gtlsserver", "ngtcp2-server")
                .start("-q", "-d", "served", "*", "443", "quic.key", "quic.crt");
        opened.push(quic);
        // The daemons of the tunnel end with their interfaces.
        opened.push(() -> networks.tried(GATEWAY, "ip link delete wg0"));
        opened.push(() -> networks.tried(DEVICE, "ip link delete wg1"));
        String key = networks.run(GATEWAY, "wg genkey");
        Files.writeString(dir.resolve("gateway.key"), key);
        String peerKey = networks.run(GATEWAY, "wg pubkey < gateway.key");
        String profile = networks.postern("enroll --device LC01 --app " + APP + " --gateway 192.0.2.1:51820"
                + " --address 10.66.0.7 fd66::7 --peer-key " + peerKey + " --format wireguard");
        String side = comments(profile, "# [Peer]");
        Files.writeString(
                dir.resolve("addresses.csv"), "address,device,profile,app,proof\n" + comments(profile, "# 10.66.0.7,"));
        gateway = ServedGateway.start(networks, dir, """
                listeners: [{name: tunnel, type: transparent, bind: '[::]:15001', udp: true}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                upstream: {allow-networks: ['198.18.7.0/24', '2001:db8:7::/64']}
                datagrams: {sessions: 300, idle-timeout: 3s, unanswered-timeout: 3s}
                """, """
                rules:
                  - {name: no-address, when: {destination: 198.18.7.3/32}, action: block, mode: enforce}
                  - {name: no-quic, when: {app: com.acme.mail, protocol: quic, destination: 198.18.7.4/32}, action: block, mode: enforce}
                  - {name: no-name, when: {destination: forbidden.acme.test}, action: block, mode: enforce}
                """);
        opened.push(() -> gateway.close());
        // 10.66.9.0/24 is somebody whom the table of addresses does not know.
        up(GATEWAY, "wg0", """
                [Interface]
                PrivateKey = %s
                ListenPort = 51820
                Address = 10.66.0.1/24, fd66::1/64
                PreUp = %s network up --config %s/postern.yaml --interface %%i

                %s""".formatted(
                        key,
                        ServedGateway.root().resolve("postern"),
                        dir,
                        side.lines()
                                .limit(3)
                                .collect(Collectors.joining("\n"))
                                .replace("10.66.0.7/32", "10.66.0.7/32, 10.66.9.0/24")));
        // The line is Android's own; the address is one that the table does not know; the MTU is that of Android.
        up(DEVICE, "wg1", profile.replaceAll("IncludedApplications.*\n", "MTU = 1280\nAddress = 10.66.9.1/32\n"));
    }

    private void up(Networks.Place place, String name, String file) throws IOException {
        Path written = Files.writeString(dir.resolve(name + ".conf"), file + "\n");
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
        // It would be the kernel's own WireGuard where there is one, and the test not be the same everywhere.
        networks.run(
                place,
                "JAVA_HOME=" + System.getProperty("java.home")
                        + " WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go wg-quick up ./" + name + ".conf");
    }

    /** What stands behind # from a line on. */
    private static String comments(String profile, String first) {
        return profile.substring(profile.indexOf(first)).replaceAll("(?m)^# ", "");
    }
}
