package io.postern.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.dns.names.PublicSuffixes;
import io.postern.gateway.detect.FlowFacts;
import io.postern.gateway.detect.FlowReader;
import io.postern.gateway.input.Input;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinesAheadTest {

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();

    @Test
    void linesComeInTheirOrderAsTheyAre() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            lines.add(i % 7 == 3 ? "" : "{\"class_uid\":1,\"n\":" + i + ",\"x\":\"" + "y".repeat(i % 900) + "\"}");
        }
        lines.set(2_000, "{\"class_uid\":1,\"x\":\"" + "z".repeat(600_000) + "\"}");
        lines.set(3_000, "x".repeat(1_100_000));
        Path log = folder.resolve("log");
        Files.writeString(log, String.join("\n", lines));

        long read = read(log);

        assertThat(read).isEqualTo(5_000);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isEmpty()) {
                expected.add((i + 1) + " " + (i == 3_000 ? "too long" : lines.get(i)));
            }
        }
        assertThat(told).isEqualTo(expected);
    }

    @Test
    void whatEndsInTheMiddleIsToldOfBehindItsLines() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gz = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 100_000; i++) {
                gz.write(("{\"class_uid\":1,\"n\":" + i * 7_919L % 100_003 + "}\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        Path log = folder.resolve("log.gz");
        Files.write(log, Arrays.copyOf(packed.toByteArray(), packed.size() / 2));

        assertThatThrownBy(() -> read(log)).isInstanceOf(IOException.class);
        assertThat(told).hasSizeGreaterThan(10_000).first().isEqualTo("1 {\"class_uid\":1,\"n\":0}");
    }

    private long read(Path log) throws IOException {
        FlowReader reader = new FlowReader(new FlowFacts(PublicSuffixes.shipped()::registrable));
        try (Input input = Input.open(log);
                LinesAhead ahead = new LinesAhead(input, reader)) {
            boolean more = true;
            while (more) {
                more = ahead.next((bytes, from, to, number, line) -> told.add(number + " "
                        + (line == null ? "too long" : new String(bytes, from, to - from, StandardCharsets.UTF_8))));
            }
            return ahead.number();
        }
    }
}
