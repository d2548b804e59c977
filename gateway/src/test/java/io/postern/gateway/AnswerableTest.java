package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.audit.AuditEntry;
import io.postern.gateway.audit.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerableTest {

    @TempDir
    Path dir;

    @Test
    void nothingIsDoneBeforeItIsWrittenDownWhoAnswers() throws IOException {
        Path folder = Files.createFile(dir.resolve("var"));
        AuditLog log = AuditLog.open(folder.resolve("audit.ndjson"), result -> {});
        Answerable answerable = new Answerable("nothing is captured");
        answerable.look();
        assertThat(answerable.recorded()).as("nobody has said so").isFalse();
        answerable.tell(log, AuditEntry.ofSettings(Instant.EPOCH, "dpo", "evidence.capture", "start", "case 17"));
        assertThat(answerable.recorded()).as("the disk does not take it").isFalse();

        Files.delete(folder);
        Files.createDirectory(folder);
        answerable.look();
        assertThat(answerable.recorded()).isTrue();
        answerable.look();
        assertThat(Files.readAllLines(folder.resolve("audit.ndjson")))
                .hasSize(1)
                .first()
                .asString()
                .contains("case 17");
    }
}
