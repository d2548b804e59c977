package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkTest {

    private static final String TUNNEL = "{name: tunnel, type: transparent, bind: '[::]:15001'}";

    @TempDir
    Path folder;

    private final TestingTerminal terminal = new TestingTerminal();

    @BeforeEach
    void write() throws IOException {
        new TestingEnrolment(folder);
    }

    @Test
    void showsWhatUpWouldRun() throws IOException {
        listeners(TUNNEL);
        assertThat(show("--interface", "wg0", "--exclude", "10.1.0.0/16", "--mark", "0x7", "--table", "700"))
                .isZero();
        assertThat(terminal.out())
                .contains(
                        "iifname != { \"wg0\" } accept\n",
                        "ip daddr { 10.1.0.0/16 } accept\n",
                        "tproxy ip to :15001 meta mark set 0x7 ",
                        "ip -6 rule add priority 150 fwmark 0x7 table 700\n");
    }

    @Test
    void leadsToTheListenerThatIsNamed() throws IOException {
        listeners(TUNNEL + ", {name: other, type: transparent, bind: '127.0.0.1:15002'}");
        assertThat(show("--interface", "wg0", "--listener", "other")).isZero();
        assertThat(terminal.out()).contains("tproxy ip to 127.0.0.1:15002 ").doesNotContain("15001");
        assertThat(show("--interface", "wg0")).isEqualTo(2);
        assertThat(terminal.err())
                .isEqualTo("--listener: several transparent listeners have the same family, must be one for each\n");
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() throws IOException {
        listeners("{name: apps, type: http-connect, bind: '127.0.0.1:8080'}");
        assertThat(show(
                        "--interface",
                        "wg*",
                        "sixteen-letters-",
                        "--exclude",
                        "10.1.0.1/16",
                        "--listener",
                        "apps",
                        "--mark",
                        "0",
                        "--table",
                        "254"))
                .isEqualTo(2);
        assertThat(terminal.err().lines())
                .containsExactly(
                        "--interface: 'wg*' is not an interface, must be its name of 1–15 A-Z a-z 0-9 _ . -",
                        "--interface: 'sixteen-letters-' is not an interface, must be its name of 1–15 A-Z a-z 0-9 _ . -",
                        "--exclude: 10.1.0.1/16 has bits beyond its length, must be 10.1.0.0/16",
                        "--listener: 'apps' is not a transparent listener",
                        "--mark: is 0, must be 1 to 0xffffffff",
                        "--table: is 254, must be 1 to 65535 and not 253 to 255");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void needsAPortThatIsKnownBefore() throws IOException {
        listeners("{name: tunnel, type: transparent, bind: '[::]:0'}");
        assertThat(show("--interface", "wg0")).isEqualTo(2);
        assertThat(terminal.err())
                .isEqualTo("listeners: one that is transparent has port 0, must be the port it will have\n");
    }

    @Test
    void needsATransparentListener() throws IOException {
        listeners("{name: apps, type: http-connect, bind: '127.0.0.1:8080'}");
        assertThat(show("--interface", "wg0")).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("listeners: none is transparent, must be one at least\n");
    }

    @Test
    void asksWhichOfItsCommands() {
        assertThat(terminal.run("network")).isEqualTo(2);
        assertThat(terminal.run("network", "up")).isEqualTo(2);
        assertThat(terminal.err()).contains("up, down or show?", "--interface");
    }

    private void listeners(String list) throws IOException {
        Files.writeString(folder.resolve("addresses.csv"), "address,device,profile,app\n");
        Files.writeString(folder.resolve("network.yaml"), """
                listeners: [%s]
                identity: {tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                """.formatted(list));
    }

    private int show(String... options) {
        String[] all = new String[options.length + 4];
        all[0] = "network";
        all[1] = "show";
        all[2] = "--config";
        all[3] = folder.resolve("network.yaml").toString();
        System.arraycopy(options, 0, all, 4, options.length);
        return terminal.run(all);
    }
}
