package io.postern.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A settings file that has every key, each with another value than its default. */
final class EverySetting {

    static final String TEXT = """
            listeners:
              - name: tls
                type: http-connect
                bind: "[::1]:8443"
                tls: {certificate: gw.crt, key: gw.key, client-ca: ca.crt, client-auth: optional}
                allow-unauthenticated: true
                strict: true
                trusted-headers: {sources: [10.1.0.0/16], device: X-Device, package: X-App, profile: X-Profile}
              - name: balancer
                type: proxy-protocol
                bind: "[::1]:7443"
                trusted-sources: [10.2.0.0/16, "fd00::/8"]
                tlv: {device: "0xf1", package: 0xF2, uid: 0xF3, profile: 0xF4, tag: 0xF5}
              - {name: socks, type: socks5, bind: "[::1]:1081", udp: true}
              - {name: tunnel, type: transparent, bind: "[::1]:15001", udp: true, take-dns: true}
              - {name: names, type: dns, bind: "[::1]:5353", networks: [10.5.0.0/16]}
              - {name: doh, type: dns, bind: "[::1]:9445", tls: {certificate: gw.crt, key: gw.key}, doh-path: /names}
            collectors:
              - name: lab
                type: pcapdroid
                protocol: udp
                bind: "[::1]:1234"
                devices: [{source: 10.4.0.7, device: LC07, profile: "10"}]
                labels: {Acme Mail: com.acme.mail}
            context:
              bind: "[::1]:9444"
              tls: {certificate: gw.crt, key: gw.key, client-ca: ca.crt, client-auth: optional}
              skew: 3m
              kept: 48h
              kept-bytes: 20MiB
              silence: 5m
              batched-silence: 5h
              devices: 9
              sources:
                - name: agent
                  token-file: keys/agent
                  client-certificate: {subject: "CN=agent", san: "dns:agent.acme.example"}
                  devices: [LC01, "lab-*"]
                  reports: [lock, app-state]
                  rate: 7
                  profile: "10"
                - name: management
                  push: {jwks-file: keys/jwks.json, issuer: "https://issuer.example", audience: aud, email: push@acme.example}
                  webhook:
                    items: /list
                    id: /id
                    device: /device/id
                    profile: /device/profile
                    time: /time
                    app: /app/package
                    event: /type
                    events: {screen: device.lock}
                    attributes: {locked: /locked}
                    constants: {screen: {note: x}}
                    signature: {header: X-Signature, prefix: "sha256=", secret-file: keys/hook}
                  devices: ["*"]
                  reports: [inventory]
            identity:
              tenant: acme
              tag-keys: [{id: k2, secret-file: keys/k2}, {id: k1, secret-file: "{state.dir}/k1"}]
              unattributed: admit
              renewal: [Renew.acme.example., "mdm.acme.example:8443", "[2001:db8::1]:443"]
              jwt: {jwks-file: keys/jwks.json, issuer: "https://mdm.acme.example", audience: postern}
              revoked-file: keys/revoked
              addresses-file: addresses.csv
              radius:
                bind: "[::1]:1813"
                clients: [{name: vpn, sources: [10.3.0.0/16], secret-file: keys/radius, networks: [10.77.0.0/16]}]
                device: "vendor:9:1:device-uid"
                profile: "10"
                require-message-authenticator: true
                require-event-timestamp: false
                timestamp-window: 6m
                session-timeout: 2h
                sessions: 7
            upstream:
              allow-networks: [10.0.0.0/8]
              deny-networks: ["fd00::/8"]
              connect-timeout: 6s
              idle-timeout: 6m
              half-closed-timeout: 2m
              dials-per-destination: 3
              hosts: {A.example: 192.0.2.1, "a.example:443": ["192.0.2.1:8443", "[2001:db8::1]:8443", "2001:db8::2"]}
            dns: {upstreams: ["192.0.2.53:5353", "2001:db8::53", system, "tls://dns.acme.example"], bootstrap: {dns.acme.example: [192.0.2.54]}, ca-file: ca.crt, timeout: 6s, cache-entries: 7, cache-size: 1MiB, serve-stale: 2h, queries-per-second: 5, lookups: 8, lookups-per-device: 9, blocked: sinkhole, sinkhole: [192.0.2.9], private-zones: [.corp.example], canary: false, strip-ech: {reason: lab, approver: dpo, until: 2027-03-31}, dnssec: {validate: true, trust-anchors: [". DS 1 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"], unchecked-zones: [.lab.example]}, answer-log: {entries: 12, per-device: 11, grace: 3h}}
            sniff: {max-bytes: 8KiB, max-hello-bytes: 32768, timeout: 6s, server-first: 400ms, memory: 32MiB}
            datagrams: {sessions: 7, new-per-second: 6, idle-timeout: 3m, unanswered-timeout: 4s, amplification: 5}
            limits: {flows: 7, flows-per-device: 6, clients-per-source: 5, request-memory: 2MiB, relay-memory: 3MiB, request-timeout: 4s, tls-handshake-timeout: 3s}
            policy: {files: [policy/*.yaml], managed: false}
            services: {file: lists/services.tsv}
            baselines: {learn: false, min-devices: 7, min-days: 6, unseen: 30d, tainted-for: 45d, review-after: 90d, entries: 2048}
            analytics:
              keys: 70000
              AN1770:
                mode: enforce
                action: throttle
                throttle-rate: 32KiB
                enforce-coverage: 0.7
                enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}
                TimeWindow: 20m
                AllowedAppList: [com.acme.share]
                AllowedServiceClasses: [collaboration]
                ForegroundStateRequired: true
                RecentUserInteractionWindow: 7m
                BeaconIntervalTolerance: 0.3
                UplinkBytesThreshold: 2MiB
              AN1793: {mode: shadow, action: throttle, throttle-rate: 32KiB, enforce-coverage: 0.7, enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}, BeaconIntervalVarianceThreshold: 0.12, ConnectionFrequencyThreshold: 60, PayloadEntropyThreshold: 1}
              AN1827:
                mode: shadow
                action: throttle
                throttle-rate: 32KiB
                enforce-coverage: 0.7
                enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}
                AllowedProtocolPortMappings: {tls: [8443, 9443], http: [8000]}
                AllowedAppList: [com.acme.dev]
                TimeWindow: 6m
                RecentUserInteractionWindow: 8m
                BeaconIntervalTolerance: 0.31
              AN1681: {mode: off, action: throttle, throttle-rate: 32KiB, enforce-coverage: 0.7, enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}, BeaconIntervalVarianceThreshold: 0.32, PayloadSymmetryThreshold: 9}
              AN1716: {mode: shadow, action: throttle, throttle-rate: 32KiB, enforce-coverage: 0.7, enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}, TimeWindow: 11m, EntropyThreshold: 0.99, AllowedCryptoApps: [com.acme.vault], BeaconIntervalVariance: 0.33}
            findings: {keep: 30d, suppress: 20d, quiet: 10d, entries: 1024, false-positive-budget: {share: 0.2, answers: 7}}
            evidence:
              flows: 77
              coverage-kept: 3d
              capture: {purpose: case 17, approver: dpo, until: 2027-03-31, bytes: 128KiB, flows: 3, within: 5m, kept: 2d, captures: 4}
            response:
              kill-switch: true
              never-break: [{apps: [com.acme.mdm], hosts: [.mdm.acme.example, 10.9.0.0/16], ports: [443]}]
              quarantine:
                {ttl: 30m, longest: 2d, per-hour: 5, entries: 64, help: "Ask Bob.", allow: [{apps: [com.acme.help], hosts: [Help.acme.example], ports: [80, 443]}], resolvers: [192.0.2.54], keep-for: 11d}
              webhook:
                url: https://soc.acme.example/postern?team=1
                secret-file: keys/hook
                ca-file: ca.crt
                severity: high
                timeout: 7s
                give-up: 3h
                queue: 77
                dead-letters: logs/dead.ndjson
            exceptions:
              all: reject
              parse-error: drop
              sniff-cap: quarantine
              memory-budget: reject
              analytics-queue: drop
              analytics-crash: reject
              store-down: drop
              dns-down: drop
              context-missing: quarantine
              unknown-protocol: reject
              hidden-name: quarantine
            privacy: {personal-profiles: [personal, "0"], pseudonym-keys: [keys/p2], url-paths: {purpose: case 9, approver: dpo, until: 2027-04-30, queries: true}}
            state: {dir: data}
            records:
              flows: {file: logs/flows.ndjson, max-size: 1MB, keep: 3, queue: 128, keep-for: 30d}
              findings: {file: logs/findings.ndjson, max-size: 2MB, keep: 4, queue: 256, keep-for: 60d}
              dns: {file: logs/dns.ndjson, max-size: 3MB, keep: 5, queue: 512, keep-for: 7d}
              audit: {keep-for: 400d}
            admin:
              bind: "127.0.0.1:9191"
              api: true
              tokens-file: keys/admin
              tls: {certificate: gw.crt, key: gw.key, client-ca: ca.crt, client-auth: require}
              client-certificates: [{name: ops, role: operator, subject: "CN=ops,O=Acme", san: "dns:ops.acme.example"}]
              hosts: [admin.acme.example]
              flow-events: 77
              streams: 7
            runtime: {transport: io_uring, event-loops: 3, detection-threads: 2}
            drain: {delay: 5s, timeout: 1m}
            """;

    private EverySetting() {}

    /** It and the files it names. */
    static Path write(Path folder) throws IOException {
        for (String file : List.of(
                "gw.crt",
                "gw.key",
                "ca.crt",
                "keys/k2",
                "data/k1",
                "keys/jwks.json",
                "keys/revoked",
                "addresses.csv",
                "keys/radius",
                "lists/services.tsv",
                "keys/agent",
                "keys/hook",
                "keys/p2",
                "keys/admin")) {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "s".repeat(32), UTF_8);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        }
        return Files.writeString(folder.resolve("postern.yaml"), TEXT, UTF_8);
    }
}
