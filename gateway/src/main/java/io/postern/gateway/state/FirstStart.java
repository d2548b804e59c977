package io.postern.gateway.state;

import io.postern.config.GatewaySettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what a gateway without a configuration file needs and nobody has written: its folder and its tag keys, readable
 * by their owner only. What is there is left as it is.
 */
public final class FirstStart {

    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);
    private static final int KEY_BYTES = 32;

    private FirstStart() {}

    /** @throws IOException when the state directory cannot be written */
    public static void prepare(GatewaySettings settings) throws IOException {
        OwnFile.folder(settings.state().dir());
        for (GatewaySettings.TagKey key : settings.identity().tagKeys()) {
            OwnFile.folderOf(key.secretFile());
            make(key.secretFile());
        }
    }

    private static void make(Path file) throws IOException {
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        // Text, so that the file can be looked at and copied; still 256 bits.
        byte[] text = (Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var out = Files.newByteChannel(file, fresh, OwnFile.access("rw-------"))) {
            out.write(ByteBuffer.wrap(text));
            LOG.info("tag key made file={}", file);
        } catch (FileAlreadyExistsException kept) {
            LOG.debug("tag key kept file={}", file);
        }
    }
}
