package io.postern.gateway.admin;

import io.postern.gateway.identity.AddressSource;
import io.postern.wire.ip.Prefix;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** The last address that somebody has read: those behind it come next, whatever has changed meanwhile. */
public record AddressCursor(Prefix prefix, AddressSource source) {

    static Optional<AddressCursor> parse(String text) {
        try {
            String[] words = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split(" ", -1);
            return Arrays.stream(AddressSource.values())
                    .filter(source -> words.length == 2 && source.label().equals(words[1]))
                    .findFirst()
                    .map(source -> new AddressCursor(Prefix.parse(words[0]), source));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String text(AddressDesk.Address last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((last.prefix() + " " + last.source()).getBytes(StandardCharsets.US_ASCII));
    }
}
