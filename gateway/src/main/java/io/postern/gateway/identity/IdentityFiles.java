package io.postern.gateway.identity;

import io.postern.config.GatewaySettings.Identity;
import io.postern.config.GatewaySettings.Jwt;
import io.postern.config.document.Position;
import io.postern.config.document.Problem;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files that identity rests on and that change while the gateway runs: the keys of tokens, the list of the revoked,
 * and whose the inner addresses of tunnels are.
 *
 * @param tokens empty when tokens are not taken
 */
public record IdentityFiles(Optional<TokenVerifier> tokens, Revoked revoked, InnerAddresses addresses) {

    private static final int MAX_KEY_SET = 1 << 20;
    /** A million lines and then some. */
    private static final int MAX_LIST = 128 << 20;

    /** Reads all; every problem at once. Not for an event loop. */
    public static Reading<IdentityFiles> read(Identity settings) {
        Reading<Optional<TokenVerifier>> tokens = tokens(settings);
        Reading<Revoked> revoked = revoked(settings);
        List<Problem> problems = new ArrayList<>(tokens.problems());
        problems.addAll(revoked.problems());
        Reading<InnerAddresses> addresses = addresses(settings);
        problems.addAll(addresses.problems());
        return problems.isEmpty()
                ? new Reading<>(
                        Optional.of(new IdentityFiles(
                                tokens.value().orElseThrow(),
                                revoked.value().orElseThrow(),
                                addresses.value().orElseThrow())),
                        List.of(),
                        List.of())
                : new Reading<>(Optional.empty(), problems, List.of());
    }

    private static Reading<Optional<TokenVerifier>> tokens(Identity settings) {
        Problems problems = new Problems();
        if (settings.jwt().isEmpty()) {
            return Reading.of(Optional.empty(), problems);
        }
        Jwt jwt = settings.jwt().get();
        try {
            String keys = text(jwt.jwksFile(), MAX_KEY_SET);
            return Reading.of(Optional.of(new TokenVerifier(jwt.issuer(), jwt.audience(), keys)), problems);
        } catch (IOException e) {
            problems.add(Position.of(jwt.jwksFile().toString()), "identity.jwt.jwks-file", what(e));
            return Reading.refused(problems, new Problems());
        }
    }

    private static Reading<Revoked> revoked(Identity settings) {
        if (settings.revokedFile().isEmpty()) {
            return Reading.of(Revoked.NOTHING, new Problems());
        }
        Path file = settings.revokedFile().get();
        try {
            return Revoked.parse(file.toString(), text(file, MAX_LIST));
        } catch (IOException e) {
            Problems problems = new Problems();
            problems.add(Position.of(file.toString()), Revoked.PATH, what(e));
            return Reading.refused(problems, new Problems());
        }
    }

    private static Reading<InnerAddresses> addresses(Identity settings) {
        if (settings.addressesFile().isEmpty()) {
            return Reading.of(InnerAddresses.NONE, new Problems());
        }
        Path file = settings.addressesFile().get();
        try {
            return InnerAddresses.parse(file.toString(), text(file, MAX_LIST));
        } catch (IOException e) {
            Problems problems = new Problems();
            problems.add(Position.of(file.toString()), InnerAddresses.PATH, what(e));
            return Reading.refused(problems, new Problems());
        }
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
