package io.postern.gateway.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFileTest {

    @TempDir
    Path dir;

    /** As root, which may give files away, it stays another user's; as anybody else it stays one's own. */
    @Test
    void aReplacedFileBelongsToWhomItBelonged() throws IOException {
        Path file = Files.writeString(dir.resolve("tokens"), "before");
        UserPrincipal owner = Files.getOwner(file);
        if (owner.getName().equals("root")) {
            owner = file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            Files.getFileAttributeView(file, PosixFileAttributeView.class).setOwner(owner);
        }
        OwnFile.replace(file, "after".getBytes(UTF_8));
        assertThat(Files.readString(file)).isEqualTo("after");
        assertThat(Files.getOwner(file)).isEqualTo(owner);
    }

    @Test
    void changesAreMadeOneAfterTheOther() {
        Path file = dir.resolve("list");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CompletableFuture<?>[] all = new CompletableFuture<?>[8];
        for (int i = 0; i < all.length; i++) {
            all[i] = CompletableFuture.runAsync(() -> change(file, inside, most));
        }
        CompletableFuture.allOf(all).join();
        assertThat(file).content().hasSize(all.length);
        assertThat(most).hasValue(1);
    }

    private static void change(Path file, AtomicInteger inside, AtomicInteger most) {
        try {
            OwnFile.alone(file, () -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                String before = Files.exists(file) ? Files.readString(file) : "";
                OwnFile.replace(file, (before + "x").getBytes(UTF_8));
                return inside.decrementAndGet();
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
