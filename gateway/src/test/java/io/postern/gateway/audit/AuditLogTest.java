package io.postern.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.AdminRole;
import io.postern.gateway.audit.AuditEntry.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    /** All else is older. */
    private static final Instant YOUNG = Instant.parse("2026-11-22T00:00:00Z");

    @TempDir
    Path dir;

    private final List<AuditLog.Result> told = new ArrayList<>();

    @Test
    void aLogThatNobodyTouchedIsWholeOverRestarts() throws IOException {
        assertThat(AuditChain.verify(file())).isEqualTo(AuditChain.verify(dir.resolve("none")));
        write(3);
        write(2);

        AuditChain chain = AuditChain.verify(file());
        assertThat(chain.broken()).isEmpty();
        assertThat(chain.entries()).isEqualTo(5);
        assertThat(Files.readAllLines(file()).get(0))
                .isEqualTo(
                        "{\"sequence\":1,\"time\":\"2026-11-21T00:00:00Z\",\"actor\":\"ops\",\"role\":\"admin\",\"by\":\"token\",\"peer\":\"192.0.2.7\","
                                + "\"action\":\"policy.replace\",\"resource\":\"/v1/policy\",\"outcome\":\"applied\","
                                + "\"request\":\"r\",\"before\":\"b\",\"after\":\"a\",\"previous\":\""
                                + "0".repeat(64) + "\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    /** Whatever one changes in a line, the next one tells, and the last is remembered. */
    @Test
    void noLineCanBeChangedTakenOutOrMoved() throws IOException {
        write(4);
        List<String> lines = Files.readAllLines(file());
        for (int i = 0; i < 4; i++) {
            List<String> changed = new ArrayList<>(lines);
            changed.set(i, changed.get(i).replace("\"ops\"", "\"eve\""));
            assertThat(broken(changed)).as("changed " + i).isNotEmpty();
            List<String> without = new ArrayList<>(lines);
            without.remove(i);
            assertThat(broken(without)).as("without " + i).isNotEmpty();
            List<String> twice = new ArrayList<>(lines);
            twice.add(i, lines.get(i));
            assertThat(broken(twice)).as("twice " + i).isNotEmpty();
        }
        assertThat(broken(List.of(lines.get(0), lines.get(2), lines.get(1), lines.get(3))))
                .startsWith("line 2 has number 3, must have 2");
        assertThat(broken(lines.subList(0, 2))).isEqualTo("ends with entry 2, but there were 4");
        assertThat(broken(List.of())).isEqualTo("ends with entry 0, but there were 4");
        assertThat(broken(lines)).isEmpty();
        Files.delete(dir.resolve("audit.ndjson.head"));
        assertThat(broken(lines)).contains("is missing");
    }

    @Test
    void whatACrashCutShortStaysAndTheLogGoesOnBehindIt() throws IOException {
        write(2);
        Files.writeString(file(), "{\"sequence\":3,\"ti", StandardOpenOption.APPEND);
        assertThat(AuditChain.verify(file()).broken()).contains("line 3 is no entry");
        write(2);

        AuditChain chain = AuditChain.verify(file());
        assertThat(chain.broken()).contains("line 3 is no entry");
        assertThat(chain.entries()).isEqualTo(5);
        assertThat(Files.readAllLines(file()).get(2)).isEqualTo("{\"sequence\":3,\"ti");
        assertThat(Files.readAllLines(file()).get(3)).startsWith("{\"sequence\":3,\"time\"");
    }

    @Test
    void aCrashBetweenALineAndItsMemoryIsNoBreak() throws IOException {
        write(1);
        byte[] head = Files.readAllBytes(dir.resolve("audit.ndjson.head"));
        write(1);
        Files.write(dir.resolve("audit.ndjson.head"), head);

        assertThat(AuditChain.verify(file()).broken()).isEmpty();
    }

    @Test
    void whatSomebodyElseWritesMeanwhileIsABreak() throws IOException {
        AuditLog log = open();
        log.write(entry());
        Files.writeString(file(), "\n", StandardOpenOption.APPEND);
        log.write(entry());

        assertThat(log.broken()).isTrue();
        assertThat(AuditChain.verify(file()).broken()).isPresent();
    }

    @Test
    void whatCannotBeWrittenIsSaid() throws IOException {
        AuditLog log = open();
        Files.createDirectory(file());

        assertThatThrownBy(() -> log.write(entry())).isInstanceOf(IOException.class);
        Files.delete(file());
        log.write(entry());
        assertThat(told).containsExactly(AuditLog.Result.FAILED, AuditLog.Result.WRITTEN);
    }

    @Test
    void whatGoesByItsAgeLeavesAChainThatIsProvedFromACheckpointOn() throws IOException {
        write(3);
        AuditLog log = open();
        log.write(entry(YOUNG));
        assertThat(log.prune(YOUNG, AuditLogTest::pruned)).isEqualTo(3);
        assertThat(log.prune(YOUNG, AuditLogTest::pruned))
                .as("nothing more is old")
                .isZero();
        log.write(entry(YOUNG));

        AuditChain chain = AuditChain.verify(file());
        assertThat(chain.broken()).isEmpty();
        assertThat(chain.gone()).isEqualTo(3);
        assertThat(chain.entries()).isEqualTo(3);
        assertThat(chain.sequence()).isEqualTo(6);
        assertThat(log.broken()).isFalse();
        assertThat(Files.readAllLines(file()).get(0)).startsWith("{\"checkpoint\":3,");
        assertThat(open().broken()).isFalse();

        AuditLog again = open();
        assertThat(again.prune(YOUNG.plusSeconds(1), AuditLogTest::pruned)).isEqualTo(3);
        assertThat(AuditChain.verify(file()).broken()).isEmpty();
        assertThat(AuditChain.verify(file()).gone()).isEqualTo(6);
    }

    @Test
    void entriesThatSomebodyTakesAwayAreMissedBehindACheckpoint() throws IOException {
        write(3);
        AuditLog log = open();
        log.write(entry(YOUNG));
        log.prune(YOUNG, AuditLogTest::pruned);
        List<String> whole = Files.readAllLines(file());

        assertThat(broken(whole.subList(1, whole.size()))).as("no checkpoint").contains("line 1 has number 4");
        List<String> later = new ArrayList<>(whole);
        later.remove(1);
        assertThat(broken(later)).contains("line 1 has number 5");
        later.set(0, new Checkpoint(4, AuditChain.hash(whole.get(1).getBytes(StandardCharsets.US_ASCII))).line());
        assertThat(broken(later)).contains("a checkpoint that no entry names");
        assertThat(broken(whole)).isEmpty();
    }

    @Test
    void aLogThatIsBrokenStaysAsItIs() throws IOException {
        write(3);
        List<String> lines = Files.readAllLines(file());
        Files.write(file(), List.of(lines.get(0), lines.get(2)));
        AuditLog log = open();

        assertThat(log.prune(YOUNG, AuditLogTest::pruned)).isZero();
        assertThat(Files.readAllLines(file())).hasSize(2);
    }

    /** Without a byte more or less; what a checkpoint stands for cannot be checked any more. */
    @Test
    void aLogInWhichSomethingWasChangedIsFoundBrokenBeforeAnyOfItGoes() throws IOException {
        write(3);
        AuditLog log = open();
        log.write(entry(YOUNG));
        String changed = Files.readString(file()).replaceFirst("\"ops\"", "\"eve\"");
        Files.writeString(file(), changed);

        assertThat(log.prune(YOUNG, AuditLogTest::pruned)).isZero();
        assertThat(log.broken()).isTrue();
        assertThat(Files.readString(file())).isEqualTo(changed);
    }

    private static AuditEntry pruned(String what) {
        return AuditEntry.ofSettings(YOUNG, "records.audit.keep-for", "audit.prune", "minute", what);
    }

    private static AuditEntry entry(Instant time) {
        return AuditEntry.ofSettings(time, "ann", "policy.replace", "start", "none");
    }

    private String broken(List<String> lines) throws IOException {
        Files.write(file(), lines);
        return AuditChain.verify(file()).broken().orElse("");
    }

    private void write(int entries) throws IOException {
        AuditLog log = open();
        for (int i = 0; i < entries; i++) {
            log.write(entry());
        }
    }

    private AuditLog open() throws IOException {
        return AuditLog.open(file(), told::add);
    }

    private static AuditEntry entry() {
        return new AuditEntry(
                Instant.parse("2026-11-21T00:00:00Z"),
                "ops",
                AdminRole.ADMIN,
                "token",
                "192.0.2.7",
                "policy.replace",
                "/v1/policy",
                Outcome.APPLIED,
                "r",
                Optional.of("b"),
                Optional.of("a"));
    }

    private Path file() {
        return dir.resolve("audit.ndjson");
    }
}
