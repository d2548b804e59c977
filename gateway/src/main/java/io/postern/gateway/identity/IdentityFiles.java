package io.postern.gateway.identity;

import io.postern.config.GatewaySettings;
import io.postern.config.GatewaySettings.Identity;
import io.postern.config.GatewaySettings.Jwt;
import io.postern.config.GatewaySettings.TagKey;
import io.postern.config.SecretFile;
import io.postern.config.document.Position;
import io.postern.config.document.Problem;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.gateway.state.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that identity rests on and that change while the gateway runs: the keys of tags and of tokens, the list of
 * the revoked, and whose the inner addresses of tunnels are. Each is read by itself: what is wrong with one says nothing of another. Not
 * for an event loop.
 */
public final class IdentityFiles {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityFiles.class);

    private static final String TAG_KEYS = "identity.tag-keys";
    private static final int MAX_KEY_SET = 1 << 20;
    /** A million lines and then some. */
    private static final int MAX_LIST = 128 << 20;

    private IdentityFiles() {}

    /** What is wrong with any of them. */
    public static List<Problem> problems(Identity settings) {
        List<Problem> problems = new ArrayList<>();
        settings.jwt().map(IdentityFiles::tokens).ifPresent(reading -> problems.addAll(reading.problems()));
        problems.addAll(revokedByNow(settings.revokedFile()).problems());
        settings.addressesFile()
                .map(IdentityFiles::addresses)
                .ifPresent(reading -> problems.addAll(reading.problems()));
        return problems;
    }

    public static Reading<TagKeyMaterial> tagKey(TagKey key) {
        try {
            return Reading.of(new TagKeyMaterial(key.id(), SecretFile.read(key.secretFile())), new Problems());
        } catch (NoSuchFileException e) {
            return refused(key.secretFile(), TAG_KEYS, new IOException("does not exist"));
        } catch (IOException e) {
            return refused(key.secretFile(), TAG_KEYS, e);
        }
    }

    public static Reading<TokenVerifier> tokens(Jwt jwt) {
        try {
            String keys = text(jwt.jwksFile(), MAX_KEY_SET);
            return Reading.of(new TokenVerifier(jwt.issuer(), jwt.audience(), keys), new Problems());
        } catch (IOException e) {
            return refused(jwt.jwksFile(), "identity.jwt.jwks-file", e);
        }
    }

    /**
     * Makes the list of the revoked, empty and for this user only, where it is one of the gateway's own files and not there.
     *
     * @throws IOException when it cannot be made
     */
    public static void prepare(GatewaySettings settings) throws IOException {
        Path file = settings.identity().revokedFile();
        if (settings.state().holds(file) && OwnFile.make(file)) {
            LOG.info("list of the revoked made, nothing is revoked file={}", file);
        }
    }

    /** For whoever looks beside a gateway, which may not have made the list yet: nothing is revoked then. */
    public static Reading<Revoked> revokedByNow(Path file) {
        return Files.notExists(file) ? Reading.of(Revoked.NOTHING, new Problems()) : revoked(file);
    }

    public static Reading<Revoked> revoked(Path file) {
        try {
            return Revoked.parse(file.toString(), text(file, MAX_LIST));
        } catch (IOException e) {
            return refused(file, Revoked.PATH, e);
        }
    }

    public static Reading<InnerAddresses> addresses(Path file) {
        try {
            return InnerAddresses.parse(file.toString(), text(file, MAX_LIST));
        } catch (IOException e) {
            return refused(file, InnerAddresses.PATH, e);
        }
    }

    private static <T> Reading<T> refused(Path file, String path, IOException why) {
        Problems problems = new Problems();
        problems.add(Position.of(file.toString()), path, what(why));
        return Reading.refused(problems, new Problems());
    }

    private static String text(Path file, int max) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("does not exist or is not a file");
        }
        if (Files.size(file) > max) {
            throw new IOException("has " + Files.size(file) + " bytes, must have at most " + max);
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static String what(IOException e) {
        String message = e.getMessage();
        return message == null ? "cannot be read" : message;
    }
}
