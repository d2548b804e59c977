package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.demo.DemoWorld;
import io.postern.gateway.demo.FlowRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoTableTest {

    @Test
    void fitsATerminal() {
        String long1 = "a".repeat(90);
        String printed = printed(
                row("LC01", "com.acme.mail", "mail.acme.example", 993, "tls", "allow", "default"),
                row("LC02", "com.games.puzzle", "sync.puzzle.example", 4444, "wireguard", "quarantine", "role:casual"),
                row("LC02", long1, long1, 65_535, "wireguard", "quarantine", long1));

        assertThat(printed.lines()).allMatch(line -> line.length() <= 80);
        assertThat(printed.lines())
                .contains("LC01:", "LC02:")
                .anyMatch(line -> line.startsWith("com.acme.mail ")
                        && line.contains("mail.acme.example:993")
                        && line.endsWith("allow"))
                .anyMatch(line -> line.matches("quarantine +role:casual +com.games.puzzle"))
                .anyMatch(line -> line.contains("…") && line.contains(":65535"));
    }

    @Test
    void tellsEachFindingAndWhatIsStillHidden() {
        DemoFinding finding = new DemoFinding(
                "f1", "sim10000", "a".repeat(90), "AN1827", "b".repeat(90), 99.6, "critical", "c".repeat(200), 2);
        Demo.Hidden missed = new Demo.Hidden("sim10001", "example.qr.reader", "sleep", false);
        String printed = printed(new Demo.Report(9, 9, List.of(), weeks(), List.of(finding), List.of(missed), 1, 0, 1));

        assertThat(printed.lines()).allMatch(line -> line.length() <= 80);
        assertThat(printed.lines())
                .anyMatch(line -> line.matches("sim10000 +a+… +…b+ +AN1827 +100 +critical"))
                .contains("Not found: sleep in example.qr.reader on sim10001")
                .endsWith("0 implants found of 1, 1 benign apps with findings");
    }

    private static DemoWorld.Weeks weeks() {
        return new DemoWorld.Weeks(12, 14, true, 336, 20_000, 60_000);
    }

    private static FlowRow row(
            String device, String app, String host, int port, String protocol, String verdict, String reason) {
        return new FlowRow(device, app, host, port, protocol, "bytes", verdict, reason, 99_999, 850_400, 850_400);
    }

    private static String printed(FlowRow... rows) {
        return printed(new Demo.Report(9, 9, List.of(rows), weeks(), List.of(), List.of(), 0, 0, 0));
    }

    private static String printed(Demo.Report report) {
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            Demo.print(report, out);
        }
        return text.toString();
    }
}
