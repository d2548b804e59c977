package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static FlowRow row(
            String device, String app, String host, int port, String protocol, String verdict, String reason) {
        return new FlowRow(device, app, host, port, protocol, "bytes", verdict, reason, 99_999, 850_400, 850_400);
    }

    private static String printed(FlowRow... rows) {
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            Demo.print(new Demo.Report(9, 9, List.of(rows), 0, 0, 0), out);
        }
        return text.toString();
    }
}
