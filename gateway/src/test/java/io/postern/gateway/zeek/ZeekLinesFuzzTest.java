package io.postern.gateway.zeek;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.gateway.input.Lines;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Whatever a log of Zeek's is, each line is a row, a header or broken, and nothing is ever thrown. */
class ZeekLinesFuzzTest {

    @FuzzTest
    void readsAnything(byte[] log) throws IOException {
        Lines lines = new Lines(new ByteArrayInputStream(log));
        ZeekLines reader = new ZeekLines();
        ZeekRow row = new ZeekRow();
        ZeekDetails details = new ZeekDetails();
        long number = 0;
        while (lines.next()) {
            assertThat(lines.number()).isEqualTo(++number);
            ZeekLines.Line line = reader.read(lines.bytes(), lines.from(), lines.to(), row);
            if (line == ZeekLines.Line.BROKEN) {
                assertThat(reader.wrong()).isNotEmpty().doesNotContain("\n");
            } else if (line == ZeekLines.Line.ROW && row.micros(ZeekField.TS) >= 0) {
                details.tls(row);
                details.http(row);
                details.dns(row);
                if (ZeekConnection.wrong(row).isEmpty()) {
                    expectSound(ZeekConnection.of(row, details, false));
                }
            }
        }
    }

    private static void expectSound(ZeekConnection connection) {
        assertThat(connection.lastMicros()).isGreaterThanOrEqualTo(connection.startMicros());
        assertThat(connection.bytesOut()).isNotNegative();
        assertThat(connection.exchanges().count()).isPositive();
    }
}
