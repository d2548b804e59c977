package io.postern.gateway.real;

import static io.postern.gateway.real.Networks.Place.DEVICE;
import static io.postern.gateway.real.Networks.Place.GATEWAY;
import static io.postern.gateway.real.Networks.Place.INTERNET;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody beside the server's path sends forged answers, in the server's name and faster than it: with a wrong id, port,
 * address, question or case, with records that nobody asked for, and floods of guesses. Nobody is ever told what he says.
 */
@Tag("real")
class DnsForgerIT {

    private static final String TRUE = "198.18.7.9";
    private static final String FORGED = "198.18.7.66";
    private static final int NAMES = 24;

    @TempDir
    private Path dir;

    @Test
    void whoCannotSeeTheQuestionIsNotBelieved() throws Exception {
        Files.writeString(dir.resolve("addresses.csv"), "address,device,profile,app\n192.0.2.2,LC01,work,-\n");
        try (Networks networks = Networks.open(dir);
                RunningProgram forger = networks.program(INTERNET, "python3", "python3")
                        .start(Scripts.copy(dir, "forger.py").toString(), "198.18.7.2", TRUE, FORGED)) {
            forger.awaitOutput(Pattern.compile("ready"));
            try (ServedGateway gateway = ServedGateway.start(networks, dir, """
                    listeners: [{name: names, type: dns, bind: '192.0.2.1:53'}]
                    identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                    upstream: {allow-networks: ['198.18.7.0/24']}
                    dns: {upstreams: ['198.18.7.2'], timeout: 12s}
                    """, "")) {
                assertThat(asked(networks)).isEqualTo((TRUE + "\n").repeat(NAMES));
                // What is remembered is no other, and what came along is not.
                assertThat(asked(networks)).isEqualTo((TRUE + "\n").repeat(NAMES));
                assertThat(networks.run(DEVICE, "kdig @192.0.2.1 +short +timeout=10 bank.acme.test A"))
                        .isEqualTo(TRUE);
                // The flood did come: to ports on which nobody asked.
                assertThat(networks.run(GATEWAY, "grep '^Udp: [0-9]' /proc/net/snmp")
                                .split(" ", -1)[2])
                        .satisfies(nobody -> assertThat(Long.parseLong(nobody)).isGreaterThan(1_000));
                gateway.stop();
            }
        }
    }

    private String asked(Networks networks) {
        List<String> arguments = new ArrayList<>(List.of("@192.0.2.1", "+short", "+timeout=10"));
        IntStream.range(0, NAMES).forEach(each -> arguments.addAll(List.of("v" + each + ".acme.test", "A")));
        return networks.program(DEVICE, "kdig", "knot-dnsutils").run(arguments).out();
    }
}
